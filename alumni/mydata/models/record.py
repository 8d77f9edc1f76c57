"""The record of what is kept of people (GDPR article 30): one line for each table, read by whoever takes their data
along, by whoever erases them, and by `docs/privacy.md`.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple


class Erasure(StrEnum):
    DELETED = "deleted"
    NAMELESS = "made nameless"
    KEPT = "kept"


class Kept(NamedTuple):
    """A table that holds something of people.

    `own` are the columns that say whose a row is, or ways there through references (`participation_id.account_id`);
    whoever else a row points to has only done something with it. `address` is a column with an address.
    """

    why: str
    seen_by: str
    until: str
    own: str = ""
    says: str = ""  # columns of text that tell something of a person
    plain: str = ""  # columns of text that do not
    erasure: Erasure = Erasure.DELETED
    blank: Mapping[str, Any] = {}  # what remains in a row that is made nameless
    address: str = ""
    shows: str = ""  # the columns that its owner takes along, where it is not all of them
    left_out: str = ""  # why it is not taken along, and since when


ONE_SELF = "its owner"
STAFF = "moderators and administrators"
DESK = "officers in scope"
PUBLIC = "as its audience says"
LIFE = "the account"
ROLES = "people of the group"
RECORD = "the record of the group"
AGENCY = "the list of the agency"
NAMELESS, KEPT = Erasure.NAMELESS, Erasure.KEPT
NO_NAME = "–"

PEOPLE: dict[str, Kept] = {
    # The person.
    "accounts": Kept(
        "To sign in and to be written to", ONE_SELF, "for ever, without address, name and password", "id",
        "handle email password_hash suspension_reason", "language zone", NAMELESS, address="email",
    ),
    "sign_ins": Kept("Devices that are signed in", ONE_SELF, "30 days", "account_id", "device"),
    "known_devices": Kept("Devices from which somebody has signed in", ONE_SELF, LIFE, "account_id", "device"),
    "address_changes": Kept(
        "Another address for an account", ONE_SELF, "30 days", "account_id", "new_email old_email", address="new_email"
    ),
    "pending_sign_ins": Kept("A password that waits for its code", "nobody", "10 minutes", "account_id"),
    "second_factors": Kept(
        "The app that makes codes to sign in with", "nobody", "until it is turned off", "account_id", plain="secret",
        shows="confirmed_at",
    ),
    "recovery_codes": Kept(
        "Codes on paper, to sign in without the app", "nobody", "until there are new ones", "account_id",
        shows="used_at",
    ),
    "members": Kept(
        "The profile", "for each part who its owner chose", LIFE, "account_id",
        "name name_romanised name_reading family_name call_me former_names picture country city nationality community "
        "headline employer bio links languages offers looks_for contact born_on",
    ),
    "career_entries": Kept(
        "Work and studies", "as the profile says", LIFE, "account_id", "title organisation country"
    ),
    "listings": Kept(
        "What each audience sees of the profile", "that audience", LIFE, "account_id",
        "handle name name_romanised picture country city headline programme_line offers other_names programmes contact "
        "details",
    ),
    "postings": Kept(
        "By which words the directory finds somebody", "nobody", LIFE, "account_id", "sort_key sort_kana",
        left_out="2026-11-27: made from the listings, which are taken along",
    ),
    "participations": Kept(
        "Where somebody took part", "the desk, and as the profile says", LIFE, "account_id",
        "country host_town name_as_printed note decision_reason",
    ),
    "blocks": Kept(
        "Whom somebody does not want to meet", ONE_SELF, LIFE, "blocker_id blocked_id", shows="created_at",
        left_out="2026-11-27: it would tell who has blocked whom; the page of a person says whom one has blocked",
    ),
    "consents": Kept("What somebody agreed to", ONE_SELF, LIFE, "account_id", plain="version language"),
    "data_exports": Kept("Copies of one's data", ONE_SELF, "7 days", "account_id", plain="language file"),
    "closings": Kept(
        "That an account is closed, and when", STAFF, "for ever, so that a restored backup forgets it again",
        "account_id", erasure=KEPT,
    ),
    "api_tokens": Kept("Programs that act for somebody", ONE_SELF, "a year at most", "account_id", "name",
                       "scopes used_on"),
    "profile_checks": Kept("When somebody said that their profile is right", ONE_SELF, LIFE, "account_id"),
    # Letters and messages.
    "letter_choices": Kept("Which letters somebody wants", ONE_SELF, LIFE, "account_id"),
    "quiet_hours": Kept("In which hours letters wait", ONE_SELF, LIFE, "account_id"),
    "bounces": Kept("That letters came back", ONE_SELF, LIFE, "account_id", plain="status"),
    "digests": Kept("When the next letter of news is due", "nobody", LIFE, "account_id"),
    "told": Kept("Of what a letter has told", "nobody", "60 days", "account_id", plain="about"),
    "kept_letters": Kept("Letters, to be read here as well", ONE_SELF, "30 days", "account_id", "facts",
                         "reference template"),
    "circulars": Kept("Letters to many at once", ROLES, RECORD, "author_id", "filters", "key zone language", NAMELESS),
    "circular_versions": Kept(
        "What they say", "their readers", "with the circular", "circular_id.author_id", "title body", "language",
        NAMELESS,
    ),
    "circular_letters": Kept("Which circulars somebody got", ROLES, LIFE, "account_id"),
    "message_choices": Kept("Who may write to somebody", ONE_SELF, LIFE, "account_id"),
    "conversations": Kept(
        "Who writes to whom", "the two", "until both have left", "low_id high_id asker_id", erasure=NAMELESS,
        shows="created_at",
    ),
    "conversation_sides": Kept("How one stands in a conversation", ONE_SELF, LIFE, "account_id", shows="newest_at"),
    "messages": Kept(
        "What somebody wrote to another", "the two; moderators, where it was reported", "until both have left",
        "sender_id", "body", "note_digest", NAMELESS, shows="body sent_at",
    ),
    "calendar_feeds": Kept("The secret address of one's calendar", ONE_SELF, LIFE, "account_id"),
    "tries": Kept(
        "How often something was tried", "nobody", "15 minutes to a day", plain="bucket",
        left_out="2026-11-27: a digest from which nobody is found, over in a day", erasure=KEPT,
    ),
    "no_letters": Kept(
        "Addresses that want no invitations", "nobody", "for ever, as a digest", left_out="2026-11-27: a digest",
        erasure=KEPT,
    ),
    "jobs": Kept(
        "Letters and other work that is promised", "nobody", "until it is done; 30 days if it failed", says="payload",
        plain="kind problem", left_out="2026-11-27: numbers only, wiped when the work is done", erasure=KEPT,
    ),
    "audit_lines": Kept(
        "Who did what to which thing: number of the account and handle, no name and no address", STAFF, "for ever",
        says="subject reason facts network", plain="action", erasure=KEPT,
        left_out="2026-11-27: the log of those who act for others; looks at one's own entry are on the page",
    ),
    # Groups.
    "memberships": Kept("Which groups somebody is in", "people of the group", LIFE, "account_id", "answer"),
    "tenures": Kept(
        "What somebody does for a group, and until when", ROLES, LIFE, "account_id", "title end_reason",
        "starts_on ends_on",
    ),
    "group_invitations": Kept(
        "Invitations that somebody wrote", "who wrote it, and organisers", "90 days", "by_id", "email words",
        address="email", shows="words state times used created_at expires_at",
    ),
    "group_proposals": Kept(
        "Groups that somebody proposed", "who decides", LIFE, "proposed_by_id", "reason", "name about country"
    ),
    "post_visits": Kept("What somebody has seen in a group", ONE_SELF, LIFE, "account_id"),
    "posts": Kept(
        "What somebody wrote", "the group", "as its author chooses on closing: gone, or without a name", "author_id",
        "body", "language", NAMELESS,
    ),
    "post_versions": Kept(
        "How it read before", "its author and moderators", "with the post", "post_id.author_id", "body", "language",
    ),
    "post_pictures": Kept(
        "Pictures in posts", "the group", "with the post", "post_id.author_id draft_id.account_id", "name alt"
    ),
    "post_drafts": Kept("What is being written", ONE_SELF, LIFE, "account_id", "body", "place language"),
    "announcements": Kept(
        "Letters to a group", ROLES, "with the post", "post_id.author_id", plain="country"
    ),
    "plans": Kept(
        "What somebody sets out to do", PUBLIC, LIFE, "account_id", "title what for_whom first_step", "by_when"
    ),
    "check_ins": Kept("How a plan goes", "as the plan", "with the plan", "plan_id.account_id", "words"),
    "outreach_entries": Kept(
        "What somebody told others of Japan", PUBLIC, "the sums stay; words and link go", "account_id",
        "title place link words", "held_on country", NAMELESS, {"title": NO_NAME, "place": "", "link": "", "words": ""},
    ),
    # Events.
    "attendances": Kept("Who comes to an event", "organisers and those who come", LIFE, "account_id", "guests"),
    "event_invitations": Kept("Who is invited to an event", "organisers", LIFE, "account_id"),
    "event_replies": Kept("Replies to questions of an event", "organisers", "as the event says", "account_id", "value"),
    "event_reply_files": Kept(
        "Files as replies", "organisers", "as the event says", "account_id", "file", "media_type"
    ),
    "reminders": Kept("Of which events a letter has told", "nobody", LIFE, "account_id"),
    "arrivals": Kept("Who came to an event", "organisers", "the number stays", "account_id", "name country",
                     erasure=NAMELESS, blank={"country": ""}),
    "visitors": Kept(
        "People without an account at public events", "organisers", "30 days after the event", says="email name",
        plain="country language", address="email", left_out="2026-11-27: of an address, not of an account",
    ),
    "session_choices": Kept("Which sessions somebody chose", "organisers", LIFE, "account_id"),
    "delegation_heads": Kept("Who leads a delegation", "those who come", LIFE, "account_id", plain="country"),
    "meeting_requests": Kept("Meetings with companies", "the company", LIFE, "account_id", "note reason"),
    "companies": Kept(
        "Who speaks for a company at a fair", "those who come", "the company stays", "contact_id", "asked_email",
        "name country sector looks_for languages stand url search_text", NAMELESS, address="asked_email",
        shows="name country sector",
    ),
    "feedback_answers": Kept("How an event was", "organisers, without a name", LIFE, "account_id", "replies"),
    "feedback_letters": Kept("Who was asked how it was", "nobody", LIFE, "account_id"),
    "event_reports": Kept(
        "The report of an event; quotes with names of people who agreed", "as it is published", RECORD,
        says="words_en words_ja minutes_en minutes_ja quotes", plain="handed_to handed_on numbers", erasure=NAMELESS,
        left_out="2026-11-27: published by a group; what names somebody was agreed to",
    ),
    "report_pictures": Kept(
        "Pictures of an event", "as the report", RECORD, says="name caption", erasure=KEPT,
        left_out="2026-11-27: of the event, not of one person",
    ),
    "event_sessions": Kept(
        "Who speaks at a conference", "those who see the event", RECORD, says="speakers", plain="title about room",
        erasure=KEPT, left_out="2026-11-27: a published programme",
    ),
    "event_series": Kept(
        "Events that repeat", "as the event", RECORD, "posted_by_id", plain="rule wall_start zone", erasure=NAMELESS
    ),
    "events": Kept(
        "Events that somebody posted", "as its audience says", RECORD, "posted_by_id", says="host",
        plain="title description search_text place country online_url wall_start wall_end zone series_start "
        "replies_until cancelled_because attended_by source", erasure=NAMELESS,
    ),
    "event_hosts": Kept("Who asked and agreed to hold an event together", "organisers", RECORD, erasure=NAMELESS,
                        left_out="2026-11-27: what organisers did for their groups"),
    # Teams.
    "team_members": Kept("Who is in a team", "the round", LIFE, "account_id"),
    "mentors": Kept("Who helps teams", "the round", LIFE, "account_id"),
    "team_comments": Kept(
        "What somebody said to a team", "the team", "the words go", "author_id", "body", erasure=NAMELESS,
        blank={"body": NO_NAME},
    ),
    "team_versions": Kept(
        "What a team handed in", "as the round says", "the work of the team", "by_id", plain="title idea",
        erasure=NAMELESS,
    ),
    "teams": Kept(
        "Teams and who leads them", "the round", "the work of the team", "chair_id", plain="name topic title idea",
        erasure=NAMELESS,
    ),
    "team_rounds": Kept(
        "Tasks for teams", "the round", RECORD, "made_by_id", plain="title task zone", erasure=NAMELESS
    ),
    # Claims and lists.
    "cases": Kept(
        "What the desk knows of a claim", DESK, "with the participation", "participation_id.account_id",
        "number born_on institution question", "agrees differs", shows="number born_on institution question",
    ),
    "case_steps": Kept(
        "What happened to a claim", "the claimant and the desk", "with the participation",
        "participation_id.account_id", "words",
    ),
    "evidence": Kept(
        "Files that show that somebody was there", "the claimant and the desk", "30 days after the decision",
        "participation_id.account_id", "file title", "media_type",
    ),
    "vouches": Kept("For whom somebody vouches", "the desk", LIFE, "voucher_id", "reason",
                    shows="state asked_at answered_at reason"),
    "claim_rules": Kept("How claims are decided", DESK, RECORD, "changed_by_id", erasure=NAMELESS),
    "roster_entries": Kept(
        "The official list of a cohort", DESK, AGENCY, "participation_id.account_id",
        "country identity name_printed name_key family_name given_name name_native name_reading number part "
        "institution host_town from_on to_on born_on email extra", erasure=KEPT,
        left_out="2026-11-27: a record of the agency, cut loose from the account on closing; asked for at the agency",
    ),
    "entry_terms": Kept(
        "By which words an entry is found", DESK, AGENCY, "entry_id.participation_id.account_id", "term", "country",
        erasure=KEPT, left_out="2026-11-27: made from the entry",
    ),
    "entry_pairs": Kept(
        "Entries that may be one person", DESK, AGENCY, says="reason", erasure=KEPT,
        left_out="2026-11-27: a record of the agency",
    ),
    "import_rows": Kept(
        "Lists on their way in", DESK, "30 days", says="identity name_printed name_key family_name given_name "
        "name_native name_reading number born_on email extra before",
        plain="cohort_words country problems part institution host_town from_on to_on", erasure=KEPT,
        left_out="2026-11-27: a record of the agency",
    ),
    "roster_imports": Kept(
        "Lists that came in", DESK, AGENCY, "uploaded_by_id", says="file_name file",
        plain="country encoding headings columns answers problem counts questions cohorts", erasure=NAMELESS,
        shows="file_name created_at",
    ),
    "invitations": Kept(
        "Letters to people on a list", DESK, AGENCY, says="email", address="email",
        left_out="2026-11-27: a record of the agency",
    ),
    "mandates": Kept(
        "For which agency somebody acts", "administrators", LIFE, "account_id", "end_reason",
        "country starts_on ends_on",
    ),
    # Elections, associations, moderation.
    "elections": Kept(
        "Who conducts an election", ROLES, RECORD, "officer_id", "officer_name",
        "title role term_from term_to joined_by zone wall_opens wall_closes reason", NAMELESS,
        {"officer_name": NO_NAME},
    ),
    "election_candidates": Kept(
        "Who stood for a post", ROLES, RECORD, "account_id", "name statement reason", erasure=NAMELESS,
        blank={"name": NO_NAME, "statement": ""},
    ),
    "election_roll": Kept(
        "Who may vote", "who conducts it", "the election: the count can be repeated", "account_id", erasure=KEPT
    ),
    "election_voted": Kept(
        "Who has voted, not how", "who conducts it", "the election: the count can be repeated",
        "account_id", erasure=KEPT,
    ),
    "election_ballots": Kept(
        "Votes, which lead to nobody", "everybody in the group, once counted", RECORD, plain="receipt", erasure=KEPT,
        left_out="2026-11-27: a vote is secret, also from the installation",
    ),
    "founders": Kept("Who founds an association", "the founders, the umbrella", LIFE, "account_id",
                     "name address office"),
    "foundings": Kept(
        "Associations that are being founded", "the founders, the umbrella", RECORD, "started_by_id",
        plain="name country purpose charter term_ends_on reason", erasure=NAMELESS, shows="name country created_at",
    ),
    "reports": Kept(
        "What was reported, as it stood then", STAFF, "the decision stays", "reporter_id", "note snapshot",
        "decision_reason", NAMELESS, {"note": ""}, shows="reason note state created_at decision decided_at",
    ),
    "appeals": Kept(
        "Why somebody thinks that a decision is wrong", "its maker and whoever answers", "the words go",
        "report_id.about_id", "words decision_reason", erasure=KEPT, shows="words state created_at decision_reason",
    ),
    "minutes": Kept(
        "Minutes of meetings, with names of who spoke", "as they are published", RECORD, "written_by_id", "body",
        "change", NAMELESS,
    ),
    "seats": Kept("Who sits in a council", ROLES, RECORD, says="name", plain="council from_on to_on source",
                  erasure=KEPT, left_out="2026-11-27: a seat of an association"),
    "signatures": Kept(
        "Who signed a resolution", "who sees the meeting", RECORD, says="signatory", plain="country capacity",
        erasure=KEPT, left_out="2026-11-27: a signed document",
    ),
    "handovers": Kept(
        "Who handed over a recommendation", "who sees the event", RECORD, says="addressee handed_by remark",
        plain="handed_on", erasure=KEPT, left_out="2026-11-27: a document of the group",
    ),
}  # fmt: skip

# Tables that hold nothing of people, with their columns of text.
NOBODY: dict[str, str] = {
    "audit_links": "", "audit_seals": "", "catalogue_entries": "kind", "families": "name source", "offers": "names",
    "terms": "facet term",
    "programmes": "name short aliases from_on to_on region countries founding_countries audience theme agencies note "
    "source",
    "cohorts": "title theme from_on to_on destination audience place head_count_of parts note source",
    "figures": "unit as_of period population quote source", "known_headings": "heading column",
    "mandate_programmes": "", "cohort_countries": "country",
    "groups": "name abbr sort_key about country founded website governance size_of source join_question admits_country",
    "admitted_programmes": "", "former_addresses": "", "further_parents": "", "group_paths": "",
    "meeting_series": "name", "outreach_sums": "country", "event_questions": "label choices only_if_value",
    "feedback_sheets": "questions", "founding_activities": "month activity place words",
    "founding_funds": "what currency", "lasting_groups": "",
    "meetings": "title starts_on ends_on host country place theme note attended_by next_country source",
    "delegations": "country", "meeting_slots": "", "resolutions": "title text adopted_on source",
    "follow_ups": "words", "recommendations": "text answer", "held_words": "word",
}  # fmt: skip
