"""Pages of files on their way in."""

from alumni.imports.views import preview
from alumni.imports.views.imports import bp

__all__ = ["bp", "preview"]
