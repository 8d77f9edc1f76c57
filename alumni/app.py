"""The assembler: config, extensions, rooms, error pages. The only file that knows all rooms."""

import gc
import logging
from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from alumni import cli, worker
from alumni.accounts import actions as accounts_actions
from alumni.accounts import queries as accounts_queries
from alumni.accounts import views as accounts_views
from alumni.admin import api as admin_api
from alumni.admin import views as admin_views
from alumni.arrivals import api as arrivals_api
from alumni.arrivals import models as arrivals_models
from alumni.arrivals import views as arrivals_views
from alumni.attendance import api as attendance_api
from alumni.attendance import models as attendance_models
from alumni.attendance import views as attendance_views
from alumni.circulars import api as circulars_api
from alumni.circulars import models as circulars_models
from alumni.circulars import views as circulars_views
from alumni.claims import api as claims_api
from alumni.claims import models as claims_models
from alumni.claims import policy as claims_policy
from alumni.claims import views as claims_views
from alumni.conferences import api as conferences_api
from alumni.conferences import models as conferences_models
from alumni.conferences import views as conferences_views
from alumni.consents import models as consents_models
from alumni.core import audit, jobs, seals, storage
from alumni.core.db import db, let_go, tune
from alumni.deliveries import api as deliveries_api
from alumni.deliveries import models as deliveries_models
from alumni.deliveries import views as deliveries_views
from alumni.elections import api as elections_api
from alumni.elections import models as elections_models
from alumni.elections import views as elections_views
from alumni.events import api as events_api
from alumni.events import models as events_models
from alumni.events import queries as events_queries
from alumni.events import views as events_views
from alumni.fairs import api as fairs_api
from alumni.fairs import models as fairs_models
from alumni.fairs import views as fairs_views
from alumni.founding import api as founding_api
from alumni.founding import models as founding_models
from alumni.founding import views as founding_views
from alumni.groups import api as groups_api
from alumni.groups import models as groups_models
from alumni.groups import policy as groups_policy
from alumni.groups import views as groups_views
from alumni.home import api as home_api
from alumni.home import views as home_views
from alumni.imports import api as imports_api
from alumni.imports import models as imports_models
from alumni.imports import views as imports_views
from alumni.invites import api as invites_api
from alumni.invites import models as invites_models
from alumni.invites import views as invites_views
from alumni.mailing import models as mailing_models
from alumni.mailing import views as mailing_views
from alumni.meetings import api as meetings_api
from alumni.meetings import models as meetings_models
from alumni.meetings import views as meetings_views
from alumni.members import api as members_api
from alumni.members import models as members_models
from alumni.members import policy as members_policy
from alumni.members import views as members_views
from alumni.messages import api as messages_api
from alumni.messages import models as messages_models
from alumni.messages import policy as messages_policy
from alumni.messages import views as messages_views
from alumni.moderation import api as moderation_api
from alumni.moderation import models as moderation_models
from alumni.moderation import policy as moderation_policy
from alumni.moderation import views as moderation_views
from alumni.mydata import api as mydata_api
from alumni.mydata import models as mydata_models
from alumni.mydata import views as mydata_views
from alumni.officers import api as officers_api
from alumni.officers import models as officers_models
from alumni.officers import views as officers_views
from alumni.outreach import api as outreach_api
from alumni.outreach import models as outreach_models
from alumni.outreach import views as outreach_views
from alumni.plans import api as plans_api
from alumni.plans import models as plans_models
from alumni.plans import views as plans_views
from alumni.posts import api as posts_api
from alumni.posts import models as posts_models
from alumni.posts import policy as posts_policy
from alumni.posts import views as posts_views
from alumni.programmes import api as programmes_api
from alumni.programmes import models as programmes_models
from alumni.programmes import views as programmes_views
from alumni.reminders import models as reminders_models
from alumni.reminders import views as reminders_views
from alumni.reports import api as reports_api
from alumni.reports import models as reports_models
from alumni.reports import queries as reports_queries
from alumni.reports import views as reports_views
from alumni.roles import api as roles_api
from alumni.roles import views as roles_views
from alumni.rosters import api as rosters_api
from alumni.rosters import models as rosters_models
from alumni.rosters import policy as rosters_policy
from alumni.rosters import views as rosters_views
from alumni.settings import api as settings_api
from alumni.settings import models as settings_models
from alumni.settings import views as settings_views
from alumni.teams import api as teams_api
from alumni.teams import models as teams_models
from alumni.teams import views as teams_views
from alumni.tokens import actions as tokens_actions
from alumni.tokens import models as tokens_models
from alumni.tokens import steps as tokens_steps
from alumni.tokens import views as tokens_views
from alumni.visitors import api as visitors_api
from alumni.visitors import models as visitors_models
from alumni.visitors import views as visitors_views
from alumni.web import errors, gate, http, i18n, limits, metrics, openapi, pages, security, seen, templating
from alumni.web.compiling import Templates
from alumni.web.extensions import migrate
from config import ROOT, Config, from_env

