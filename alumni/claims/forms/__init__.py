"""What claimants and the desk enter."""

from alumni.claims.forms.claims import ClaimForm, CountryForm, DecisionForm, RefuseForm, VerifyForm
from alumni.claims.forms.invitations import AnswerForm, CodeForm

__all__ = ["AnswerForm", "ClaimForm", "CodeForm", "CountryForm", "DecisionForm", "RefuseForm", "VerifyForm"]
