"""What invented people say about themselves, and to whom."""

import random
from typing import Any

from alumni.members.models import FIELDS, Audience, Segment, Standing, WorkField
from alumni.world import words
from alumni.world.towns import PLACES

# Most leave things as they are, some open them to all members, few to everybody, and a few to nobody.
AS_IT_IS: dict[str, Audience] = {
    "name": Audience.MEMBERS,
    **dict.fromkeys(("former_names", "nationality", "contact"), Audience.ONLY_ME),
}
CIRCLES: tuple[dict[str, Audience], ...] = (
    *({},) * 6,
    *({"programmes": Audience.MEMBERS, "place": Audience.MEMBERS},) * 3,
    *(dict.fromkeys(FIELDS, Audience.MEMBERS) | {"contact": Audience.ONLY_ME},) * 5,
    *(dict.fromkeys(FIELDS, Audience.PUBLIC) | {"contact": Audience.MEMBERS},) * 2,
    {"name": Audience.PUBLIC, "programmes": Audience.PUBLIC, "place": Audience.MEMBERS, "work": Audience.PUBLIC},
    *(dict.fromkeys(FIELDS, Audience.GROUPS),) * 2,
    dict.fromkeys(FIELDS, Audience.ONLY_ME),
)
OFFERS = ("study-advice", "mentoring", "translating", "hosting", "job", "partner", "speaker")
JAPANESE = ("N5", "N4", "N3", "N3", "N2", "N2", "N1")
HOST_TOWNS = ("仙台市", "南三陸町", "横浜市", "大町市", "京丹後市", "今治市", "熊本市", "名護市", "帯広市", "飯田市")
STANDINGS = (*(Standing.GRADUATE,) * 18, Standing.CURRENT, Standing.HOST)
EN, JA = "en", "ja"


def invent_profile(rng: random.Random, country: str, lives_in: str) -> dict[str, Any]:
    """The columns of a member from `country` who lives in `lives_in`, apart from the name and how to be reached."""
    language = words.LANGUAGES.get(country, EN)
    spoken = language if rng.random() < 0.5 else EN
    circles = AS_IT_IS | rng.choice(CIRCLES)
    return {
        "country": lives_in,
        "city": rng.choice(PLACES.get(lives_in, PLACES["JP"]).towns),
        "nationality": country if rng.random() < 0.2 else "",
        "headline": rng.choice(words.HEADLINES.get(spoken, words.HEADLINES[EN])),
        "segment": rng.choice(tuple(Segment)) if rng.random() < 0.8 else None,
        "work_field": rng.choice(tuple(WorkField)) if rng.random() < 0.8 else None,
        "languages": _languages(rng, language),
        "offers": rng.sample(OFFERS, rng.choice((0, 0, 1, 2))),
        "looks_for": rng.sample(OFFERS, rng.choice((0, 0, 0, 1))),
        **{f"{field}_audience": circles.get(field, Audience.GROUPS) for field in FIELDS},
    }


def _languages(rng: random.Random, language: str) -> list[list[str]]:
    """One's own, English, and some Japanese."""
    known = {language: "native", EN: "native" if language == EN else rng.choice(("basic", "good", "fluent"))}
    if language != JA and rng.random() < 0.7:
        known[JA] = rng.choice(JAPANESE)
    return [list(pair) for pair in known.items()]
