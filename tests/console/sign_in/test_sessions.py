"""Sessions: how long they last, and whose they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.console.sign_in.browsing import Browser, Console
from tests.fakes.clock import ManualClock


def test_a_session_ends_after_an_hour_without_use(browser: Browser, clock: ManualClock) -> None:
    browser.signs_in()
    clock.advance(3599)
    used = browser.visitor
    clock.advance(3599)
    used_again = browser.visitor
    clock.advance(3600)

    assert (used is None, used_again is None, browser.visitor) == (False, False, None)


def test_a_session_ends_after_eight_hours_however_busy_it_is(browser: Browser, clock: ManualClock) -> None:
    browser.signs_in()
    for _ in range(16 * 8 - 1):
        clock.advance(225)
        assert browser.visitor is not None

    clock.advance(225)

    assert browser.visitor is None


def test_a_copied_cookie_is_worth_nothing_after_signing_out(browser: Browser, console: Console) -> None:
    browser.signs_in()
    copied = Browser(console, dict(browser.cookies))
    assert copied.visitor is not None

    cookie = console.visitors.end(browser.event("/console/logout"))

    assert copied.visitor is None
    assert console.sessions.rows == {}
    assert "Max-Age=0" in str(cookie)


def test_a_second_cookie_of_the_same_name_makes_the_visitor_unknown(browser: Browser, console: Console) -> None:
    """A neighbouring site's page can plant a cookie for the whole domain beside ours."""
    browser.signs_in()
    event = browser.event("/console")

    planted = {**event, "cookies": [f"planster_session={'B' * 43}", *event["cookies"]]}

    assert console.visitors.visitor(planted) is None
    assert console.visitors.visitor(event) is not None


def test_cookies_are_found_in_the_header_too(browser: Browser, console: Console) -> None:
    browser.signs_in()
    event = browser.event("/console")

    header = "; ".join(["other=1", *event.pop("cookies")])

    assert console.visitors.visitor({**event, "headers": {"Cookie": header}}) is not None


@pytest.mark.parametrize("secret", ["", "short", "A" * 44, "é" * 43, "'" * 43])
def test_what_is_no_secret_is_nobody(console: Console, secret: str) -> None:
    assert Browser(console, {"planster_session": secret}).visitor is None


def test_scopes_that_the_console_does_not_know_give_nothing(browser: Browser, console: Console) -> None:
    browser.signs_in()
    (secret,) = console.sessions.rows
    console.sessions.rows[secret] = replace(console.sessions.rows[secret], scopes=("planster/everything", "read"))

    visitor = browser.visitor

    assert visitor is not None
    assert visitor.scopes == frozenset()


def test_a_session_lasts_eight_hours_in_its_cookie(browser: Browser, console: Console) -> None:
    browser.signs_in()

    (session,) = console.sessions.rows.values()

    assert session.ends_at - session.begun_at == timedelta(hours=8)
