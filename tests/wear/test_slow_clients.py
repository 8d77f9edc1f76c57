"""Four hundred who send or read as slowly as they can: behind the front server of `deploy/` nobody else notices."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

from bench.servers import free_port, serve

DEPLOY = Path(__file__).parents[2] / "deploy"
NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
# From five addresses: from a single one the front server takes a hundred connections, and no more.
SLOW_FROM, SLOW_EACH = [f"127.0.0.{n}" for n in range(2, 7)], 80
PAGES = ("/", "/programmes", "/cohorts", "/events", "/privacy")
PATIENCE_S = 10  # whoever waits longer than that for a page has noticed

pytestmark = [
    pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session"),
    pytest.mark.skipif(NGINX is None and not os.environ.get("CI"), reason="no nginx: apt-get install nginx-light"),
]


def adapted(folder: Path, *, port: int, app_port: int) -> str:
    """The site of `deploy/nginx.conf` on a port of this machine, without certificates; all else as it is."""
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    shutil.copy(DEPLOY / "nginx-proxy.conf", folder / "alumni_proxy.conf")
    places = {
        "listen 443 ssl http2;": f"listen 127.0.0.1:{port};",
        "listen 80;": f"listen 127.0.0.1:{free_port()};",
        "server 127.0.0.1:8000;": f"server 127.0.0.1:{app_port};",
        "/etc/nginx/alumni_proxy.conf;": f"{folder}/alumni_proxy.conf;",
        "/var/cache/nginx/alumni ": f"{folder}/cache ",
    }
    for place, here in places.items():
        assert place in site, place
        site = site.replace(place, here)
    site = re.sub(r"^ *(listen \[::\]|ssl_).*;\n", "", site, flags=re.MULTILINE).replace(
        "alumni.example.org", "127.0.0.1"
    )
    temporary = "".join(
        f"{name}_temp_path {folder}/{name};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    top = f"user root;\ndaemon off;\npid {folder}/nginx.pid;\nerror_log {folder}/error.log;\nevents {{}}\n"
    return f"{top}http {{\naccess_log off;\n{temporary}{site}}}\n"


@contextmanager
def front_server(folder: Path, app_port: int) -> Iterator[int]:
    port = free_port()
    file = folder / "nginx.conf"
    file.write_text(adapted(folder, port=port, app_port=app_port), encoding="utf-8")
    process = subprocess.Popen([str(NGINX), "-p", str(folder), "-c", str(file)])
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, (folder / "error.log").read_text(encoding="utf-8")
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def slow(port: int, source: str, kind: int) -> socket.socket:
    """Somebody who never finishes the head, never finishes the form, or never reads the answer."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    client.bind((source, 0))
    client.settimeout(PATIENCE_S)
    client.connect(("127.0.0.1", port))
    host, form = (
        f"Host: 127.0.0.1:{port}\r\n",
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000",
    )
    client.sendall(
        (
            f"GET / HTTP/1.1\r\n{host}X-Slow: ",
            f"POST /login HTTP/1.1\r\n{host}{form}\r\n\r\nemail=",
            f"GET /programmes HTTP/1.1\r\n{host}\r\n" * 4,
        )[kind].encode()
    )
    return client


def statuses(port: int, times: int) -> list[int]:
    """What somebody gets who opens some pages, one after the other."""
    got = []
    for n in range(times):
        connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
        connection.request("GET", PAGES[n % len(PAGES)])
        answer = connection.getresponse()
        answer.read()
        got.append(answer.status)
        connection.close()
    return got


@pytest.mark.timeout(180)
def test_four_hundred_slow_ones_keep_nobody_waiting(databases, tmp_path):
    tmp_path.chmod(0o755)
    app_port = free_port()
    settings = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": databases.fresh(),
        "SECRET_KEY": "only for this test, and 32 characters long",
        "BASE_URL": "http://127.0.0.1",
        "MAIL_URL": f"file:{tmp_path}/mail",
        "INSTANCE": str(tmp_path),
        "PROXY_COUNT": "1",
        "PYTHONUTF8": "1",
    }
    with ExitStack() as stack:
        stack.enter_context(serve("alumni:create_app()", port=app_port, environment=settings, log=tmp_path / "app.log"))
        port = stack.enter_context(front_server(tmp_path, app_port))
        assert statuses(port, len(PAGES)) == [200] * len(PAGES)
        for source in SLOW_FROM:
            for n in range(SLOW_EACH):
                stack.enter_context(slow(port, source, n % 3))
        assert statuses(port, 30) == [200] * 30
    assert "Traceback" not in (tmp_path / "app.log").read_text(encoding="utf-8")
