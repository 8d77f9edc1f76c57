"""The conversation between the desk and a claimant: a question, its answer, an appeal."""

from alumni.claims import notices
from alumni.claims.actions import cases, claims, deciding, disputes
from alumni.claims.models import Step
from alumni.core.errors import require
from alumni.core.viewer import Viewer
from alumni.members import actions as members_actions
from alumni.members import policy as members_policy
from alumni.members.models import Participation


def ask_claimant(actor: Viewer, participation: Participation, *, question: str) -> None:
    """Whoever decides needs to know more before they do. Raises CaseTaken, ClaimDecided."""
    require(members_policy.can_decide(actor, participation), members_policy.who_decides(actor, participation))
    case = cases.hold_case(actor, participation)
    members_actions.ask_participation(actor=actor, participation=participation)
    case.question = question
    cases.write_step(participation, Step.ASKED, by=actor, words=question)
    notices.tell_claimant_of_question(participation, deciding.title_of(participation), question)


def answer_question(actor: Viewer, participation: Participation, *, answer: str) -> None:
    """The claim waits again, with the answer in its history. Raises ClaimDecided where nothing was asked."""
    require(members_policy.can_answer(actor, participation), "owner")
    members_actions.answer_participation(actor=actor, participation=participation)
    cases.ensure_case(participation).question = ""
    cases.write_step(participation, Step.ANSWERED, by=actor, words=answer)


def appeal(actor: Viewer, participation: Participation, *, words: str) -> None:
    """Another look at what was declined or taken back, by somebody else than who decided."""
    require(members_policy.can_answer(actor, participation), "owner")
    members_actions.appeal_participation(actor=actor, participation=participation)
    cases.delete_evidence_after(participation, None)
    cases.write_step(participation, Step.APPEALED, by=actor, words=words)
    claims.ask_to_join(actor, participation)
    disputes.promise_to_look(participation)
