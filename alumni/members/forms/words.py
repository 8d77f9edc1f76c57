"""What the values of profiles are called: in selects, in the directory, on a person's page."""

from collections.abc import Mapping
from functools import lru_cache

from flask_babel import lazy_gettext as _l

from alumni.members.models import Audience, Level, ParticipationRole, Segment, Standing, WorkField
from alumni.members.queries import Reason
from alumni.web.i18n import lang
from alumni.web.templating import Words, country, language_name

AUDIENCE_WORDS = {
    Audience.ONLY_ME: _l("Only me"),
    Audience.GROUPS: _l("My groups"),
    Audience.MEMBERS: _l("Members"),
    Audience.PUBLIC: _l("Everybody"),
}
SEGMENTS = {
    Segment.STUDENT: _l("Student"),
    Segment.OFFICIAL: _l("Public official"),
    Segment.BUSINESS: _l("Business person"),
    Segment.RESEARCHER: _l("Researcher"),
    Segment.TEACHER: _l("Teacher"),
    Segment.JOURNALIST: _l("Journalist"),
    Segment.CIVIL_SOCIETY: _l("Civil society"),
    Segment.ARTS: _l("Artist or performer"),
    Segment.SPORT: _l("Athlete or coach"),
}
FIELDS_OF_WORK = {
    WorkField.AGRICULTURE: _l("Agriculture and food"),
    WorkField.ARTS: _l("Arts and design"),
    WorkField.BUSINESS: _l("Business and trade"),
    WorkField.ECONOMICS: _l("Economics and finance"),
    WorkField.EDUCATION: _l("Education"),
    WorkField.ENERGY: _l("Energy"),
    WorkField.ENGINEERING: _l("Engineering"),
    WorkField.ENVIRONMENT: _l("Environment"),
    WorkField.GOVERNMENT: _l("Government and administration"),
    WorkField.HEALTH: _l("Health and medicine"),
    WorkField.IT: _l("Information technology"),
    WorkField.LANGUAGES: _l("Languages and translation"),
    WorkField.LAW: _l("Law"),
    WorkField.MEDIA: _l("Media and journalism"),
    WorkField.PEACE: _l("Peace and international relations"),
    WorkField.SCIENCE: _l("Natural science"),
    WorkField.SPORTS: _l("Sport"),
    WorkField.TOURISM: _l("Tourism"),
    WorkField.TRANSPORT: _l("Transport and logistics"),
    WorkField.WELFARE: _l("Welfare and social work"),
}
ROLES = {
    ParticipationRole.PARTICIPANT: _l("Participant"),
    ParticipationRole.SUPERVISOR: _l("Supervisor"),
    ParticipationRole.LEADER: _l("Leader"),
    ParticipationRole.FACILITATOR: _l("Facilitator"),
    ParticipationRole.OBSERVER: _l("Observer"),
}
# Towards the network of a programme.
STANDINGS = {
    Standing.GRADUATE: _l("Graduate"),
    Standing.CURRENT: _l("On the programme now"),
    Standing.COMPANY: _l("From a company that receives interns"),
    Standing.VOLUNTEER: _l("Former volunteer"),
    Standing.HOST: _l("Host family or teacher"),
    Standing.OFFICER: _l("From an agency or a mission"),
}
LEVELS = {
    Level.BASIC: _l("Basic"),
    Level.GOOD: _l("Good"),
    Level.FLUENT: _l("Fluent"),
    Level.NATIVE: _l("Mother tongue"),
    Level.N5: "N5",
    Level.N4: "N4",
    Level.N3: "N3",
    Level.N2: "N2",
    Level.N1: "N1",
}
# Why somebody may be known to the reader.
REASONS = {
    Reason.COHORT: _l("You were in the same cohort"),
    Reason.TOWN: _l("You stayed in the same town"),
    Reason.WORK: _l("Same field, same country"),
}
# What a list of people is narrowed by.
FACET_WORDS = Words(
    {
        "programme": _l("Programme"),
        "year": _l("Year"),
        "country": _l("Lives in"),
        "from": _l("Sent from"),
        "field": _l("Field of work"),
        "language": _l("Language"),
        "offer": _l("Offers"),
        "standing": _l("Standing"),
        "cohort": _l("Cohort"),
        "town": _l("Stayed in"),
        "q": _l("Name"),
    }
)


def name_in(names: Mapping[str, str] | None, otherwise: str = "") -> str:
    """One of the names that something has in several languages: the reader's, or English."""
    return (names or {}).get(lang()) or (names or {}).get("en") or otherwise


def value_name(facet: str, term: str, name: str = "", names: Mapping[str, str] | None = None) -> str:
    """What the value of a filter is called. `name` and `names` are those of the catalogue."""
    if facet == "offer":
        return name_in(names, term)
    return name or _in_words(facet, term, lang())


@lru_cache(maxsize=4096)
def _in_words(facet: str, term: str, reader: str) -> str:
    """A page names sixty of them: each is looked up once for each language."""
    if facet in ("country", "from"):
        return country(term)
    if facet == "language":
        return language_name(term)
    if facet == "field":
        return str(FIELDS_OF_WORK[WorkField(term)])
    if facet == "standing":
        return str(STANDINGS[Standing(term)])
    return term
