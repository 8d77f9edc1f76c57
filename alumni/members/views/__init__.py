"""Pages of members: the directory, people, one's own profile and picture."""

from alumni.members.views import own, pictures
from alumni.members.views.people import bp

__all__ = ["bp", "own", "pictures"]
