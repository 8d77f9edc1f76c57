"""Web servers under the settings of an installation, the CPU they use, and a connection that is kept open."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.worlds import ROOT

SETTINGS = (
    "--worker-class=gthread",
    "--workers=2",
    "--threads=8",
    "--preload",
    "--keep-alive=60",
    "--no-control-socket",
    "--log-level=warning",
)
START_S = 60


@dataclass(frozen=True)
class Server:
    port: int
    workers: tuple[int, ...]  # process ids

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cpu_s(self) -> float:
        """Seconds of CPU that the workers have used so far, all threads, user and kernel."""
        return sum(_cpu_s(pid) for pid in self.workers)

    def memory_mb(self) -> float:
        """Megabytes that a worker holds in memory, the larger one."""
        return max(_memory_mb(pid) for pid in self.workers)


def _memory_mb(pid: int) -> float:
    """Its own pages and its share of those that forked workers have in common (PSS), so what all hold can be added."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    return next(int(line.split()[1]) * 1024 / 1e6 for line in rollup.splitlines() if line.startswith("Pss:"))


def _cpu_s(pid: int) -> float:
    """The CPU clock of another process, as clock_getcpuclockid names it: nanoseconds, where /proc counts ticks."""
    return time.clock_gettime((~pid << 3) | 2)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def serve(app: str, *, port: int, environment: dict[str, str], log: Path) -> Iterator[Server]:
    """gunicorn with `app` on `port` until the end of the block."""
    command = [sys.executable, "-m", "gunicorn", *SETTINGS, f"--bind=127.0.0.1:{port}", app]
    with log.open("wb") as out:
        master = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
        try:
            yield Server(port, _wait_for_workers(master, port, log))
        finally:
            master.terminate()
            master.wait(timeout=30)


def _wait_for_workers(master: subprocess.Popen[bytes], port: int, log: Path) -> tuple[int, ...]:
    end = time.monotonic() + START_S
    while time.monotonic() < end and master.poll() is None:
        text = Path(f"/proc/{master.pid}/task/{master.pid}/children").read_text(encoding="ascii")
        if len(text.split()) == 2 and _accepts(port):
            return tuple(int(pid) for pid in text.split())
        time.sleep(0.05)
    raise SystemExit(f"The server did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-4000:]}")


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    seconds: float
    head: bytes
    body: bytes


class Connection:
    """One HTTP/1.1 connection, kept open. Asks for no compression."""

    def __init__(self, port: int) -> None:
        self.host = f"127.0.0.1:{port}"
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def request(
        self, path: str, *, cookie: str = "", form: bytes | None = None, json: str | None = None, token: str = ""
    ) -> bytes:
        """The bytes of a request, ready to be sent many times: a GET, a POST of a form, a PUT of JSON."""
        method = "PUT" if json is not None else "GET" if form is None else "POST"
        head = [f"{method} {path} HTTP/1.1", f"Host: {self.host}"]
        head += ["Accept: text/html,application/json", "Accept-Language: en"]
        if cookie:
            head.append(f"Cookie: {cookie}")
        if form is not None:
            head += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}"]
        if json is not None:
            head += ["Content-Type: application/json", f"Content-Length: {len(json)}", f"X-CSRFToken: {token}"]
        return "\r\n".join([*head, "", json or ""]).encode() + (form or b"")

    def send(self, request: bytes) -> Answer:
        began = time.perf_counter()
        self._socket.sendall(request)
        read = b""
        while (end := read.find(b"\r\n\r\n")) < 0:
            read += self._receive()
        head = read[:end].lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        body = read[end + 4 :]
        while len(body) < length:
            body += self._receive()
        return Answer(int(head[9:12]), time.perf_counter() - began, read[:end], body)

    def _receive(self) -> bytes:
        got = self._socket.recv(262_144)
        if not got:
            raise ConnectionError("the server closed the connection")
        return got

    def close(self) -> None:
        self._socket.close()
