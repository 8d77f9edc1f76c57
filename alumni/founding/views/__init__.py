"""Pages of foundings: beginning, founding along, the papers, deciding."""

from alumni.founding.views import deciding, papers, people
from alumni.founding.views.reading import bp

__all__ = ["bp", "deciding", "papers", "people"]
