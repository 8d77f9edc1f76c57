"""Events that repeat: their dates, and what is changed or called off from one date on."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]

from alumni.core import clock, walltime
from alumni.core.db import db, insert_or_ignore
from alumni.core.errors import Invalid, require
from alumni.core.tokens import new_key
from alumni.core.viewer import Viewer
from alumni.events import notices, policy
from alumni.events.actions.posting import (
    EventDraft,
    call_off,
    change_event,
    insert_once,
    publish,
    state_of_new,
    values_of_draft,
)
from alumni.events.models import Event, EventState, Series
from alumni.groups import actions as groups_actions
from alumni.groups.models import Group

MOST_DATES = 60
LONGEST_SERIES = timedelta(days=2 * 366)
# What people ask for, and no rule that looks for a day that never comes: 30 February, the 99th Monday.
_PARTS = {
    "FREQ": re.compile(r"DAILY|WEEKLY|MONTHLY|YEARLY"),
    "INTERVAL": re.compile(r"[1-9]\d?"),
    "BYDAY": re.compile(r"[+-]?[1-5]?(MO|TU|WE|TH|FR|SA|SU)(,[+-]?[1-5]?(MO|TU|WE|TH|FR|SA|SU)){0,6}"),
    "WKST": re.compile(r"MO|TU|WE|TH|FR|SA|SU"),
    "COUNT": re.compile(r"\d{1,4}"),
    "UNTIL": re.compile(r"\d{8}(T\d{6}Z?)?"),
}
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Repeats:
    """How an event repeats: by a rule of RFC 5545 up to its end or `until` a day, or on `days` of one's own."""

    rule: str = ""
    until: date | None = None
    days: tuple[date, ...] = ()


def rule_by_weekday(first: date, *, is_last: bool) -> str:
    """Each month on the same weekday: the second Tuesday, or the last Friday."""
    nth = -1 if is_last else (first.day - 1) // 7 + 1
    return f"FREQ=MONTHLY;BYDAY={nth}{_DAYS[first.weekday()]}"


def starts_of(first: datetime, repeats: Repeats) -> list[datetime]:
    """The wall times at which a series starts. Raises Invalid("rrule" | "until" | "days") for what is no series."""
    if repeats.rule:
        starts, field = list(_by_rule(first, repeats)), "until"
    else:
        days = {first.date(), *repeats.days}
        starts, field = [datetime.combine(day, first.time()) for day in sorted(days)], "days"
    if starts[0] != first:
        raise Invalid("rrule" if repeats.rule else "days", "series-start")
    if len(starts) < 2:
        raise Invalid(field, "series-of-one")
    if len(starts) > MOST_DATES:
        raise Invalid(field, "series-too-many", most=MOST_DATES)
    if starts[-1] - first > LONGEST_SERIES:
        raise Invalid(field, "series-too-long")
    return starts


def _by_rule(first: datetime, repeats: Repeats) -> Iterable[datetime]:
    parts = dict(part.partition("=")[::2] for part in repeats.rule.upper().split(";"))
    if "FREQ" not in parts or not all(name in _PARTS and _PARTS[name].fullmatch(parts[name]) for name in parts):
        raise Invalid("rrule", "rule")
    if repeats.until:
        parts = {name: value for name, value in parts.items() if name != "COUNT"}
        parts["UNTIL"] = f"{repeats.until:%Y%m%d}T235959"
    if not parts.keys() & {"COUNT", "UNTIL"}:
        raise Invalid("until", "series-endless")
    parts["UNTIL"] = parts.get("UNTIL", "").removesuffix("Z")
    try:
        rule = rrulestr(";".join(f"{name}={value}" for name, value in parts.items() if value), dtstart=first)
    except ValueError:
        raise Invalid("rrule", "rule") from None
    for number, start in enumerate(rule):
        yield start
        # Enough to say that it is too many, or too long: a rule may have dates until the year 9999.
        if number >= MOST_DATES or start - first > LONGEST_SERIES:
            return


def post_series(
    *, actor: Viewer, group: Group, draft: EventDraft, repeats: Repeats, key: str, is_kept_back: bool = False
) -> Event:
    """An event for each date; the first of them. The same key makes one series however often it is sent."""
    require(policy.can_post(actor, group.id), "insider")
    groups_actions.require_open(group)
    draft = in_wall_time(draft)
    starts = starts_of(draft.start, repeats)
    all_values = [_values_on(draft, start) for start in starts]
    if all_values[0]["starts_at"] <= clock.now():
        raise Invalid("starts_at", "past")
    series = _insert_series(actor, draft, repeats.rule, len(starts), key)
    dates = sa.select(Event).where(Event.series_key == series).order_by(Event.series_start)
    if (first := db.session.scalar(dates.limit(1))) is not None:
        return first  # sent twice
    state = state_of_new(actor, group, is_kept_back=is_kept_back)
    for start, values in zip(starts, all_values, strict=True):
        mine = {"group_id": group.id, "posted_by_id": actor.id, "state": state}
        insert_once(actor, new_key(), values | mine | {"series_key": series, "series_start": start})
    first = db.session.scalars(dates.limit(1)).one()
    if state == EventState.PROPOSED and not is_kept_back:
        notices.tell_organisers_of_proposal(first)
    elif state == EventState.PUBLISHED:
        notices.tell_of_event(first)
    return first


