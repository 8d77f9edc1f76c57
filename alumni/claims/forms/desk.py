"""What the desk enters: what to look at, decisions with their reasons, rules."""

from typing import Any

import wtforms
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms.validators import StopValidation

from alumni.claims.actions import RulesDraft
from alumni.claims.models import ClaimRules, VouchState
from alumni.claims.queries import DeskFilter
from alumni.core.places import COUNTRIES
from alumni.members.models import ParticipationState
from alumni.web.forms import BaseForm, BlockField, ChoiceField, LineField, LinesField, RadioField, WholeNumberField
from alumni.web.i18n import in_language

# Sentences that the applicant reads, each in their own language. The reviewer may add words of their own.
REASONS = {
    "not-on-list": _l("We did not find your name in the list of this group."),
    "wrong-group": _l("You seem to have been in another group of the programme. Please claim that one."),
    "facts-differ": _l("What you entered differs from our records. Please check it and claim again."),
    "not-shown": _l("What you sent does not show that you took part."),
    "somebody-else": _l("This place belongs to somebody else with a similar name."),
    "send-certificate": _l("Please send a picture of your certificate, or of another paper of the programme."),
    "say-when": _l("Please tell us when you were there, and who led your group."),
    "say-names": _l("Please tell us which names you have had, for example before a marriage."),
    "say-school": _l("Please tell us at which school, university or office you were at that time."),
    "by-mistake": _l("Your participation was confirmed by mistake."),
    "not-true": _l("What your participation was confirmed by turned out not to be true."),
}
NEEDED = _l("Choose a reason or write one, so that the person knows what to do.")


class DeskForm(BaseForm):
    """What of the desk to look at, in the address of the page."""

    programme = LineField(_l("Programme"), longest=64)
    country = LineField(_l("Sent from"), longest=2)
    state = ChoiceField(
        _l("State"),
        default="",
        choices=[
            ("", _l("Everything that waits")),
            ("claimed", _l("Waiting for an answer")),
            ("asked", _l("We asked for more")),
            ("verified", _l("Verified")),
            ("declined", _l("Declined")),
            ("revoked", _l("Taken back")),
        ],
    )
    exact = wtforms.BooleanField(_l("Only where everything agrees"))
    disputed = wtforms.BooleanField(_l("Only what two people claim"))

    def validate_country(self, field: Any) -> None:
        if field.data and field.data not in COUNTRIES:
            raise StopValidation(gettext("Choose one from the list."))

    def wanted(self) -> DeskFilter:
        return DeskFilter(
            programme=self.programme.data or "",
            country=self.country.data or "",
            state=ParticipationState(self.state.data) if self.state.data else None,
            only_exact=self.exact.data,
            only_disputed=self.disputed.data,
        )


class VerifyForm(BaseForm):
    reason = BlockField(_l("Words to the person"), longest=1000, hint=_l("They are sent with the letter."))


class RefuseForm(BaseForm):
    """A reason of the list, words of one's own, or both."""

    template = ChoiceField(_l("Reason"), default="", choices=[("", _l("None of these")), *REASONS.items()])
    reason = BlockField(
        _l("In your words"),
        longest=1000,
        hint=_l("Read as you write it; the reason above is translated."),
    )

    def validate_reason(self, field: Any) -> None:
        if not field.data and not self.template.data:
            raise StopValidation(str(NEEDED))

    def words(self, language: str) -> str:
        """What the applicant reads, in their language as far as it is ours."""
        with in_language(language):
            sentence = str(REASONS[self.template.data]) if self.template.data else ""
        return "\n\n".join(part for part in (sentence, self.reason.data) if part)


class DecisionForm(RefuseForm):
    """All on one page: the button pressed says which."""

    decision = ChoiceField(
        _l("Decision"),
        choices=[
            ("verify", _l("Verify")),
            ("replace", _l("Verify, and take it back from the other")),
            ("ask", _l("Ask for more")),
            ("decline", _l("Decline")),
            ("revoke", _l("Take back")),
        ],
        needed=_l("Press one of the buttons."),
    )

    def validate_reason(self, field: Any) -> None:
        if self.decision.data != "verify":
            super().validate_reason(field)


class ManyForm(BaseForm):
    """The claims that were ticked."""

    claims = LinesField(_l("Claims"), most_lines=100, longest_line=16, needed=_l("Tick at least one claim."))


class EntryForm(BaseForm):
    """Which entry it is; empty for none."""

    entry = LineField(_l("Entry"), longest=16)


class SearchForm(BaseForm):
    name = LineField(_l("Name on the roster"), longest=200, needed=_l("Enter a name, or a part of it."))


class VouchForm(BaseForm):
    answer = RadioField(
        _l("Your answer"),
        choices=[
            (VouchState.YES.value, _l("Yes, we were there together")),
            (VouchState.NO.value, _l("No, this person was not there")),
            (VouchState.UNSURE.value, _l("I do not know")),
        ],
        needed=_l("Choose an answer. If you are not sure, say that you do not know."),
        hint=_l("If you do not know, it counts against nobody."),
    )


class RevokeVouchForm(BaseForm):
    reason = BlockField(
        _l("Reason"),
        longest=1000,
        needed=_l("Give the reason, so that the person knows what to do."),
        hint=_l("Whoever was verified by it reads this, and waits again."),
    )


class RulesForm(BaseForm):
    vouchers_needed = WholeNumberField(_l("How many have to say yes"), least=1, most=9)
    vouches_a_month = WholeNumberField(_l("How often one person may say yes in a month"), least=1, most=99)
    vouchers_suffice = wtforms.BooleanField(
        _l("Their word is enough"),
        description=_l("As many as are needed verify a claim. Without this, the claim moves up at the desk."),
    )
    organisers_decide = wtforms.BooleanField(
        _l("Organisers decide too"), description=_l("On the claims of the cohort whose group they organise.")
    )

    def draft(self, rules: ClaimRules) -> RulesDraft:
        """What was left empty stays as it is."""
        return RulesDraft(
            vouchers_needed=self.vouchers_needed.data or rules.vouchers_needed,
            vouches_a_month=self.vouches_a_month.data or rules.vouches_a_month,
            vouchers_suffice=self.vouchers_suffice.data,
            organisers_decide=self.organisers_decide.data,
        )
