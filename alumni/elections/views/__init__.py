"""Pages of elections: calling, standing, voting, counting again."""

from alumni.elections.views import conducting, standing, voting
from alumni.elections.views.reading import bp

__all__ = ["bp", "conducting", "standing", "voting"]
