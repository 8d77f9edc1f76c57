"""The short list of what members offer and look for, kept by the admins."""

from dataclasses import dataclass

from alumni.accounts.policy import can_administer
from alumni.core import audit
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import Invalid, require
from alumni.core.text import slugify
from alumni.core.viewer import Viewer
from alumni.members.models import Offer

LONGEST_SLUG = 40


@dataclass(frozen=True, slots=True)
class OfferDraft:
    """What an offer is called, by language ("en" is always there), and where it stands in the list."""

    names: dict[str, str]
    position: int
    is_retired: bool = False


def add_offer(*, actor: Viewer, draft: OfferDraft) -> Offer:
    """Takes its slug from the English name. Adding the same name twice is refused."""
    require(can_administer(actor), "admin")
    slug = slugify(draft.names["en"], longest=LONGEST_SLUG)
    if not slug:
        raise Invalid("name_en", "no-slug")
    values = {"slug": slug, "names": draft.names, "position": draft.position, "is_retired": draft.is_retired}
    if not insert_or_ignore(Offer, values):
        raise Invalid("name_en", "taken")
    audit.record(actor, "offer.add", f"offer:{slug}", names=draft.names)
    return db.session.get_one(Offer, slug)


def edit_offer(*, actor: Viewer, offer: Offer, draft: OfferDraft) -> None:
    """Renames, moves, retires. What is retired is chosen no more, and stays with those who had chosen it."""
    require(can_administer(actor), "admin")
    offer.names, offer.position, offer.is_retired = draft.names, draft.position, draft.is_retired
    db.session.flush()
    audit.record(actor, "offer.edit", f"offer:{offer.slug}", names=draft.names, retired=draft.is_retired)
