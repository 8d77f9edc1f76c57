"""What people are told by mail about posts."""

from alumni.core import mail
from alumni.core.jobs import enqueue
from alumni.posts.models import Post

ANNOUNCE = "announce"  # the kind of the job that promises letters, some hundreds at a time
SEND_ANNOUNCEMENT = "send announcement"  # the kind of one letter

TELL_OF_POST = "posts.tell"  # the kind of the job that tells those who want to know at once


def tell_of_post(post: Post) -> None:
    enqueue(TELL_OF_POST, about=post.key)


def tell_author_of_answer(answer: Post, author_id: int | None) -> None:
    if author_id is not None and author_id != answer.author_id:
        mail.post("posts/answered", to=author_id, key=answer.key)


def tell_author_of_hiding(post: Post, *, place: str, reason: str) -> None:
    if post.author_id is not None:
        mail.post("posts/hidden", to=post.author_id, group=place, body=post.body, reason=reason)


def tell_author_of_refusal(post: Post) -> None:
    if post.author_id is not None:
        mail.post("posts/refused", to=post.author_id, body=post.body)
