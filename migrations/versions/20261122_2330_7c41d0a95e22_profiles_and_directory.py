"""Names, work, offers and career in profiles; terms and postings by which the directory finds people.

Listings are made from profiles, so they are made anew: a job that this revision promises fills them.

Revision: 7c41d0a95e22
Follows: 3e91b7a4c8d2
"""

import sqlalchemy as sa
from alembic import op

revision = "7c41d0a95e22"
down_revision = "3e91b7a4c8d2"
branch_labels = None
depends_on = None

AUDIENCES = ("only_me", "groups", "members", "public")
SEGMENTS = (
    *("student", "official", "business", "researcher", "teacher", "journalist"),
    *("civil_society", "arts", "sport"),
)
WORK_FIELDS = (
    *("agriculture", "arts", "business", "economics", "education", "energy", "engineering", "environment"),
    *("government", "health", "it", "languages", "law", "media", "peace", "science", "sports", "tourism"),
    *("transport", "welfare"),
)
STANDINGS = ("graduate", "current", "company", "volunteer", "host", "officer")
# A field with an audience, and where it starts.
FIELDS = {
    "former_names": "only_me",
    "picture": "groups",
    "nationality": "only_me",
    "community": "groups",
    "career": "groups",
    "about": "groups",
    "languages": "groups",
    "offers": "groups",
    "programmes": "groups",
}
TEXTS = {
    "name_reading": "VARCHAR(200)",
    "family_name": "VARCHAR(200)",
    "call_me": "VARCHAR(80)",
    "former_names": "TEXT",
    "picture": "VARCHAR(32)",
    "nationality": "VARCHAR(2)",
    "community": "VARCHAR(200)",
    "employer": "VARCHAR(200)",
    "bio": "TEXT",
}
LISTS = ("links", "languages", "offers", "looks_for")
OFFERS = (
    ("study-advice", "Advice on studying in Japan", "日本留学の相談"),
    ("mentoring", "Mentoring", "先輩としての助言"),
    ("translating", "Translating and interpreting", "翻訳・通訳"),
    ("hosting", "Hosting visitors", "訪問者の受け入れ"),
    ("job", "Jobs and internships", "仕事・インターンシップ"),
    ("partner", "Partners for a project", "事業のパートナー"),
    ("speaker", "Speaking at events", "行事での講演"),
)


def _add(table: str, column: str, definition: str) -> None:
    """Both engines add a column with its CHECK in place; a batch would copy the table and lose the other CHECKs."""
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {definition}")


def _choice(table: str, column: str, values: tuple[str, ...], default: str | None) -> None:
    allowed = ", ".join(f"'{value}'" for value in values)
    first = f"NOT NULL DEFAULT '{default}' " if default else ""
    _add(table, column, f"VARCHAR(24) {first}CONSTRAINT ck_{table}_{column} CHECK ({column} IN ({allowed}))")


def _drop(table: str, column: str) -> None:
    op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")


def _audience() -> sa.Column[str]:
    kind = sa.Enum(*AUDIENCES, name="audience", native_enum=False, create_constraint=True, length=24)
    return sa.Column("audience", kind, nullable=False)


