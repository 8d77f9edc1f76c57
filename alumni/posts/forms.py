"""What people enter to write to a group, and to hide what was written."""

from flask_babel import lazy_gettext as _l

from alumni.web.forms import BaseForm, BlockField, OnceForm

LONGEST_POST = 10_000
LONGEST_REASON = 2000


class PostForm(OnceForm):
    body = BlockField(
        _l("Write to the group"),
        longest=LONGEST_POST,
        needed=_l("Write something first."),
        hint=_l("People in the group read it. An empty line begins a paragraph; *word* is emphasised."),
        render_kw={"rows": 5},
    )


class HideForm(BaseForm):
    reason = BlockField(
        _l("Why?"),
        longest=LONGEST_REASON,
        needed=_l("Say why. The author reads it."),
        hint=_l("The author reads this, and it stays in the log."),
    )
