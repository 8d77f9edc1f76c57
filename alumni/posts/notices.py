"""What people are told by mail about posts."""

from alumni.core import mail
from alumni.posts.models import Post

ANNOUNCE = "announce"  # the kind of the job that promises letters, some hundreds at a time
SEND_ANNOUNCEMENT = "send announcement"  # the kind of one letter


def tell_author_of_hiding(post: Post, *, place: str, reason: str) -> None:
    if post.author_id is not None:
        mail.post("posts/hidden", to=post.author_id, group=place, body=post.body, reason=reason)


def tell_author_of_refusal(post: Post) -> None:
    if post.author_id is not None:
        mail.post("posts/refused", to=post.author_id, body=post.body)
