"""What claimants and the desk enter."""

from alumni.claims.forms.claims import ClaimForm, CountryForm, DecisionForm, RefuseForm, VerifyForm

__all__ = ["ClaimForm", "CountryForm", "DecisionForm", "RefuseForm", "VerifyForm"]
