"""Pages of the installation itself: language, privacy, terms, accessibility, and in development the mail folder."""

import email
from datetime import timedelta
from email.policy import default

import wtforms
from flask import Blueprint, Flask, Response, abort, current_app, render_template
from flask_babel import lazy_gettext as _l

from alumni.core import clock
from alumni.web.forms import BaseForm, BlockField, ChoiceField, LineField, WholeNumberField
from alumni.web.gate import public

bp = Blueprint("web", __name__)
HALF_A_YEAR = timedelta(days=182)
dev = Blueprint("dev", __name__, url_prefix="/dev")


@bp.get("/privacy")
@public
def privacy() -> str:
    return render_template("web/privacy.html")


@bp.get("/terms")
@public
def terms() -> str:
    return render_template("web/terms.html")


@bp.get("/accessibility")
@public
def accessibility() -> str:
    return render_template("web/accessibility.html")


@bp.get("/.well-known/security.txt")
@public
def security_txt() -> Response:
    """RFC 9116. What it says is good for half a year from today."""
    config = current_app.config["ALUMNI"]
    address = config.mail_from.rpartition("<")[2].rstrip(">")
    lines = {
        "Contact": config.security_contact or f"mailto:{address}",
        "Expires": f"{clock.now() + HALF_A_YEAR:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages": ", ".join(config.languages),
        "Canonical": f"{config.base_url}/.well-known/security.txt",
    }
    return Response("".join(f"{name}: {value}\n" for name, value in lines.items()), mimetype="text/plain")


class ComponentsForm(BaseForm):
    name = LineField(_l("Your name"), longest=40, needed=_l("Enter your name."), hint=_l("As you write it yourself."))
    about = BlockField(_l("About you"), longest=200)
    seats = WholeNumberField(_l("Seats"), least=1, most=500)
    role = ChoiceField(_l("Role"), choices=[("a", _l("Participant")), ("b", _l("Leader"))])
    agree = wtforms.BooleanField(_l("I agree"))


@dev.get("/components")
@public
def components() -> str:
    """Every component of the design together."""
    bad = ComponentsForm(name="", seats=None)
    bad.seats.raw = "-1"
    bad.validate()
    return render_template("dev/components.html", form=ComponentsForm(), bad_form=bad)


@dev.get("/mail")
@public
def mail() -> str:
    """What was sent to the mail folder, newest first."""
    folder = current_app.config["ALUMNI"].instance / "mail"
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime, reverse=True)[:50]
    letters = [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]
    shown = [
        {
            "to": letter["To"],
            "subject": letter["Subject"],
            "text": part.get_content() if (part := letter.get_body(("plain",))) else "",
        }
        for letter in letters
    ]
    return render_template("dev/mail.html", letters=shown)


@dev.get("/error/<int:status>")
@public
def error(status: int) -> str:
    """Each error page, to look at."""
    abort(status)


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    if app.config["ALUMNI"].is_development:
        app.register_blueprint(dev)
