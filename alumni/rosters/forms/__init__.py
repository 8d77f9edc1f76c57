"""What officers enter about rosters."""

from alumni.rosters.forms.entries import MARKS, STATES, EntriesForm
from alumni.rosters.forms.imports import (
    COLUMNS,
    ENCODING_NAMES,
    OUTCOMES,
    CohortForm,
    MappingForm,
    OrderForm,
    ReadForm,
    RowForm,
    RowsForm,
    UploadForm,
    start_mapping,
)
from alumni.rosters.forms.keeping import InviteForm, MarkForm, PairForm, RatesForm, ReasonForm

__all__ = [
    "COLUMNS",
    "ENCODING_NAMES",
    "MARKS",
    "OUTCOMES",
    "STATES",
    "CohortForm",
    "EntriesForm",
    "InviteForm",
    "MappingForm",
    "MarkForm",
    "OrderForm",
    "PairForm",
    "RatesForm",
    "ReadForm",
    "ReasonForm",
    "RowForm",
    "RowsForm",
    "UploadForm",
    "start_mapping",
]
