"""Pages of inviting to a group, and the door of an invitation, which stands open to whoever holds its link."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, flash, make_response, render_template, request
from flask_babel import gettext as _

from alumni.accounts.steps import join_by_letter
from alumni.core.db import db
from alumni.core.errors import Invalid, require
from alumni.core.paging import page
from alumni.core.tokens import digest, is_link_secret
from alumni.groups import policy as groups_policy
from alumni.groups import queries as groups_queries
from alumni.groups.models import Group
from alumni.invites import actions, policy, queries
from alumni.invites.forms import InviteForm, LinkForm
from alumni.members import queries as members_queries
from alumni.web import api
from alumni.web.forms import BaseForm, page_form
from alumni.web.gate import get_or_404, limited, me, public, see_other

bp = Blueprint("invites", __name__)


@bp.get("/groups/<slug>/invite")
def in_group(slug: str) -> str:
    row, group = _group(slug)
    return _invite_page(row, group, InviteForm(), LinkForm())


@bp.post("/groups/<slug>/invite")
@limited("invitation")
def invite(slug: str) -> Response | tuple[str, int]:
    row, group = _group(slug)
    form = page_form(InviteForm)
    if form.validate():
        try:
            sent = actions.invite(actor=me(), group=group, emails=form.emails, words=form.words.data or "")
            db.session.commit()
            flash(_said(sent, len(form.emails) - sent), "done")
            return see_other(".in_group", slug=slug)
        except Invalid as error:
            db.session.rollback()
            form.blame(error)
    return _invite_page(row, group, form, LinkForm(), form_errors=True), 422


def _said(sent: int, known: int) -> str:
    letters: str = _("Letters are on their way: %(num)s.", num=sent)
    return f"{letters} {_('Invited already: %(num)s.', num=known)}" if known else letters


@bp.post("/groups/<slug>/invite/link")
def make_link(slug: str) -> Response | tuple[str, int]:
    """A link for several people, shown this once."""
    row, group = _group(slug)
    form = page_form(LinkForm)
    if form.validate():
        try:
            secret = actions.make_link(actor=me(), group=group, days=form.days.data or 0, uses=form.uses.data or 0)
            db.session.commit()
            return _private(_invite_page(row, group, InviteForm(), LinkForm(), secret=secret))
        except Invalid as error:
            db.session.rollback()
            form.blame(error)
    return _invite_page(row, group, InviteForm(), form, form_errors=True), 422


@bp.post("/groups/<slug>/invitations/<key>/withdraw")
def withdraw(slug: str, key: str) -> Response:
    _row, group = _group(slug)
    actions.withdraw(actor=me(), group=group, key=key)
    db.session.commit()
    flash(_("Taken back. Its link opens nothing any more."), "done")
    return see_other(".in_group", slug=slug)


@bp.post("/groups/<slug>/invitations/<key>/again")
@limited("invitation")
def send_again(slug: str, key: str) -> Response:
    _row, group = _group(slug)
    actions.send_again(actor=me(), group=group, key=key)
    db.session.commit()
    flash(_("Another letter is on its way. The link of the one before opens nothing any more."), "done")
    return see_other(".in_group", slug=slug)


def _group(slug: str) -> tuple[Any, Group]:
    row = get_or_404(groups_queries.shown_group(me(), slug=slug))
    group = db.session.get_one(Group, row.id)
    require(policy.can_invite(me(), group.id, members_invite=group.members_invite), "inviter")
    return row, group


def _invite_page(
    row: Any, group: Group, form: InviteForm, link: LinkForm, *, secret: str = "", form_errors: bool = False
) -> str:
    found = queries.invitations_of(me(), group_id=group.id, organises=row.is_organised)
    return render_template(
        "invites/in_group.html",
        row=row,
        group=row,
        form=form,
        link=link,
        invitations=page(found, queries.LATEST, after=api.after()),
        base_url=current_app.config["ALUMNI"].base_url,
        asks=groups_policy.asks_for_participation(row),
        secret=secret,
        form_errors=form_errors,
    )


@bp.get("/invited/<secret>")
@public
def invited(secret: str) -> Response:
    """To what, and by whom; reading it changes nothing, whatever program follows the link."""
    found = _find(secret)
    return _over() if found is None else _shown(found, secret)


@bp.post("/invited/<secret>/yes")
@public
def accept(secret: str) -> Response:
    found = _find(secret)
    if found is None:
        return _over()
    page_form(BaseForm)
    actions.open_invitation(_digest_of(secret))
    db.session.commit()
    back = f"/invited/{secret}"
    if not me().is_authenticated:
        return see_other(".join", secret=secret) if found.email else see_other("accounts.login", next=back)
    if not me().is_suspended and not members_queries.has_profile(me()):
        return see_other("members.my_profile", next=back)
    try:
        group = actions.accept(actor=me(), secret_digest=_digest_of(secret))
        db.session.commit()
    except actions.ParticipationNeeded:
        db.session.rollback()
        return _shown(found, secret, status=409, needs_participation=True)
    flash(_("You are in the group. This is what is going on here."), "done")
    return see_other("groups.show", slug=group.slug)


@bp.post("/invited/<secret>/no")
@public
def decline(secret: str) -> Response:
    page_form(BaseForm)
    actions.decline(secret_digest=_digest_of(secret), never=bool(request.form.get("never")))
    db.session.commit()
    flash(_("Thank you for saying so."), "done")
    return see_other("home.landing")


@bp.route("/invited/<secret>/join", methods=["GET", "POST"])
@public
def join(secret: str) -> Response:
    """An account for whoever said yes to a letter."""
    found = _find(secret)
    if found is None or not found.email:
        return _over()
    if me().is_authenticated:
        return see_other(".invited", secret=secret)
    return join_by_letter(
        partial(_page, "invites/join.html", invitation=found, secret=secret),
        proved=found.email,
        hold=lambda: get_or_404(queries.hold(_digest_of(secret))),
        back=f"/invited/{secret}",
    )


def _digest_of(secret: str) -> bytes:
    return digest(secret if is_link_secret(secret) else "")


def _find(secret: str) -> Any | None:
    return db.session.execute(queries.opened_by(_digest_of(secret))).first()


def _shown(found: Any, secret: str, *, status: int = 200, needs_participation: bool = False) -> Response:
    context = {"invitation": found, "secret": secret, "needs_participation": needs_participation}
    return _page("invites/invited.html", status, **context)


def _over() -> Response:
    return _page("invites/over.html", 410)


def _page(template: str, status: int = 200, **context: Any) -> Response:
    return _private(render_template(template, **context), status)


def _private(html: str, status: int = 200) -> Response:
    """Nothing of an invitation is kept by what lies between us and its holder."""
    response = make_response(html, status)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
