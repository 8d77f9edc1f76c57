"""What is done with claims: making them, deciding them, and what a decision brings about in the rooms below."""

from alumni.claims.actions.answering import answer_question, appeal, ask_claimant
from alumni.claims.actions.by_invitation import verify_by_invitation
from alumni.claims.actions.cases import CaseTaken, choose_entry, release_case, search_roster, take_case
from alumni.claims.actions.claims import (
    CaseInHand,
    Claim,
    ClaimsPaused,
    Correction,
    claim_place,
    correct_claim,
    withdraw_claim,
)
from alumni.claims.actions.deciding import (
    DROP_VOUCHES,
    EntryClaimed,
    NotExact,
    approve_claim,
    approve_exact_claim,
    decline_claim,
    replace_holder,
    revoke_claim,
)
from alumni.claims.actions.disputes import LOOK_FOR_DISPUTE, NotDisputed, look_for_dispute, tell_of_dispute
from alumni.claims.actions.evidence import (
    FORGET_EVIDENCE,
    MOST_FILES,
    EvidenceFull,
    add_evidence,
    count_evidence,
    forget_file,
    forget_old_evidence,
    keep_evidence,
    remove_evidence,
    sweep_evidence,
)
from alumni.claims.actions.invitations import accept_invitation
from alumni.claims.actions.rules import RulesDraft, set_rules
from alumni.claims.actions.vouching import (
    VouchClosed,
    VouchersNotAsked,
    VouchesUsedUp,
    answer_vouch,
    ask_vouchers,
    drop_vouches,
    revoke_vouch,
)
from alumni.core.keeping import MOST_BYTES, PDF

__all__ = [
    "DROP_VOUCHES",
    "FORGET_EVIDENCE",
    "LOOK_FOR_DISPUTE",
    "MOST_BYTES",
    "MOST_FILES",
    "PDF",
    "CaseInHand",
    "CaseTaken",
    "Claim",
    "ClaimsPaused",
    "Correction",
    "EntryClaimed",
    "EvidenceFull",
    "NotDisputed",
    "NotExact",
    "RulesDraft",
    "VouchClosed",
    "VouchersNotAsked",
    "VouchesUsedUp",
    "accept_invitation",
    "add_evidence",
    "answer_question",
    "answer_vouch",
    "appeal",
    "approve_claim",
    "approve_exact_claim",
    "ask_claimant",
    "ask_vouchers",
    "choose_entry",
    "claim_place",
    "correct_claim",
    "count_evidence",
    "decline_claim",
    "drop_vouches",
    "forget_file",
    "forget_old_evidence",
    "keep_evidence",
    "look_for_dispute",
    "release_case",
    "remove_evidence",
    "replace_holder",
    "revoke_claim",
    "revoke_vouch",
    "search_roster",
    "set_rules",
    "sweep_evidence",
    "take_case",
    "tell_of_dispute",
    "verify_by_invitation",
    "withdraw_claim",
]
