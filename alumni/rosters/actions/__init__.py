"""What is done with rosters."""

from alumni.rosters.actions.looks import log_export, log_look

__all__ = ["log_export", "log_look"]
