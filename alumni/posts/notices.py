"""What the author of a post is told by mail."""

from alumni.core import mail
from alumni.posts.models import Post


def tell_author_of_hiding(post: Post, *, group: str, reason: str) -> None:
    if post.author_id is not None:
        mail.post("posts/hidden", to=post.author_id, group=group, body=post.body, reason=reason)
