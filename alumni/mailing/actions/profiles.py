"""Whether what a profile says is still right."""

from collections.abc import Iterator
from datetime import datetime

from alumni.core import clock
from alumni.core.db import db, insert_or_ignore
from alumni.mailing import notices, queries
from alumni.members.models import ProfileCheck


def ask_about_profiles(now: datetime) -> Iterator[int]:
    """Writes to those whose profile nobody looked at for half a year. Yields each; harmless when run again."""
    after = 0
    while found := queries.profiles_to_ask_about(now, after=after):
        for account_id in found:
            insert_or_ignore(ProfileCheck, {"account_id": account_id})
            db.session.get_one(ProfileCheck, account_id).asked_at = now
            notices.ask_whether_right(account_id)
        db.session.flush()
        after = found[-1]
        yield from found


def confirm_profile(account_id: int) -> None:
    """The owner says that all of it is right."""
    insert_or_ignore(ProfileCheck, {"account_id": account_id})
    db.session.get_one(ProfileCheck, account_id).confirmed_at = clock.now()
    db.session.flush()
