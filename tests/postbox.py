"""A real mail server for the tests: what the product sends arrives here, or is answered as a test wants."""

from __future__ import annotations

import email
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller


@dataclass
class Postbox:
    """A mail server that takes letters, or answers what it is told to."""

    letters: list[EmailMessage] = field(default_factory=list)
    answer: str = "250 OK"
    receiver: str = "250 OK"  # what is said when the receiver is named

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if self.receiver.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.receiver

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            self.letters.append(email.message_from_bytes(envelope.content, policy=default))
        return self.answer


@pytest.fixture
def postbox(app) -> Iterator[Postbox]:
    box = Postbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    config = app.config["ALUMNI"]
    app.config["ALUMNI"] = replace(config, mail_url=f"smtp://127.0.0.1:{port}")
    yield box
    app.config["ALUMNI"] = config
    server.stop()
