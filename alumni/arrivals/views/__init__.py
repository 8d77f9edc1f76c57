"""Pages of the door, and of the papers that go with it."""

from alumni.arrivals.views import papers
from alumni.arrivals.views.door import bp

__all__ = ["bp", "papers"]
