"""What organisers enter of their group, and people of one that they want."""

import re
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.fields import SelectChoice
from wtforms.validators import StopValidation

from alumni.groups.models import Group, GroupKind, JoinPolicy, Visibility
from alumni.settings.actions import NewGroup, Setup
from alumni.web.forms import BaseForm, BlockField, ChecksField, ChoiceField, LineField, OnceForm, RadioField
from alumni.web.links import LinkField
from alumni.web.templating import country_choices

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_ABOUT = 20_000
FAMILY = "family:"  # before the slug of a family, among those of programmes
KINDS = [
    (GroupKind.CHAPTER.value, _l("Chapter: people of one place")),
    (GroupKind.INTEREST.value, _l("Interest group: people with something in common")),
    (GroupKind.ASSOCIATION.value, _l("Association: people of one country")),
]
VISIBILITIES = [
    (Visibility.PUBLIC.value, _l("Everybody")),
    (Visibility.MEMBERS.value, _l("Members with a verified participation")),
    (Visibility.OWN.value, _l("Only who is in it, or invited")),
]
POLICIES = [
    (JoinPolicy.OPEN.value, _l("Any member with a verified participation joins")),
    (JoinPolicy.REQUEST.value, _l("An organiser lets people in")),
    (JoinPolicy.PARTICIPATION.value, _l("Who has taken part, or lives there, joins")),
    (JoinPolicy.INVITATION.value, _l("By invitation")),
]


def _any_country_or() -> list[Any]:
    return [("", gettext("Any country")), *country_choices()]


class SetupForm(BaseForm):
    name = LineField(_l("Name"), longest=300, needed=_l("Enter the name of the group."))
    abbr = LineField(_l("Short name"), longest=40)
    about = BlockField(_l("About the group"), longest=LONGEST_ABOUT, hint=_l("Markdown may be used."))
    website = LinkField(_l("Website"))
    slug = LineField(
        _l("Address"),
        longest=80,
        needed=_l("Enter the address."),
        hint=_l("The last part of the address of the group. The old address goes on leading here."),
    )
    visibility = RadioField(
        _l("Who sees that the group exists?"),
        choices=VISIBILITIES,
        hint=_l("Who is in it is seen by those inside alone, always."),
    )
    join_policy = RadioField(_l("How does one join?"), choices=POLICIES)
    join_question = LineField(
        _l("A question to those who ask to be let in"),
        longest=300,
        hint=_l("For example: In which year did you come home? Organisers read the answer."),
    )
    members_invite = BooleanField(_l("Members may invite people, not only organisers"))
    programmes = ChecksField(
        _l("Of these programmes"), hint=_l("With a verified participation in one of them. None chosen: in any.")
    )
    country = ChoiceField(
        _l("Living in"),
        choices=_any_country_or,
        default="",
        hint=_l("As their profile shows it to people of their groups. Who hides it is not found by it."),
    )
    by_itself = BooleanField(_l("Whoever fulfils this is in without asking. They may leave, and are not put back."))

    def offer(self, families: list[tuple[str, str, list[tuple[str, str]]]]) -> None:
        """Sets the programmes to choose from: a family as a whole, or one of its programmes."""
        self.programmes.choices = [
            choice
            for slug, name, programmes in families
            for choice in (
                SelectChoice(FAMILY + slug, gettext("%(family)s, all of it", family=name)),
                *(SelectChoice(one, short) for one, short in programmes),
            )
        ]

    def validate_slug(self, field: Any) -> None:
        if not SLUG.fullmatch(field.data or ""):
            raise StopValidation(
                gettext("Use small Latin letters, digits and single hyphens, for example kakehashi-2.")
            )

    def setup(self) -> Setup:
        """What was entered, once it is valid."""
        chosen = self.programmes.data or []
        return Setup(
            name=self.name.data,
            abbr=self.abbr.data,
            about=self.about.data,
            website=self.website.data,
            slug=self.slug.data,
            visibility=Visibility(self.visibility.data),
            join_policy=JoinPolicy(self.join_policy.data),
            join_question=self.join_question.data,
            members_invite=self.members_invite.data,
            families=[slug.removeprefix(FAMILY) for slug in chosen if slug.startswith(FAMILY)],
            programmes=[slug for slug in chosen if not slug.startswith(FAMILY)],
            country=self.country.data,
            by_itself=self.by_itself.data,
        )


def facts_of(group: Group, admitted: list[Any]) -> dict[str, Any]:
    """What the form begins with."""
    return {
        "name": group.name,
        "abbr": group.abbr,
        "about": group.about,
        "website": group.website,
        "slug": group.slug,
        "visibility": group.visibility.value,
        "join_policy": group.join_policy.value,
        "join_question": group.join_question,
        "members_invite": group.members_invite,
        "programmes": [(FAMILY if row.family_id else "") + row.slug for row in admitted],
        "country": group.admits_country,
        "by_itself": group.admits_by_itself,
    }


class PlaceForm(BaseForm):
    parent = ChoiceField(_l("Belongs to"), default="")
    further = ChecksField(_l("Stands under these as well"))

    def offer(self, groups: list[tuple[str, str]]) -> None:
        choices = [SelectChoice(slug, name) for slug, name in groups]
        self.parent.choices = [SelectChoice("", gettext("None: it stands by itself")), *choices]
        self.further.choices = choices


class NewGroupForm(OnceForm):
    kind = RadioField(_l("What kind of group?"), choices=KINDS, default=GroupKind.CHAPTER.value)
    name = LineField(_l("Name"), longest=300, needed=_l("Enter the name of the group."))
    about = BlockField(
        _l("What is it for?"), longest=LONGEST_ABOUT, needed=_l("Say in a sentence or two what the group is for.")
    )
    country = ChoiceField(_l("Country"), choices=_any_country_or, default="")

    def new(self) -> NewGroup:
        return NewGroup(GroupKind(self.kind.data), self.name.data, self.about.data, self.country.data)
