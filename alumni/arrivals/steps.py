"""What both doors share: codes of tickets, and what a note says."""

from typing import Any

from alumni.arrivals import actions, queries
from alumni.arrivals.forms import NoteForm
from alumni.arrivals.models import Arrival
from alumni.core.errors import Invalid
from alumni.core.tokens import paper_code
from alumni.web.forms import text_problem
from alumni.web.gate import me, signer


def codes_of(event_id: int, handle: str) -> list[str]:
    """The code of somebody's ticket, by the newest key and by older ones; nobody has to keep it."""
    return [paper_code(each) for each in signer().derive("ticket", f"{event_id}|{handle}")]


def whose_ticket(event_id: int, code: str) -> str:
    """Whose ticket has this code. Raises Invalid("code")."""
    wanted = "".join(code.lower().split())
    for handle in queries.handles_coming(event_id):
        if wanted in codes_of(event_id, handle):
            return handle
    raise Invalid("code", "not-expected")


def note_from(event: Any, form: NoteForm) -> Arrival:
    """What a form of the door says is done. Raises Invalid for a ticket, a handle or others that there are not."""
    handle = form.who.data or ""
    if text_problem(handle):
        raise Invalid("who", "not-expected")
    if not handle and form.code.data:
        handle = whose_ticket(event.id, form.code.data)
    if not handle and not form.name.data and not form.people.data:
        raise Invalid("code", "ticket-needed")
    return actions.note_arrival(actor=me(), event=event, note=form.note(handle), once=form.key)
