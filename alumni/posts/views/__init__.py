"""Pages of posts: feeds, threads, writing, announcing, hiding, leaving."""

from alumni.posts.views import announcing, atom, leaving, pictures, programmes, threads, waiting
from alumni.posts.views.groups import bp

__all__ = ["announcing", "atom", "bp", "leaving", "pictures", "programmes", "threads", "waiting"]