def _insert_series(actor: Viewer, draft: EventDraft, rule: str, count: int, key: str) -> str:
    """The key of the series: another one where this one is somebody else's."""
    kept = [part for part in rule.upper().split(";") if part.partition("=")[0] not in ("COUNT", "UNTIL")]
    values = {
        "rule": ";".join([*kept, f"COUNT={count}"]) if rule else "",
        "wall_start": draft.start,
        "zone": draft.zone,
        "posted_by_id": actor.id,
    }
    while not insert_or_ignore(Series, values | {"key": key}):
        if db.session.get_one(Series, key).posted_by_id == actor.id:
            break
        key = new_key()
    return key


def _values_on(draft: EventDraft, start: datetime) -> dict[str, Any]:
    """The columns of one date. What no clock shows is said with its day, if that is not the first."""
    if start == draft.start:
        return values_of_draft(draft)
    this = replace(draft, start=start, end=start + (draft.end - draft.start))
    # Nobody is asked which of two equal times is meant on the tenth date: the first, if not said otherwise.
    this = replace(this, start_is_second=bool(draft.start_is_second), end_is_second=bool(draft.end_is_second))
    try:
        return values_of_draft(this)
    except Invalid as error:
        raise Invalid(error.field, "on-that-day", day=start.date()) from error


def in_wall_time(draft: EventDraft) -> EventDraft:
    """The draft with both of its times as clocks in its zone show them."""
    if draft.start.tzinfo is None and draft.end.tzinfo is None:
        return draft
    values = values_of_draft(draft)
    return replace(draft, start=values["wall_start"], end=values["wall_end"])


def edit_following(*, actor: Viewer, event: Event, draft: EventDraft, seen: int | None = None) -> Event:
    """This date and all that follow: what is another now becomes so for each, and a start moves by as much.

    Whoever comes to any of them gets one letter.
    """
    draft, was = in_wall_time(draft), _draft_of(event)
    following = _following(event)
    made = [change_event(actor=actor, event=event, draft=draft, seen=seen)]
    for each in following:
        try:
            made.append(change_event(actor=actor, event=each, draft=_changed_alike(_draft_of(each), was, draft)))
        except Invalid as error:
            raise Invalid(error.field, "on-that-day", day=each.wall_start.date()) from error
    told = [change for change in made if change is not None and change.is_told]
    if told:
        ids = [each.id for each in (event, *following)]
        notices.tell_series_of_change(event, ids, asks_again=any(change.asks_again for change in told))
    return event


def cancel_following(*, actor: Viewer, event: Event, reason: str) -> Event:
    """This date and all that follow will not take place. Whoever comes to any of them gets one letter."""
    following = _following(event)
    was_published = [call_off(actor=actor, event=each, reason=reason) for each in (event, *following)]
    if any(was_published):
        notices.tell_series_of_cancellation(event, [each.id for each in (event, *following)])
    elif event.posted_by_id != actor.id:
        notices.tell_proposer_of_cancellation(event)
    return event


def publish_series(*, actor: Viewer, event: Event) -> Event:
    """All dates of a proposal become events. Whoever proposed it gets one letter."""
    waiting = [each for each in _following(event, also_before=True) if each.state == EventState.PROPOSED]
    publish(actor=actor, event=event)
    for each in waiting:
        publish(actor=actor, event=each)
    notices.tell_of_event(event)
    if event.posted_by_id != actor.id:
        notices.tell_proposer_of_publication(event)
    return event


def _following(event: Event, *, also_before: bool = False) -> list[Event]:
    """The other dates ahead that are not called off: those after this one. All who change them lock them in order."""
    select = sa.select(Event).where(
        Event.series_key == event.series_key,
        Event.series_key.is_not(None),
        Event.id != event.id,
        Event.state != EventState.CANCELLED,
        Event.ends_at > clock.now(),
    )
    if not also_before:
        select = select.where(Event.starts_at > event.starts_at)
    return list(db.session.scalars(select.order_by(Event.starts_at, Event.id)))


def _draft_of(event: Event) -> EventDraft:
    """An event as somebody would have entered it."""
    same: dict[str, Any] = {
        field.name: getattr(event, field.name) for field in fields(EventDraft) if hasattr(event, field.name)
    }
    return EventDraft(
        **same,
        start=event.wall_start,
        end=event.wall_end,
        start_is_second=walltime.is_second(event.wall_start, event.zone, event.starts_at),
        end_is_second=walltime.is_second(event.wall_end, event.zone, event.ends_at),
    )


def _changed_alike(each: EventDraft, was: EventDraft, new: EventDraft) -> EventDraft:
    """What is another in `new` than it `was` is so in this one too."""
    by_value = [field.name for field in fields(EventDraft) if field.name not in ("start", "end")]
    other = {name: getattr(new, name) for name in by_value if getattr(new, name) != getattr(was, name)}
    for name in ("start_is_second", "end_is_second"):
        other.pop(name, None)
    return replace(each, **other, start=each.start + (new.start - was.start), end=each.end + (new.end - was.end))
