"""What people enter to report, to decide, and to take a decision back."""

import wtforms
from flask_babel import lazy_gettext as _l

from alumni.moderation.actions import DecisionDraft
from alumni.moderation.models import AppealState, Decision, ReportReason
from alumni.web.forms import BaseForm, BlockField, ChoiceField, LineField, OnceForm, RadioField

LONGEST = 4000

REASONS = [
    (ReportReason.ABUSE.value, _l("It insults or threatens somebody")),
    (ReportReason.DANGER.value, _l("It puts somebody at risk")),
    (ReportReason.PRIVATE.value, _l("It shows something that should stay private")),
    (ReportReason.FALSE.value, _l("It is not true, or not who they say they are")),
    (ReportReason.SPAM.value, _l("It is advertising")),
    (ReportReason.OTHER.value, _l("Something else")),
]

DECISIONS = [
    (Decision.NONE.value, _l("Leave it as it is")),
    (Decision.WARNED.value, _l("Warn the person, and leave it as it is")),
    (Decision.HIDDEN.value, _l("Hide it")),
    (Decision.REMOVED.value, _l("Remove it: hidden now, deleted when nobody can appeal any more")),
    (Decision.SUSPENDED.value, _l("Suspend the account behind it")),
]
OWN_WORDS = ""
RULES = [
    (OWN_WORDS, _l("None of these: I say it in my own words")),
    (ReportReason.ABUSE.value, _l("No insults and no threats")),
    (ReportReason.DANGER.value, _l("Nothing that puts somebody at risk")),
    (ReportReason.PRIVATE.value, _l("Nothing that somebody wants to keep private")),
    (ReportReason.FALSE.value, _l("Nothing untrue, and nobody as somebody else")),
    (ReportReason.SPAM.value, _l("No advertising")),
]
OUTCOMES = [
    (AppealState.UPHELD.value, _l("The decision stands")),
    (AppealState.REVERSED.value, _l("Undo it: what it hid is shown again, a suspension ends")),
]
AT_RISK = _l("They are at risk: take them out of every list but those of their groups. Nobody is told.")


class ReportForm(OnceForm):
    reason = RadioField(_l("What is wrong with it?"), choices=REASONS, needed=_l("Choose what is wrong with it."))
    note = BlockField(
        _l("What should the moderators know?"),
        longest=LONGEST,
        hint=_l("What happened, and who could be hurt. Only moderators read this."),
    )


class DecisionForm(BaseForm):
    decision = RadioField(
        _l("Your decision"),
        choices=DECISIONS,
        needed=_l("Choose what is to happen."),
    )
    days = ChoiceField(
        _l("If you suspend: for how long?"),
        choices=[("1", _l("1 day")), ("7", _l("7 days")), ("30", _l("30 days")), ("90", _l("90 days"))],
        default="7",
        needed=_l("Choose 1, 7, 30 or 90 days."),
    )
    rule = ChoiceField(
        _l("Which rule is broken?"),
        choices=RULES,
        default=OWN_WORDS,
        hint=_l("The person concerned reads it in their own language."),
        needed=_l("Choose one of these rules, or the first to say it in your own words."),
    )
    also_hide = wtforms.BooleanField(_l("If you suspend: hide it as well"))
    reason = BlockField(
        _l("Why, in your own words?"),
        longest=LONGEST,
        hint=_l("The person concerned reads this, and it stays in the log. Do not name who reported it."),
    )

    def offer_all_but(self, impossible: set[Decision], *, is_person: bool) -> None:
        """A person is not hidden for what they did, but because of what might be done to them."""
        words = dict(DECISIONS) | ({Decision.HIDDEN.value: AT_RISK} if is_person else {})
        self.decision.choices = [choice for choice in words.items() if choice[0] not in impossible]

    def draft(self) -> DecisionDraft:
        return DecisionDraft(
            Decision(self.decision.data),
            self.reason.data or "",
            rule=ReportReason(self.rule.data) if self.rule.data else None,
            days=int(self.days.data),
            also_hide=bool(self.also_hide.data),
        )


class ReasonForm(BaseForm):
    reason = BlockField(
        _l("Why?"),
        longest=LONGEST,
        needed=_l("Say why. The person concerned reads it."),
        hint=_l("The person concerned reads this, and it stays in the log."),
    )


class AppealForm(BaseForm):
    words = BlockField(
        _l("Why is the decision wrong?"),
        longest=LONGEST,
        needed=_l("Say why the decision is wrong. Whoever looks at it reads this."),
        hint=_l("One can appeal once, so say all that matters. Somebody reads it who did not decide before."),
    )


class AppealAnswerForm(BaseForm):
    outcome = RadioField(_l("Your answer"), choices=OUTCOMES, needed=_l("Choose what is to become of the decision."))
    answer = BlockField(
        _l("Why this answer?"),
        longest=LONGEST,
        needed=_l("Say why. Whoever appealed reads it."),
        hint=_l("Whoever appealed reads this, and it stays in the log."),
    )


class PersonForm(BaseForm):
    handle = LineField(
        _l("Whom?"),
        longest=16,
        needed=_l("Enter the handle of the person: the last part of the address of their page."),
        hint=_l("Their handle: the last part of the address of their page."),
    )
    why = LineField(_l("Why?"), longest=300, hint=_l("Only the log keeps this. Leave it empty if there is no time."))


class LogForm(BaseForm):
    """Narrows the log; everything left empty shows all of it."""

    actor = LineField(_l("Done by"), longest=16, hint=_l("The handle of an account."))
    action = LineField(_l("Action"), longest=64, hint=_l("As it appears in the log, for example account.suspend."))
    subject = LineField(_l("To what"), longest=160, hint=_l("As it appears in the log, for example event:reunion."))
