"""What is done with posts: writing, answering, editing, pinning, announcing, hiding, taking back."""

from alumni.posts.actions.announcements import (
    ANNOUNCE,
    SEND_ANNOUNCEMENT,
    AnnouncedAlready,
    announce_post,
    promise_letters,
)
from alumni.posts.actions.drafts import Place, add_pictures, change_draft_pictures, save_draft
from alumni.posts.actions.hiding import hide_post, hide_post_and_tell, restore_post
from alumni.posts.actions.leaving import forget_person, leave_with_posts, remove_posts
from alumni.posts.actions.pictures import (
    FORGET_POST_PICTURE,
    MOST_BYTES,
    MOST_PICTURES,
    SIZES,
    count_pictures,
    file_of,
    forget_post_picture,
    keep_picture,
    sweep_post_pictures,
)
from alumni.posts.actions.pins import MOST_PINNED, PinsFull, pin_post, unpin_post
from alumni.posts.actions.visits import see_all
from alumni.posts.actions.waiting import (
    PostNotWaiting,
    add_word,
    let_through,
    refuse_post,
    remove_word,
)
from alumni.posts.actions.writing import (
    TELL_OF_POST,
    PostChanged,
    delete_post,
    delete_removed,
    edit_post,
    write_answer,
    write_post,
    write_to_programme,
)

__all__ = [
    "ANNOUNCE",
    "FORGET_POST_PICTURE",
    "MOST_BYTES",
    "MOST_PICTURES",
    "MOST_PINNED",
    "SEND_ANNOUNCEMENT",
    "SIZES",
    "TELL_OF_POST",
    "AnnouncedAlready",
    "PinsFull",
    "Place",
    "PostChanged",
    "PostNotWaiting",
    "add_pictures",
    "add_word",
    "announce_post",
    "change_draft_pictures",
    "count_pictures",
    "delete_post",
    "delete_removed",
    "edit_post",
    "file_of",
    "forget_person",
    "forget_post_picture",
    "hide_post",
    "hide_post_and_tell",
    "keep_picture",
    "leave_with_posts",
    "let_through",
    "pin_post",
    "promise_letters",
    "refuse_post",
    "remove_posts",
    "remove_word",
    "restore_post",
    "save_draft",
    "see_all",
    "sweep_post_pictures",
    "unpin_post",
    "write_answer",
    "write_post",
    "write_to_programme",
]
