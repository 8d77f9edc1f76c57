"""Headers that every answer carries: pages, errors, redirects and files."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request

from alumni.web.gate import me

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

CSP = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "form-action 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HSTS = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")


def install(app: Flask) -> None:
    is_https = app.config["ALUMNI"].is_https
    fixed = [*HEADERS.items(), *([HSTS] if is_https else [])]
    with_camera = [(name, value.replace("camera=()", "camera=(self)")) for name, value in fixed]
    inner = app.wsgi_app

    def with_headers(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """The same for every answer, so they are made once and checked by nobody."""

        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            reads_tickets = environ["PATH_INFO"].endswith("/check-in")
            return start_response(status, headers + (with_camera if reads_tickets else fixed), *exc_info)

        return inner(environ, start)

    app.wsgi_app = with_headers  # type: ignore[method-assign]

    @app.after_request
    def _headers(response: Response) -> Response:
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store" if me().is_authenticated else "no-cache")
            response.headers.add("Vary", "Cookie, Accept-Language, Save-Data")
        return response
