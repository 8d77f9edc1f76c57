"""What is asked about posts: feeds, threads, drafts, what is new, who gets a letter."""

from alumni.posts.queries.announcing import (
    Part,
    announcement_of,
    cohorts_to_choose,
    count_receivers,
    find_letter,
    receivers,
)
from alumni.posts.queries.drafts import drafts_in, pictures_of, pictures_open_to
from alumni.posts.queries.feeds import (
    NEWEST,
    find_programme_posts,
    pinned_in,
    posts_in,
    public_announcements,
    ready_posts,
)
from alumni.posts.queries.threads import (
    OLDEST,
    answers_to,
    my_posts_in,
    post_page,
    posts_with_history,
    shown_programme,
    versions_of,
    visible_posts,
)
from alumni.posts.queries.unread import slugs_of, unread_column, unread_counts
from alumni.posts.queries.waiting import (
    WAITED_LONGEST,
    find_waiting,
    held_words,
    is_younger,
    waiting_posts,
    written_elsewhere,
)

__all__ = [
    "NEWEST",
    "OLDEST",
    "WAITED_LONGEST",
    "Part",
    "announcement_of",
    "answers_to",
    "cohorts_to_choose",
    "count_receivers",
    "drafts_in",
    "find_letter",
    "find_programme_posts",
    "find_waiting",
    "held_words",
    "is_younger",
    "my_posts_in",
    "pictures_of",
    "pictures_open_to",
    "pinned_in",
    "post_page",
    "posts_in",
    "posts_with_history",
    "public_announcements",
    "ready_posts",
    "receivers",
    "shown_programme",
    "slugs_of",
    "unread_column",
    "unread_counts",
    "versions_of",
    "visible_posts",
    "waiting_posts",
    "written_elsewhere",
]
