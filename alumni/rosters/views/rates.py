"""How many have come back."""

from typing import Any

from babel import numbers
from flask import Response, render_template, request
from flask_babel import gettext as _

from alumni.core.db import db
from alumni.core.errors import require
from alumni.core.exports import CSV, MEDIA_TYPES, write_table
from alumni.core.paging import page
from alumni.programmes import queries as programmes_queries
from alumni.rosters import actions, policy, queries
from alumni.rosters.forms import RatesForm
from alumni.rosters.views.rosters import bp
from alumni.web import api
from alumni.web.gate import limited, logs_looks, me
from alumni.web.i18n import lang, locale_of
from alumni.web.templating import country


def rates_form() -> RatesForm:
    """What was asked by the address, with the programmes to choose from."""
    form = RatesForm(request.args)
    form.offer(db.session.execute(programmes_queries.in_order(programmes_queries.programmes())).all())
    return form


@bp.get("/rosters/rates")
def rates() -> str | tuple[str, int]:
    require(policy.can_see_rosters(me()), "officer")
    form = rates_form()
    if not form.validate():
        return render_template("rosters/rates.html", form=form, form_errors=True, rows=None), 422
    select, order = queries.claim_rates(me(), form.by.data, form.chosen())
    return render_template(
        "rosters/rates.html",
        form=form,
        rows=page(select, order, after=api.after()),
        total=queries.sum_rates(me(), form.chosen()),
        share=share,
        asked={
            "by": form.by.data,
            "programme": form.programme.data,
            "country": form.country.data,
            "year": form.year.data,
        },
    )


@bp.get("/rosters/rates.csv")
@logs_looks
@limited("export", reads=True)
def export_rates() -> Response | tuple[str, int]:
    """The same as a file. Figures leave the house, so that is written down."""
    require(policy.can_see_rosters(me()), "officer")
    form = rates_form()
    if not form.validate():
        return render_template("rosters/rates.html", form=form, form_errors=True, rows=None), 422
    select, order = queries.claim_rates(me(), form.by.data, form.chosen())
    rows = page(select, order, limit=queries.MOST_ROWS).items
    actions.log_export(me(), "rates", rows=len(rows), form=CSV)
    db.session.commit()
    table = [_cells(form.by.data, row) for row in rows]
    response = Response(write_table(CSV, _headings(form), table), mimetype=MEDIA_TYPES[CSV])
    response.headers["Content-Disposition"] = f'attachment; filename="rates-by-{form.by.data}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def share(part: int, whole: int) -> str:
    """How large a part is, in the reader's way of writing it: 43%."""
    return numbers.format_percent(part / whole, locale=locale_of(lang())) if whole else "–"


def _cells(by: str, row: Any) -> list[Any]:
    figures = [getattr(row, name) for name in ("entries", *queries.COUNTS)]
    return [name_of(by, row), *figures, share(row.claimed, row.people)]


def name_of(by: str, row: Any) -> str:
    """What a row is of, in the reader's words."""
    if by == "country":
        return country(row.slug)
    return str(row.year) if by == "year" else str(row.name)


def _headings(form: RatesForm) -> list[str]:
    by = next(label for value, label, *_rest in form.by.iter_choices() if value == form.by.data)
    words = (_("Entries"), _("People"), _("Reachable"), _("Invited"), _("Claimed"), _("Verified"), _("Active"))
    return [str(by), *words, _("Claim rate")]
