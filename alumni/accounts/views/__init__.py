"""Pages of accounts: coming in and going, passwords, devices; another address."""

from alumni.accounts.views import addresses
from alumni.accounts.views.entering import bp

__all__ = ["addresses", "bp"]
