"""Every setting, its type and where it comes from. Only `alumni.app` reads this."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
INSTANCE = ROOT / "instance"


class SettingsMissing(SystemExit):
    """Production does not start without its settings; the message names each one."""


@dataclass(frozen=True)
class Config:
    """The settings of one installation. Build it with `from_env` or `for_tests`."""

    database_url: str  # DATABASE_URL: sqlite:///… or postgresql+psycopg://…
    secret_key: str  # SECRET_KEY: signs links and forms
    base_url: str  # BASE_URL: what links in mail begin with; never taken from a request
    mail_url: str  # MAIL_URL: smtp://…, smtps://…, console:, file:folder
    storage_url: str  # STORAGE_URL: file:folder or s3://bucket/prefix?endpoint=…&region=…; keys as AWS_ACCESS_KEY_ID …
    queue_url: str  # QUEUE_URL: sqlite:///… , postgresql://… or redis://…; only the engine, never the truth
    secret_key_fallbacks: tuple[str, ...] = ()  # SECRET_KEY_FALLBACKS: older keys that are still accepted
    mail_from: str = "Alumni Network <network@localhost>"  # MAIL_FROM
    languages: tuple[str, ...] = ("en", "ja")  # LANGUAGES: BCP 47, the first is the default
    proxy_count: int = 0  # PROXY_COUNT: how many proxies in front of us tell the truth
    security_contact: str = ""  # SECURITY_CONTACT: mailto:… or https://…, for security.txt; MAIL_FROM without it
    metrics_token: str = ""  # METRICS_TOKEN: opens /metrics from another machine
    fonts: str = "/usr/share/fonts"  # FONTS: the folder with Noto fonts, for papers as PDF
    instance: Path = field(default=INSTANCE)  # INSTANCE: where files of this installation lie
    is_development: bool = False  # ALUMNI_ENV=development: /dev pages, secrets with defaults
    has_pseudo_language: bool = False  # adds en-XA, which shows every string that escaped translation
    staff_second_factor: bool = (
        False  # STAFF_SECOND_FACTOR=on|off: officers, moderators and admins need one; on in production
    )
    hash_memory_kib: int = 19 * 1024  # Argon2id, OWASP 2025: 19 MiB, 2 passes
    hash_passes: int = 2

    @property
    def host(self) -> str:
        return urlsplit(self.base_url).hostname or ""

    @property
    def is_https(self) -> bool:
        return self.base_url.startswith("https://")


def from_env(env: Mapping[str, str] = os.environ) -> Config:
    """Reads the environment. Raises SettingsMissing, naming what is absent, outside development."""
    is_development = env.get("ALUMNI_ENV") == "development"
    instance = Path(env.get("INSTANCE", INSTANCE))
    defaults: dict[str, str] = {}
    if is_development:
        defaults = {
            "DATABASE_URL": f"sqlite:///{instance}/alumni.sqlite3",
            "SECRET_KEY": "development only: sign nothing real with this",
            "BASE_URL": f"http://127.0.0.1:{env.get('PORT', '8000')}",
            "MAIL_URL": f"file:{instance}/mail",
        }
    needed = {
        name: env.get(name) or defaults.get(name, "") for name in ("DATABASE_URL", "SECRET_KEY", "BASE_URL", "MAIL_URL")
    }
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise SettingsMissing(
            f"Set {', '.join(missing)} in the environment (see README.md), or ALUMNI_ENV=development."
        )
    if not is_development and len(needed["SECRET_KEY"]) < 32:
        raise SettingsMissing("SECRET_KEY is too short: use 32 characters or more.")
    config = Config(
        database_url=needed["DATABASE_URL"],
        secret_key=needed["SECRET_KEY"],
        base_url=needed["BASE_URL"].rstrip("/"),
        mail_url=needed["MAIL_URL"],
        storage_url=env.get("STORAGE_URL") or f"file:{instance}/files",
        queue_url=env.get("QUEUE_URL") or f"sqlite:///{instance}/queue.sqlite3",
        secret_key_fallbacks=tuple(filter(None, env.get("SECRET_KEY_FALLBACKS", "").split(","))),
        proxy_count=int(env.get("PROXY_COUNT", "0")),
        security_contact=env.get("SECURITY_CONTACT", ""),
        metrics_token=env.get("METRICS_TOKEN", ""),
        staff_second_factor=env.get("STAFF_SECOND_FACTOR", "off" if is_development else "on") == "on",
        instance=instance,
        is_development=is_development,
    )
    if languages := env.get("LANGUAGES"):
        config = replace(config, languages=tuple(languages.split(",")))
    return replace(config, mail_from=env.get("MAIL_FROM", config.mail_from), fonts=env.get("FONTS", config.fonts))


def for_tests(*, database_url: str, instance: Path, mail_url: str = "console:") -> Config:
    """The same product with a cheap password hash, the pseudo-language and nothing shared between runs."""
    return Config(
        database_url=database_url,
        secret_key="tests only",
        base_url="http://localhost",
        mail_url=mail_url,
        storage_url=f"file:{instance}/files",
        queue_url="memory:",
        instance=instance,
        is_development=True,
        has_pseudo_language=True,
        hash_memory_kib=64,
        hash_passes=1,
    )
