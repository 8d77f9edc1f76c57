"""Ten thousand random operations on seats and their line agree with a model that fits on a page."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from alumni.accounts.models import Account
from alumni.attendance import actions
from alumni.attendance.actions import Reply
from alumni.core import clock
from alumni.core.db import db
from alumni.core.errors import DomainError
from alumni.core.viewer import Viewer
from alumni.events import actions as events_actions
from alumni.events import queries
from alumni.events.actions import EventDraft
from alumni.events.models import Answer, Attendance, AttendanceState, Event, EventAudience, Mode
from tests.cast import viewer_of
from tests.events.shapes import make_event, make_many

PEOPLE, STEPS, RUNS = 7, 50, 100  # on each of two engines: 10,000 operations

OPERATIONS = st.one_of(
    st.tuples(st.just("going"), st.integers(0, PEOPLE - 1), st.integers(1, 3)),
    st.tuples(st.sampled_from(["not_going", "maybe", "decline", "front"]), st.integers(0, PEOPLE - 1)),
    st.tuples(st.just("seats"), st.one_of(st.none(), st.integers(1, 8))),
    st.tuples(st.just("lapse")),
)


class Model:
    """Who stands how, and the line in its order."""

    def __init__(self, seats, at_once, small_ahead):
        self.seats, self.at_once, self.small_ahead = seats, at_once, small_ahead
        self.stands, self.party, self.line = {}, {}, []

    @property
    def taken(self):
        return sum(self.party[p] for p, state in self.stands.items() if state in ("going", "offered"))

    def fits(self, more):
        return (self.seats is None or self.taken + more <= self.seats) and (not self.line or self.small_ahead)

    def fill(self, here=None):
        while self.line and (self.seats is None or self.taken < self.seats):
            free = None if self.seats is None else self.seats - self.taken
            able = [p for p in self.line if free is None or self.party[p] <= free]
            first = (able or [None])[0] if self.small_ahead else self.line[0]
            if first is None or first not in able:
                return
            self.line.remove(first)
            self.stands[first] = "going" if self.at_once or first == here else "offered"

    def leave(self, person, state):
        if person in self.line:
            self.line.remove(person)
        self.stands[person], self.party[person] = state, 1
        self.fill()

    def going(self, person, party):
        now = self.stands.get(person)
        if now == "declined":
            return
        if now in ("going", "offered"):
            if party <= self.party[person] or self.fits(party - self.party[person]):
                self.stands[person], self.party[person] = "going", party
                self.fill()
        elif now == "waiting":
            self.party[person] = party
            self.fill(person)
        elif self.fits(party):
            self.stands[person], self.party[person] = "going", party
        else:
            self.stands[person], self.party[person] = "waiting", party
            self.line.append(person)
            self.fill(person)

    def not_going(self, person):
        if self.stands.get(person) != "declined":
            self.leave(person, "not_going")

    def maybe(self, person):
        if self.stands.get(person) != "declined":
            self.leave(person, "maybe")

    def decline(self, person):
        if self.stands.get(person) in ("going", "offered", "maybe", "waiting"):
            self.leave(person, "declined")

    def front(self, person):
        if person in self.line:
            self.line.remove(person)
            self.line.insert(0, person)
            self.fill()

    def set_seats(self, seats):
        if seats is None or seats >= self.taken:
            self.seats = seats
            self.fill()

    def lapse(self):
        for person in [p for p, state in self.stands.items() if state == "offered"]:
            if self.stands[person] == "offered":
                self.leave(person, "not_going")


class Product:
    """The same operations on the real thing."""

    def __init__(self, slug, people, organiser):
        self.slug, self.people, self.organiser = slug, people, organiser
        self.event = db.session.scalars(select(Event).where(Event.slug == slug)).one()

    def answer(self, person, answer, party=1):
        viewer = Viewer(id=self.people[person][1], is_verified=True)
        row = queries.event_to_answer(viewer, slug=self.slug).first()
        guests = tuple(f"Guest {n}" for n in range(1, party))
        actions.answer_event(actor=viewer, event=row, reply=Reply(Answer(answer), guests=guests))

    def decide(self, act, person):
        handle = self.people[person][0]
        act(actor=self.organiser, event=self.event, handle=handle, reason="So it is.")

    def set_seats(self, seats):
        event = self.event
        draft = EventDraft(
            **{name: getattr(event, name) for name in ("title", "kind", "place", "country", "online_url", "zone")},
            **{name: getattr(event, name) for name in ("audience", "description", "online_capacity")},
            mode=Mode.IN_PERSON,
            start=event.wall_start,
            end=event.wall_end,
            capacity=seats,
        )
        events_actions.edit_event(actor=self.organiser, event=event, draft=draft)

    def lapse(self):
        now = clock.now()
        offered = update(Attendance).where(Attendance.state == AttendanceState.OFFERED)
        db.session.execute(offered.values(offered_until=now).execution_options(synchronize_session=False))
        for _ in actions.lapse_offers(now):
            pass

    def do(self, operation, *values):
        try:
            match operation:
                case "going" | "not_going" | "maybe":
                    self.answer(values[0], operation, *values[1:])
                case "decline":
                    self.decide(actions.decline_attendance, *values)
                case "front":
                    self.decide(actions.move_to_front, *values)
                case "seats":
                    self.set_seats(*values)
                case "lapse":
                    self.lapse()
        except DomainError:
            pass  # what is refused changes nothing: the comparison shows it

    def stands(self):
        numbers = {account_id: n for n, (_, account_id) in enumerate(self.people)}
        columns = (Attendance.account_id, Attendance.state, Attendance.party, Attendance.line_no)
        rows = db.session.execute(select(*columns).where(Attendance.event_id == self.event.id)).all()
        line = sorted((row.line_no, numbers[row.account_id]) for row in rows if row.line_no is not None)
        counts = db.session.execute(
            select(Event.capacity, Event.seats_taken, Event.waiting).where(Event.id == self.event.id)
        ).one()
        stands = {numbers[row.account_id]: (row.state.value, row.party) for row in rows}
        return stands, [person for _, person in line], tuple(counts)


def test_it_agrees_with_the_model(app, cast):
    with app.app_context():
        emails = make_many(cast.group, PEOPLE)
        people = [(handle(account_id), account_id) for _, account_id in emails]
        organiser = viewer_of(cast.alice)

        @settings(
            max_examples=RUNS, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
        )
        @given(st.integers(1, 6), st.booleans(), st.booleans(), st.lists(OPERATIONS, min_size=STEPS, max_size=STEPS))
        def agree(seats, at_once, small_ahead, operations):
            slug = make_event(
                cast.group,
                audience=EventAudience.MEMBERS,
                capacity=seats,
                gives_at_once=at_once,
                lets_small_ahead=small_ahead,
                most_guests=2,
            )
            model, product = Model(seats, at_once, small_ahead), Product(slug, people, organiser)
            for operation, *values in operations:
                getattr(model, "set_seats" if operation == "seats" else operation)(*values)
                product.do(operation, *values)
                expected = {person: (state, model.party[person]) for person, state in model.stands.items()}
                counts = (model.seats, model.taken, len(model.line))
                assert product.stands() == (expected, model.line, counts), (operation, *values)

        agree()


def handle(account_id):
    return db.session.get_one(Account, account_id).handle
