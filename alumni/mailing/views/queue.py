"""/admin/mail: how letters and other jobs go. What they say and to whom is shown to nobody."""

import re

from flask import Response, flash, render_template
from flask_babel import gettext as _

from alumni.core import jobs
from alumni.core.db import db
from alumni.core.errors import NotFound, require
from alumni.core.paging import page
from alumni.mailing import actions, policy
from alumni.mailing.views.choices import bp
from alumni.web import api
from alumni.web.gate import me, see_other, signer

_ADDRESS = re.compile(r"[^\s'\"<>(){},;:]+@")
DAY_S = 24 * 3600


@bp.get("/admin/mail")
def queue() -> str:
    require(policy.can_see_queue(me()), "admin")
    return render_template(
        "mailing/queue.html",
        counts=jobs.count_by_state(),
        most=jobs.MOST_COUNTED,
        since=jobs.oldest_waiting(),
        jobs=page(jobs.troubled(), jobs.LATEST, after=api.after()),
        token_of=lambda job: signer().sign("job", job.id),
        without_addresses=lambda text: _ADDRESS.sub("…@", text),
    )


@bp.post("/admin/mail/<token>/again")
def again(token: str) -> Response:
    require(policy.can_see_queue(me()), "admin")
    job_id = signer().read("job", token, max_age_s=DAY_S)
    if not isinstance(job_id, int):
        raise NotFound
    actions.try_again(actor=me(), job_id=job_id)
    db.session.commit()
    flash(_("It is tried again at once."), "done")
    return see_other(".queue")
