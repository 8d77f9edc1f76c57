"""Every route: who may come in, and that nothing answers without its guard."""

import pytest

# What is open to everybody. Whatever is not named here sends a guest to sign in.
OPEN = {
    "static",
    "home.landing",
    "accounts.signup",
    "accounts.check_mail",
    "accounts.confirm",
    "accounts.login",
    "accounts.second",
    "accounts.forgot",
    "accounts.reset",
    "accounts.confirm_new_address",
    "accounts.undo_new_address",
    "claims.answer_invitation",
    "claims.join_by_invitation",
    "invites.accept",
    "plans.answer",
    "invites.decline",
    "invites.join",
    "mailing.stop",
    "mailing.resume",
    "mailing.address_works",
    "mailing.profile_is_right",
    "reminders.still_comes",
    "reminders.comes_not",
    "visitors.visit",
    "visitors.confirm",
    "visitors.cancel",
    "visitors_api.ask",
    "claims.enter_code",
    "health.healthz",
    "health.readyz",
    "accounts.set_language",
    "web.privacy",
    "web.terms",
    "web.accessibility",
    "web.security_txt",
    "metrics.metrics",
}


def rules(app):
    return [rule for rule in app.url_map.iter_rules() if not rule.endpoint.startswith("dev.")]


def path_of(rule):
    return "".join(part if not dynamic else "x2345abcde" for dynamic, part in rule._trace).removeprefix("|")


def test_a_guest_is_sent_to_sign_in_from_everything_that_is_not_open(app, browse):
    open_ones = {name for name, view in app.view_functions.items() if getattr(view, "is_public", False)}
    guest = browse("")
    for rule in rules(app):
        if rule.endpoint in open_ones:
            continue
        path = path_of(rule)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            answer = guest.get(path) if method == "GET" else guest.send(path, method=method)
            if path.startswith("/api/"):
                assert answer.status_code == 401, (rule, method, answer.status_code)
            else:
                assert answer.status_code == 303, (rule, method, answer.status_code)
                assert answer.headers["Location"].startswith("/login"), rule


def test_what_is_open_is_meant_to_be(app):
    """A view marked `@public` outside of this list must be one that reads public listings and events."""
    open_ones = {
        name
        for name, view in app.view_functions.items()
        if getattr(view, "is_public", False) and not name.startswith("dev.")
    }
    reading = {name for name in open_ones if all("POST" not in r.methods for r in app.url_map.iter_rules(name))}
    assert open_ones - OPEN <= reading, open_ones - OPEN - reading


def test_no_unsafe_route_takes_a_form_without_its_token(app, cast, browse):
    sam = browse(cast.sam)
    for rule in rules(app):
        for method in sorted(rule.methods & {"POST", "PUT", "PATCH", "DELETE"}):
            answer = sam.client.open(path_of(rule), method=method)
            assert answer.status_code == 400, (rule, method, answer.status_code)


def test_asking_for_the_head_alone_does_nothing_else(app, cast, browse):
    """HEAD goes where GET goes: it answers the same and writes nothing."""
    sam = browse(cast.sam)
    for rule in rules(app):
        if "GET" in rule.methods:
            path = path_of(rule)
            assert sam.client.head(path).status_code == sam.get(path).status_code, rule


def test_no_address_counts(app):
    for rule in rules(app):
        assert "int:" not in rule.rule, rule


def test_nothing_crashes_on_an_unknown_key(app, cast, browse):
    sam = browse(cast.sam)
    for rule in rules(app):
        if "GET" in rule.methods and rule.arguments:
            assert sam.get(path_of(rule)).status_code in (303, 404, 405, 410), rule


@pytest.mark.parametrize("who", ["bob", "nia", "sam", "guest"])
def test_every_plain_page_opens(app, cast, browse, who):
    browser = browse(getattr(cast, who))
    for rule in rules(app):
        if "GET" in rule.methods and not rule.arguments:
            answer = browser.get(rule.rule)
            assert answer.status_code < 500, (rule, answer.status_code)
