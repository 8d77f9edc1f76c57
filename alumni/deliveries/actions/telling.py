"""Something new is told at once to those who want that, some hundreds at a time."""

from alumni.core import jobs
from alumni.deliveries import notices, queries
from alumni.deliveries.queries.readers import LETTERS_AT_A_TIME
from alumni.posts.actions import TELL_OF_POST


def tell_next(job: jobs.Job) -> None:
    """The next few hundred letters, and itself to go on, in one transaction."""
    about, after = job.payload["about"], job.payload.get("after", 0)
    is_post = job.kind == TELL_OF_POST
    ids = (queries.readers_of_post if is_post else queries.readers_of_event)(about, after=after)
    for account_id in ids:
        (notices.tell_of_post if is_post else notices.tell_of_event)(account_id, about)
    if len(ids) == LETTERS_AT_A_TIME:
        jobs.enqueue(job.kind, about=about, after=ids[-1])
