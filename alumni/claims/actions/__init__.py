"""What is done with claims: making them, deciding them, and what a decision brings about in the rooms below."""

from alumni.claims.actions.by_invitation import verify_by_invitation
from alumni.claims.actions.cases import CaseTaken, choose_entry, release_case, search_roster, take_case
from alumni.claims.actions.claims import Claim, ClaimsPaused, claim_place, withdraw_claim
from alumni.claims.actions.deciding import (
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

__all__ = [
    "FORGET_EVIDENCE",
    "LOOK_FOR_DISPUTE",
    "CaseTaken",
    "Claim",
    "ClaimsPaused",
    "EntryClaimed",
    "EvidenceFull",
    "NotDisputed",
    "NotExact",
    "accept_invitation",
    "add_evidence",
    "approve_claim",
    "approve_exact_claim",
    "choose_entry",
    "claim_place",
    "count_evidence",
    "decline_claim",
    "forget_file",
    "forget_old_evidence",
    "keep_evidence",
    "look_for_dispute",
    "release_case",
    "remove_evidence",
    "replace_holder",
    "revoke_claim",
    "search_roster",
    "sweep_evidence",
    "take_case",
    "tell_of_dispute",
    "verify_by_invitation",
    "withdraw_claim",
]
