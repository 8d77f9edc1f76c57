"""Letters that say that there is a message. They come from the network: nobody's address is in them."""

from alumni.core import mail
from alumni.messages import queries
from alumni.messages.models import Conversation, InLetters, Message


def tell_of_message(reader_id: int, conversation: Conversation, message: Message, *, is_request: bool) -> None:
    """As much of the text as the reader wants in their letters, behind a link that is theirs alone."""
    mail.post(
        "messages/asked" if is_request else "messages/written",
        to=reader_id,
        name=queries.find_name_for(reader_id, message.sender_id or 0),
        text=_part_of(message.body, queries.how_much_in_letters(reader_id)),
        conversation=conversation.key,
    )


def _part_of(body: str, how_much: InLetters) -> str:
    if how_much == InLetters.NOTHING:
        return ""
    if how_much == InLetters.ALL or len(body) <= queries.BEGINNING:
        return body
    return f"{body[: queries.BEGINNING].rsplit(maxsplit=1)[0]} …"
