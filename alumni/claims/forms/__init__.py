"""What claimants, vouchers and the desk enter."""

from alumni.claims.forms.claims import (
    AnswerForm,
    AppealForm,
    ClaimForm,
    CorrectionForm,
    CountryForm,
    EvidenceForm,
)
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
from alumni.claims.forms.invitations import CodeForm, InvitationForm

__all__ = [
    "AnswerForm",
    "AppealForm",
    "ClaimForm",
    "CodeForm",
    "CorrectionForm",
    "CountryForm",
    "DecisionForm",
    "DeskForm",
    "EntryForm",
    "EvidenceForm",
    "InvitationForm",
    "ManyForm",
    "RefuseForm",
    "RevokeVouchForm",
    "RulesForm",
    "SearchForm",
    "VerifyForm",
    "VouchForm",
]
