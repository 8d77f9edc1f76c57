"""What claimants send to show that they were there, and its files for those who may see them."""

from flask import Response, flash
from flask_babel import gettext as _

from alumni.claims import actions, queries
from alumni.claims.actions.evidence import file_of
from alumni.claims.forms import EvidenceForm
from alumni.claims.views.claims import bp, claim_page, claim_to_act_on
from alumni.core import storage
from alumni.core.db import db
from alumni.core.errors import Invalid, NotFound
from alumni.web.forms import page_form
from alumni.web.gate import for_suspended, get_or_404, me, see_other, takes_file


@bp.post("/claims/<key>/evidence")
@takes_file(actions.MOST_BYTES)
def add_evidence(key: str) -> Response | tuple[str, int]:
    """One file at a time, so that each is there before the next."""
    form, participation = page_form(EvidenceForm), claim_to_act_on(key)
    data = form.file.read(actions.MOST_BYTES)
    is_valid = form.validate()
    try:
        actions.count_evidence(me(), participation)
    finally:
        db.session.commit()  # nobody waits for a lock while a picture is decoded and stored
    try:
        file = actions.keep_evidence(data) if is_valid else None
    except Invalid as error:
        form.blame(error)
        file = None
    if file is None:
        return claim_page(key, evidence=form), 422
    actions.add_evidence(me(), claim_to_act_on(key), file, title=form.title.data or "")
    db.session.commit()
    flash(_("Your file is there. Only the desk and you see it."), "done")
    return see_other(".claim", key=key)


@bp.post("/claims/<key>/evidence/<evidence>/remove")
def remove_evidence(key: str, evidence: str) -> Response:
    actions.remove_evidence(me(), claim_to_act_on(key), evidence)
    db.session.commit()
    flash(_("The file is removed."), "done")
    return see_other(".claim", key=key)


@bp.get("/evidence/<key>")
@for_suspended
def evidence(key: str) -> Response:
    """A picture that we made anew is shown; a PDF is only ever saved, and nothing in either may run."""
    row = get_or_404(queries.evidence_open_to(me(), key))
    data = storage.files().read(file_of(row.file))
    if data is None:
        raise NotFound
    response = Response(data, mimetype=row.media_type)
    if row.media_type == actions.PDF:
        response.headers["Content-Disposition"] = f'attachment; filename="evidence-{row.key}.pdf"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
