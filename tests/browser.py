"""A browser without scripts for the tests: keeps cookies, sends the forms of our pages, follows nothing by itself."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from alumni.accounts.models import SignIn
from alumni.accounts.queries import find_by_email
from alumni.core import clock
from alumni.core.db import db
from alumni.core.tokens import digest, new_secret
from alumni.web.gate import csrf_token, session_cookie_name


class Browser:
    """Signed in as the account with this address, or a guest. Never holds an app context open around a request."""

    def __init__(self, app: Flask, email: str = "") -> None:
        self.app, self.client = app, app.test_client()
        if email:
            self.sign_in(email)

    def sign_in(self, email: str) -> str:
        """Opens a session directly in the database and returns its secret."""
        secret = new_secret()
        with self.app.app_context():
            account = find_by_email(email)
            assert account is not None, email
            db.session.add(
                SignIn(
                    account_id=account.id,
                    digest=digest(secret),
                    created_at=clock.now(),
                    seen_at=clock.now().replace(year=clock.now().year + 1),  # so it does not end by resting
                    expires_at=clock.now().replace(year=clock.now().year + 1),
                )
            )
            db.session.commit()
            name = session_cookie_name()
        self.client.set_cookie(name, secret)
        return secret

    def token(self) -> str:
        """What the forms of a page would carry in this browser."""
        cookies = "; ".join(f"{c.key}={c.value}" for c in self.client._cookies.values())
        with self.app.test_request_context(headers={"Cookie": cookies}):
            return csrf_token()

    def get(self, path: str, **kwargs: Any) -> TestResponse:
        return self.client.get(path, **{"buffered": True} | kwargs)

    def post(self, path: str, data: dict[str, Any] | None = None, **kwargs: Any) -> TestResponse:
        """Sends a form with its token."""
        return self.client.post(path, data={"csrf_token": self.token(), **(data or {})}, **kwargs)

    def send(self, path: str, body: Any = None, *, method: str = "POST", **kwargs: Any) -> TestResponse:
        """Sends JSON with the token in its header."""
        headers = {"X-CSRFToken": self.token(), **kwargs.pop("headers", {})}
        return self.client.open(path, method=method, json={} if body is None else body, headers=headers, **kwargs)