def upgrade() -> None:
    op.execute("ALTER TABLE members RENAME COLUMN headline_audience TO work_audience")
    for column, kind in TEXTS.items():
        _add("members", column, f"{kind} NOT NULL DEFAULT ''")
    for column in LISTS:
        _add("members", column, "JSON NOT NULL DEFAULT '[]'")
    for field, first in FIELDS.items():
        _choice("members", f"{field}_audience", AUDIENCES, first)
    _choice("members", "segment", SEGMENTS, None)
    _choice("members", "work_field", WORK_FIELDS, None)
    op.add_column("members", sa.Column("is_listed", sa.Boolean(), server_default=sa.true(), nullable=False))
    op.add_column("members", sa.Column("born_on", sa.String(length=10), nullable=True))
    op.add_column("members", sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_members_born_on", "members", ["born_on"])
    _choice("participations", "standing", STANDINGS, "graduate")
    _add("participations", "host_town", "VARCHAR(120) NOT NULL DEFAULT ''")

    op.create_table(
        "career_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("work", "study", name="kind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("year_from", sa.Integer(), nullable=False),
        sa.Column("year_to", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["members.account_id"], name=op.f("fk_career_entries_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_career_entries")),
        sa.UniqueConstraint("key", name=op.f("uq_career_entries_key")),
    )
    op.create_index(op.f("ix_career_entries_account_id"), "career_entries", ["account_id"])

    offers = op.create_table(
        "offers",
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_offers")),
    )
    op.bulk_insert(
        offers,
        [
            {"slug": slug, "names": {"en": english, "ja": japanese}, "position": position, "is_retired": False}
            for position, (slug, english, japanese) in enumerate(OFFERS)
        ],
    )

    op.drop_table("listings")
    op.create_table(
        "listings",
        sa.Column("account_id", sa.Integer(), nullable=False),
        _audience(),
        sa.Column("handle", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_romanised", sa.String(length=200), nullable=False),
        sa.Column("picture", sa.String(length=32), server_default="", nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("headline", sa.String(length=200), nullable=False),
        sa.Column("programme_line", sa.String(length=300), server_default="", nullable=False),
        sa.Column("offers", sa.Text(), server_default="", nullable=False),
        sa.Column("other_names", sa.Text(), server_default="", nullable=False),
        sa.Column("programmes", sa.JSON(), server_default="[]", nullable=False),
        sa.Column("contact", sa.String(length=300), nullable=False),
        sa.Column("details", sa.JSON(), server_default="{}", nullable=False),
        sa.CheckConstraint("audience <> 'public' OR contact = ''", name=op.f("ck_listings_contact_is_never_public")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["members.account_id"], name=op.f("fk_listings_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "audience", name=op.f("pk_listings")),
    )
    op.create_index("ix_listings_handle", "listings", ["handle", "audience"])
    op.create_index("ix_listings_picture", "listings", ["picture"])

    by_bytes = sa.String(length=100).with_variant(sa.String(length=100, collation="C"), "postgresql")
    op.create_table(
        "terms",
        sa.Column("id", sa.Integer(), nullable=False),
        _audience(),
        sa.Column("facet", sa.String(length=12), nullable=False),
        sa.Column("term", by_bytes, nullable=False),
        sa.Column("people", sa.Integer(), server_default="0", nullable=False),
        sa.CheckConstraint("people >= 0", name=op.f("ck_terms_people_is_a_count")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.UniqueConstraint("audience", "facet", "term", name="uq_terms_term"),
    )
    op.create_index("ix_terms_most", "terms", ["audience", "facet", "people"])
    op.create_table(
        "postings",
        sa.Column("term_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sort_key", sa.LargeBinary(), nullable=False),
        sa.Column("sort_kana", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["members.account_id"], name=op.f("fk_postings_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_postings_term_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("term_id", "account_id", name=op.f("pk_postings")),
    )
    op.create_index("ix_postings_account", "postings", ["account_id", "term_id"])
    op.create_index("ix_postings_kana", "postings", ["term_id", "sort_kana", "account_id"])
    op.create_index("ix_postings_name", "postings", ["term_id", "sort_key", "account_id"])
    op.execute(
        "INSERT INTO jobs (kind, payload, state, created_at, due_at, attempts, problem) "
        "SELECT 'listings', '{\"after\": 0}', 'queued', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 0, '' "
        "WHERE EXISTS (SELECT 1 FROM members)"
    )


def downgrade() -> None:
    op.execute("DELETE FROM jobs WHERE kind = 'listings'")
    op.drop_table("postings")
    op.drop_table("terms")
    op.drop_table("listings")
    op.create_table(
        "listings",
        sa.Column("account_id", sa.Integer(), nullable=False),
        _audience(),
        sa.Column("handle", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_romanised", sa.String(length=200), nullable=False),
        sa.Column("sort_key", sa.String(length=400), nullable=False),
        sa.Column("name_folded", sa.Text(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("headline", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["members.account_id"], name=op.f("fk_listings_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "audience", name=op.f("pk_listings")),
    )
    op.create_index("ix_listings_country", "listings", ["audience", "country", "sort_key", "account_id"])
    op.create_index("ix_listings_handle", "listings", ["handle", "audience"])
    op.create_index("ix_listings_order", "listings", ["audience", "sort_key", "account_id"])
    op.drop_table("offers")
    op.drop_table("career_entries")
    for column in ("standing", "host_town"):
        _drop("participations", column)
    op.drop_index("ix_members_born_on", "members")
    for column in (
        *TEXTS,
        *LISTS,
        *(f"{field}_audience" for field in FIELDS),
        *("segment", "work_field", "is_listed", "born_on", "hidden_at"),
    ):
        _drop("members", column)
    op.execute("ALTER TABLE members RENAME COLUMN work_audience TO headline_audience")
