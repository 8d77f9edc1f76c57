"""What the page and the API of circulars share."""

from typing import Any

from alumni.circulars import policy, queries
from alumni.circulars.forms import CircularForm, PlanForm
from alumni.circulars.models import Circular
from alumni.core.viewer import Viewer
from alumni.web.gate import get_or_404


def find(viewer: Viewer, key: str) -> Circular:
    circular: Circular = get_or_404(queries.visible_circulars(viewer).where(Circular.key == key))
    return circular


def prepared(form: CircularForm, viewer: Viewer) -> CircularForm:
    """The form with what this viewer can choose from."""
    form.offer_choices(viewer)
    return form


def with_zones(form: PlanForm, viewer: Viewer) -> PlanForm:
    """Zones to choose from; where none was sent, the viewer's own."""
    form.zone.data = form.zone.data or viewer.zone
    form.zone.offer("")
    return form


def shown(circular: Circular, count: int) -> int | None:
    """A number of people; None for a few of whom the author could find out who they are."""
    is_small = 0 < count < policy.LEAST_SHOWN and not policy.shows_small_numbers(circular.reach)
    return None if is_small else count


def readers_of(viewer: Viewer, circular: Circular) -> int | None:
    """How many people would get it now, as `shown` says it. 0 to whoever may not speak to them any more."""
    is_author = policy.can_edit(viewer, circular)
    return shown(circular, queries.count_readers(viewer, circular)) if is_author else 0


def figures(circular: Circular) -> dict[str, Any]:
    result = queries.result_of(circular)
    return {
        "promised": result.promised,
        "sent": result.sent,
        "bounced": shown(circular, result.bounced),
        "stopped": shown(circular, result.stopped),
    }
