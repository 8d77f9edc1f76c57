"""Wall times: what a clock on the wall of a place shows, and the instants that it stands for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from alumni.core.errors import Invalid

DAY = timedelta(days=1)


@cache
def zone_of(name: str) -> ZoneInfo:
    """The zone of a name. `ZoneInfo` itself remembers eight, and reads the others from their files again and again."""
    return ZoneInfo(name)


@dataclass(frozen=True, slots=True)
class Change:
    """Clocks of a zone go forward or back. Offsets are those from UTC, just before and just after."""

    at: datetime
    before: timedelta
    after: timedelta
    name: str  # of the time after: CEST
    is_summer: bool

    @property
    def wall_before(self) -> datetime:
        return (self.at + self.before).replace(tzinfo=None)

    @property
    def wall_after(self) -> datetime:
        return (self.at + self.after).replace(tzinfo=None)


def instants(wall: datetime, zone: str) -> list[datetime]:
    """When a clock in the zone shows this: once; never, where clocks go forward; twice, where they go back."""
    found: list[datetime] = []
    for fold in (0, 1):
        at = wall.replace(tzinfo=zone_of(zone), fold=fold).astimezone(UTC)
        if at.astimezone(zone_of(zone)).replace(tzinfo=None) == wall and at not in found:
            found.append(at)
    return found


def wall_of(at: datetime, zone: str) -> datetime:
    """What a clock in the zone shows at an instant."""
    return at.astimezone(zone_of(zone)).replace(tzinfo=None, fold=0)


def is_second(wall: datetime, zone: str, at: datetime) -> bool:
    """True for the second of two instants at which the clock shows the same."""
    return instants(wall, zone)[1:] == [at]


def skip_around(wall: datetime, zone: str) -> Change:
    """The change that skips this wall time. Raises LookupError when it exists."""
    for change in changes(zone, wall.date() - 2 * DAY, wall.date() + 2 * DAY):
        if change.wall_before <= wall < change.wall_after:
            return change
    raise LookupError(f"{wall} exists in {zone}")


@lru_cache(maxsize=512)
def changes(zone: str, first: date, last: date) -> tuple[Change, ...]:
    """Every change of the clocks of a zone from one day to another."""
    place = zone_of(zone)
    at, end = datetime.combine(first, time(), UTC), datetime.combine(last, time(), UTC)
    found = []
    while at < end:
        if at.astimezone(place).utcoffset() != (at + DAY).astimezone(place).utcoffset():
            found.append(_change_between(at, at + DAY, place))
        at += DAY
    return tuple(found)


def _change_between(early: datetime, late: datetime, place: ZoneInfo) -> Change:
    before = offset(early, place)
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        early, late = (middle, late) if offset(middle, place) == before else (early, middle)
    at = late.replace(microsecond=0)
    after = at.astimezone(place)
    return Change(at, before, offset(at, place), after.tzname() or "", bool(after.dst()))


def offset(at: datetime, place: ZoneInfo) -> timedelta:
    """How far the clocks of a place are ahead of UTC at an instant."""
    return at.astimezone(place).utcoffset() or timedelta()


def promised(moment: datetime, zone: str, *, field: str, is_second: bool | None = None) -> datetime:
    """The instant that somebody means by a wall time in a zone, or by a moment with an offset.

    Raises Invalid at `field` where clocks skip the time, or repeat it and `is_second` does not say which is meant.
    """
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    found = instants(moment, zone)
    if not found:
        change = skip_around(moment, zone)
        last, first = _shown(change.wall_before, moment), _shown(change.wall_after, moment)
        raise Invalid(field, "time-skipped", last=last, first=first)
    if len(found) == 2 and is_second is None:
        raise Invalid(field, "time-repeated")
    return found[-1 if is_second else 0]


def _shown(wall: datetime, beside: datetime) -> str:
    """Hour and minute; the day too where a whole day is skipped."""
    return f"{wall:%H:%M}" if wall.date() == beside.date() else f"{wall:%Y-%m-%d %H:%M}"
