"""What officers enter about rosters."""

from alumni.rosters.forms.entries import MARKS, STATES, EntriesForm

__all__ = ["MARKS", "STATES", "EntriesForm"]
