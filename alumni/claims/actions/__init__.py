"""What is done with claims: making them, deciding them, and what a decision brings about in the rooms below."""

from alumni.claims.actions.claims import Claim, approve_claim, claim_place, decline_claim, revoke_claim, withdraw_claim

__all__ = ["Claim", "approve_claim", "claim_place", "decline_claim", "revoke_claim", "withdraw_claim"]
