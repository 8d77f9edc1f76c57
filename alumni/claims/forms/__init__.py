"""What claimants, vouchers and the desk enter."""

from alumni.claims.forms.claims import AnswerForm, AppealForm, ClaimForm, CountryForm, EvidenceForm
from alumni.claims.forms.desk import (
    DecisionForm,
    DeskForm,
    EntryForm,
    ManyForm,
    RefuseForm,
    RevokeVouchForm,
    RulesForm,
    SearchForm,
    VerifyForm,
    VouchForm,
)

__all__ = [
    "AnswerForm",
    "AppealForm",
    "ClaimForm",
    "CountryForm",
    "DecisionForm",
    "DeskForm",
    "EntryForm",
    "EvidenceForm",
    "ManyForm",
    "RefuseForm",
    "RevokeVouchForm",
    "RulesForm",
    "SearchForm",
    "VerifyForm",
    "VouchForm",
]