# Every module with tables, so that migrations see all of them.
TABLES = (
    audit,
    seals,
    jobs,
    tokens_models,
    programmes_models,
    consents_models,
    officers_models,
    members_models,
    groups_models,
    mailing_models,
    events_models,
    attendance_models,
    arrivals_models,
    visitors_models,
    reminders_models,
    deliveries_models,
    circulars_models,
    reports_models,
    posts_models,
    messages_models,
    meetings_models,
    outreach_models,
    settings_models,
    invites_models,
    plans_models,
    teams_models,
    conferences_models,
    fairs_models,
    rosters_models,
    imports_models,
    claims_models,
    moderation_models,
    elections_models,
    founding_models,
    mydata_models,
)
DOORS = (
    accounts_views,
    tokens_views,
    members_views,
    members_api,
    groups_views,
    mailing_views,
    deliveries_views,
    deliveries_api,
    circulars_views,
    circulars_api,
    groups_api,
    roles_views,
    roles_api,
    posts_views,
    posts_api,
    messages_views,
    messages_api,
    meetings_views,
    meetings_api,
    outreach_views,
    settings_views,
    invites_views,
    plans_views,
    teams_views,
    teams_api,
    plans_api,
    invites_api,
    settings_api,
    outreach_api,
    events_views,
    arrivals_views,
    arrivals_api,
    visitors_views,
    visitors_api,
    conferences_views,
    conferences_api,
    fairs_views,
    fairs_api,
    events_api,
    attendance_views,
    reminders_views,
    reports_views,
    reports_api,
    attendance_api,
    moderation_views,
    moderation_api,
    programmes_views,
    programmes_api,
    admin_views,
    admin_api,
    home_views,
    home_api,
    rosters_views,
    rosters_api,
    imports_views,
    imports_api,
    claims_views,
    claims_api,
    officers_views,
    officers_api,
    elections_views,
    elections_api,
    founding_views,
    founding_api,
    mydata_views,
    mydata_api,
)
MADE_BEFORE_COLLECTING = 20_000  # objects; a page makes some thousands, and nearly all go by themselves
MOST_BYTES = 1024 * 1024  # of a request: forms are small; a door that takes a file says so (`takes_file`)


class Alumni(Flask):
    """Flask, with templates compiled for each language. No view is a coroutine, so none is asked whether it is."""

    jinja_environment = Templates

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def settings_of(config: Config) -> dict[str, Any]:
    """What Flask and its extensions read."""
    return {
        "ALUMNI": config,
        "SECRET_KEY": config.secret_key,
        "SECRET_KEY_FALLBACKS": list(config.secret_key_fallbacks),
        "SQLALCHEMY_DATABASE_URI": config.database_url,
        "SESSION_COOKIE_NAME": "__Host-notice" if config.is_https else "notice",  # holds flashed notices only
        "SESSION_COOKIE_SECURE": config.is_https,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "MAX_CONTENT_LENGTH": MOST_BYTES,
        "MAX_FORM_MEMORY_SIZE": MOST_BYTES,
        "SEND_FILE_MAX_AGE_DEFAULT": 365 * 24 * 3600,
        "LOG_REQUESTS": not config.is_development,
        "MIGRATIONS": ROOT / "migrations",
        # In development whoever tries it from a telephone in the same room comes by another name.
        "TRUSTED_HOSTS": None if config.is_development else [config.host, "127.0.0.1", "localhost"],
    }


def create_app(config: Config | None = None) -> Flask:
    """An app for one installation. Makes no query and opens no connection."""
    config = config or from_env()
    config.instance.mkdir(parents=True, exist_ok=True)
    app = Alumni(
        "alumni",
        instance_path=str(config.instance),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    gate.public(app.view_functions["static"])
    app.config.update(settings_of(config))
    if config.proxy_count:
        app.wsgi_app = ProxyFix(app.wsgi_app, *[config.proxy_count] * 4)  # type: ignore[method-assign]
    log_as_json()
    app.teardown_appcontext(let_go)  # what is registered first is called last: after the session
    db.init_app(app)
    with app.app_context():
        tune(db.engine)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    accounts_actions.hash_with(memory_kib=config.hash_memory_kib, passes=config.hash_passes)
    storage.keep_files_in(config.storage_url)
    say_who_knows()
    http.install(app)
    gate.install(app, accounts_queries.find_viewer, tokens_steps.find_bearer)
    limits.install(app)
    seen.install(app, accounts_actions.note_seen)
    i18n.install(app, str(ROOT / "translations"))
    templating.install(app)
    security.install(app)
    errors.install(app)
    pages.install(app)
    openapi.install(app)
    metrics.install(app)
    for door in DOORS:
        app.register_blueprint(door.bp)
    worker.install(app)
    cli.install(app)
    if not config.is_development:
        _settle()
    return app


def _settle() -> None:
    """What was made until now stays: the collector need not go through it again, and forked workers share its pages."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(MADE_BEFORE_COLLECTING)


def say_who_knows() -> None:
    """What a lower room asks and only a higher one knows."""
    accounts_actions.end_with_sessions(tokens_actions.end_all_tokens)
    members_policy.ask_about_groups(groups_policy.shares_group)
    members_policy.ask_who_may_write(messages_policy.has_way_to)
    members_policy.ask_who_else_decides(claims_policy.organisers_decide)
    posts_policy.ask_about_reports(moderation_policy.is_reported)
    rosters_policy.ask_about_claims(claims_policy.is_asked_for)
    events_queries.ask_what_came_of_events(reports_queries.what_came_of)


def log_as_json() -> None:
    """One JSON object a line on standard output, with no personal data: nothing logs a value that people typed."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )
