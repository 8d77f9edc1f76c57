"""What happens in the groups of an invented world: posts, events that were and that will be, answers."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from alumni.core import walltime
from alumni.core.text import slugify
from alumni.events.models import Answer, Event, EventAudience, EventKind, EventState, Mode
from alumni.posts.models import Post
from alumni.world import words
from alumni.world.keys import Keys
from alumni.world.rows import Writer
from alumni.world.towns import PLACES

MOST_ANSWERS = 40  # of one event
MOST_POSTS = 12  # of one group
TALKS = ("meeting", "reporting", "seminar", "training")
SMALLEST_ROOM = 8


@dataclass(frozen=True, slots=True)
class Scene:
    """A group, some of the people in it, organisers first, and where it is at home."""

    group_id: int
    people: Sequence[int]
    country: str
    is_open: bool  # invites others too


class Life:
    def __init__(self, writer: Writer, rng: random.Random, keys: Keys) -> None:
        self.writer, self.rng, self.keys, self.now = writer, rng, keys, writer.now

    def happen(self, scene: Scene) -> list[tuple[str, int]]:
        """Writes posts and events of a group. Returns the keys of its posts and who could report each."""
        if len(scene.people) < 3:
            return []
        posts = [self._post(scene) for _ in range(min(MOST_POSTS, self.rng.randint(1, 2 + len(scene.people) // 8)))]
        if self.rng.random() < 0.6:
            self._event(scene, days=-self.rng.randint(5, 700))
        for _ in range(self.rng.choice((0, 1, 1, 2))):
            self._event(scene, days=self.rng.randint(1, 120))
        return posts

    def _past(self, days: int) -> datetime:
        return self.now - timedelta(minutes=self.rng.randrange(5, days * 24 * 60))

    def _post(self, scene: Scene) -> tuple[str, int]:
        rng = self.rng
        language = words.LANGUAGES.get(scene.country, "en") if rng.random() < 0.4 else "en"
        author, reader = rng.sample(scene.people, 2)
        key = self.keys.next()
        self.writer.add(
            Post,
            id=self.writer.next_id(Post),
            key=key,
            group_id=scene.group_id,
            author_id=author,
            language=language,
            body=rng.choice(words.POSTS[language]),
            created_at=self._past(rng.choice((2, 14, 90, 500))),
        )
        return key, reader

    def _event(self, scene: Scene, *, days: int) -> None:
        rng, place = self.rng, PLACES[scene.country]
        title, kind, description, hours = rng.choice(words.EVENTS)
        start_day = walltime.wall_of(self.now, place.zone).date() + timedelta(days=days)
        start = datetime.combine(start_day, time(rng.randint(9, 19), rng.choice((0, 0, 30))))
        mode = rng.choice(tuple(Mode)) if kind in TALKS else Mode.IN_PERSON
        posted_at = self._past(30) - timedelta(days=max(0, -days))
        answers = self._answers(scene)
        going = sum(answer == Answer.GOING for _, answer in answers)
        event_id = self.writer.next_id(Event)
        self.writer.add(
            Event,
            id=event_id,
            slug=f"{slugify(title, longest=40)}-{self.keys.next()}",
            group_id=scene.group_id,
            title=title,
            description=description,
            kind=EventKind(kind),
            mode=mode,
            posted_by_id=scene.people[0],
            created_at=posted_at,
            updated_at=posted_at,
            capacity=rng.choice((None, None, max(SMALLEST_ROOM, going), going + rng.randint(8, 30))),
            audience=self._audience(scene),
            **self._where(scene.country, mode),
            **_when(start, hours, place.zone),
            **self._off(rng.random() < 0.04),
        )
        for account_id, answer in answers:
            at = min(posted_at + timedelta(hours=rng.randint(1, 48)), self.now)
            self.writer.answer(account_id, event_id, answer, at=at)

    def _answers(self, scene: Scene) -> list[tuple[int, Answer]]:
        """Whoever is going comes from the group; some say that they are not."""
        most = min(MOST_ANSWERS, len(scene.people))
        asked = self.rng.sample(scene.people, self.rng.randint(1, most))
        return [(each, Answer.GOING if self.rng.random() < 0.75 else Answer.NOT_GOING) for each in asked]

    def _audience(self, scene: Scene) -> EventAudience:
        if scene.is_open:
            return self.rng.choice((EventAudience.PUBLIC, EventAudience.PUBLIC, EventAudience.MEMBERS))
        return self.rng.choice((EventAudience.GROUP, EventAudience.GROUP, EventAudience.MEMBERS))

    def _where(self, country: str, mode: Mode) -> dict[str, str]:
        town = self.rng.choice(PLACES[country].towns)
        return {
            "place": "" if mode == Mode.ONLINE else f"{self.rng.choice(words.VENUES)}, {town}",
            "country": "" if mode == Mode.ONLINE else country,
            "online_url": "" if mode == Mode.IN_PERSON else words.ONLINE_URL,
        }

    def _off(self, is_cancelled: bool) -> dict[str, Any]:
        if not is_cancelled:
            return {}
        return {"state": EventState.CANCELLED, "cancelled_because": "The hall is closed for repairs.", "revision": 1}


def _when(start: datetime, hours: int, zone: str) -> dict[str, Any]:
    end = start + timedelta(hours=hours)
    return {
        "wall_start": start,
        "wall_end": end,
        "zone": zone,
        # By day, when no clock changes, each wall time is one instant.
        "starts_at": walltime.instants(start, zone)[0],
        "ends_at": walltime.instants(end, zone)[0],
    }
