"""What a claimant says of themselves."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from alumni.claims.actions import Claim, Correction
from alumni.core import clock
from alumni.members.models import ParticipationRole, Standing
from alumni.web.forms import BaseForm, BlockField, ChoiceField, DayField, LineField, OnceForm, PictureField, RadioField
from alumni.web.templating import country_choices, known_date

FIRST_BIRTH = date(1900, 1, 1)
ROLES = [
    (ParticipationRole.PARTICIPANT.value, _l("Participant")),
    (ParticipationRole.SUPERVISOR.value, _l("Supervisor")),
    (ParticipationRole.LEADER.value, _l("Leader")),
    (ParticipationRole.FACILITATOR.value, _l("Facilitator")),
    (ParticipationRole.OBSERVER.value, _l("Observer")),
]
STANDINGS = [
    (Standing.GRADUATE.value, _l("A graduate: it is over")),
    (Standing.CURRENT.value, _l("Taking part now")),
    (Standing.COMPANY.value, _l("Of a company that receives interns")),
    (Standing.VOLUNTEER.value, _l("A former volunteer")),
    (Standing.HOST.value, _l("A host family or a teacher")),
    (Standing.OFFICER.value, _l("Of an agency or a mission")),
]


class CohortField(RadioField):
    """Something has to be chosen; whether it exists is for the catalogue to say."""

    def pre_validate(self, form: wtforms.Form) -> None:
        if self.data is None:
            raise StopValidation(str(self.needed))


class SaidForm(BaseForm):
    """What a claimant says of how they were there."""

    role = RadioField(_l("You were there as"), choices=ROLES, default=ParticipationRole.PARTICIPANT.value)
    standing = RadioField(
        _l("To the programme you are"),
        choices=STANDINGS,
        default=Standing.GRADUATE.value,
        hint=_l("So that members find graduates, companies and volunteers apart."),
    )
    host_town = LineField(
        _l("Town in Japan"),
        longest=120,
        hint=_l("Where you stayed, for example with a host family. Others who were there can find you by it."),
    )
    name_as_printed = LineField(
        _l("Your name as printed"),
        longest=200,
        needed=_l("Enter your name as it appears on the papers."),
        hint=_l("As on your certificate or in the list of participants, also if you write it differently today."),
    )
    number = LineField(
        _l("Number"),
        longest=64,
        hint=_l("On your certificate, your identity card of the programme, or in a letter to you."),
    )
    born_on = DayField(_l("Date of birth"), first=FIRST_BIRTH, last=lambda: clock.now().date())
    institution = LineField(
        _l("School, university or office"),
        longest=300,
        hint=_l("The one that you were at when you were sent."),
    )
    note = BlockField(
        _l("What would help us to find you"),
        longest=2000,
        hint=_l("For example the dates, your school, the host town, or who led the group. Only the desk reads this."),
    )


class CorrectionForm(SaidForm):
    """The same, while the claim waits."""

    def correction(self) -> Correction:
        return Correction(**_said(self))


class ClaimForm(SaidForm, OnceForm):
    programme = LineField(_l("Programme"), longest=64, needed=_l("Choose the programme."))
    country = ChoiceField(
        _l("Country you were sent from"), choices=country_choices, needed=_l("Choose the country you were sent from.")
    )
    cohort = CohortField(_l("Your group"), choices=[], needed=_l("Choose your group, or say that it is not listed."))

    def offer(self, cohorts: Sequence[Any]) -> None:
        """The cohorts to choose from. A single match is chosen already."""
        choices = [(row.slug, _label(row)) for row in cohorts]
        choices.append(("", _l("My group is not listed") if choices else _l("Not listed")))
        self.cohort.choices = [wtforms.fields.SelectChoice(*choice) for choice in choices]
        if self.cohort.data is None and len(cohorts) == 1:
            self.cohort.data = cohorts[0].slug

    def claim(self) -> Claim:
        return Claim(programme=self.programme.data, cohort=self.cohort.data, country=self.country.data, **_said(self))


def _said(form: SaidForm) -> dict[str, Any]:
    return {
        "role": ParticipationRole(form.role.data),
        "standing": Standing(form.standing.data),
        "host_town": form.host_town.data or "",
        "name_as_printed": form.name_as_printed.data,
        "note": form.note.data,
        "number": form.number.data or "",
        "born_on": form.born_on.data or "",
        "institution": form.institution.data or "",
    }


def _label(cohort: Any) -> str:
    """Its title, when it was, and its theme."""
    when = known_date(cohort.from_on or str(cohort.year))
    return " · ".join(part for part in (cohort.title, when, cohort.theme) if part)


class CountryForm(BaseForm):
    country = ChoiceField(
        _l("Country you were sent from"),
        choices=lambda: [("", _l("Choose a country")), *country_choices()],
        default="",
    )

    def validate_country(self, field: Any) -> None:
        if not field.data:
            raise StopValidation(gettext("Choose the country you were sent from."))


class AnswerForm(BaseForm):
    """To a question of the desk, or as an appeal against its decision."""

    words = BlockField(_l("Your answer"), longest=2000, needed=_l("Write your answer."))


class AppealForm(BaseForm):
    words = BlockField(
        _l("Why you see it differently"),
        longest=2000,
        needed=_l("Write why you see it differently."),
        hint=_l("Somebody else than before reads it and looks at everything once more."),
    )


class EvidenceForm(BaseForm):
    file = PictureField(
        _l("A picture or a PDF"),
        accept="image/*,application/pdf",
        hint=_l("For example your certificate or a group picture: JPEG, PNG, WebP, HEIC or PDF, at most 10 MB."),
    )
    title = LineField(_l("What it shows"), longest=120)
