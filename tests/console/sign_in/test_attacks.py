"""Signing in to the console, as an attacker would have it."""

from __future__ import annotations

import pytest

from planster_sync.entry.console.login import own_page
from planster_sync.errors import InvalidRequest, SignInFailed
from tests.console.sign_in.browsing import Browser, Console, query_of
from tests.console.sign_in.small_issuer import SmallIssuer
from tests.fakes.clock import ManualClock


def test_a_callback_in_another_browser_lets_nobody_in(console: Console, issuer: SmallIssuer) -> None:
    """An attacker signs in as herself and has a victim open her callback: the victim would work in her account."""
    attacker, victim = Browser(console), Browser(console)
    back = issuer.approve(attacker.sent_to_issuer(), "bob")
    victim.sent_to_issuer()

    for browser in (victim, Browser(console)):
        with pytest.raises(SignInFailed, match="another browser"):
            browser.comes_back(back)

    assert (victim.visitor, console.sessions.rows) == (None, {})


def test_a_callback_works_once(browser: Browser, console: Console, issuer: SmallIssuer) -> None:
    back = issuer.approve(browser.sent_to_issuer())
    browser.comes_back(back)

    with pytest.raises(SignInFailed):
        browser.comes_back(back)

    assert len(console.sessions.rows) == 1


@pytest.mark.parametrize("state", ["", "state", "secret-" + "0" * 36])
def test_a_state_that_was_never_given_out_lets_nobody_in(browser: Browser, issuer: SmallIssuer, state: str) -> None:
    back = issuer.approve(browser.sent_to_issuer())

    with pytest.raises(SignInFailed):
        browser.comes_back(back.replace(query_of(back)["state"], state))

    assert issuer.asked == ["/.well-known/openid-configuration"]


def test_a_sign_in_of_more_than_ten_minutes_ago_lets_nobody_in(
    browser: Browser, issuer: SmallIssuer, clock: ManualClock
) -> None:
    back = issuer.approve(browser.sent_to_issuer())
    clock.advance(601)

    with pytest.raises(SignInFailed, match="too long"):
        browser.comes_back(back)


def test_a_stolen_code_is_worth_nothing_without_the_verifier(console: Console, issuer: SmallIssuer) -> None:
    """The code of one sign-in put into another's callback (RFC 7636, 1)."""
    victim, attacker = Browser(console), Browser(console)
    stolen = query_of(issuer.approve(victim.sent_to_issuer()))["code"]
    own = issuer.approve(attacker.sent_to_issuer(), "bob")

    with pytest.raises(SignInFailed) as refused:
        attacker.comes_back(own.replace(query_of(own)["code"], stolen))

    assert "secret words" not in f"{refused.value.what}{refused.value.remedy}"
    assert console.sessions.rows == {}


def test_an_answer_of_another_issuer_lets_nobody_in(browser: Browser, issuer: SmallIssuer) -> None:
    """RFC 9207: mixed-up issuers."""
    back = issuer.approve(browser.sent_to_issuer()).partition("&iss=")[0]

    with pytest.raises(SignInFailed, match="Another sign-in service"):
        browser.comes_back(f"{back}&iss=https://evil.example")


@pytest.mark.parametrize("more", ["&state=x", "&code=x", "&a=b" * 40])
def test_a_callback_with_a_parameter_twice_or_with_too_many_lets_nobody_in(
    browser: Browser, issuer: SmallIssuer, more: str
) -> None:
    back = issuer.approve(browser.sent_to_issuer())

    with pytest.raises(SignInFailed, match="cannot be read"):
        browser.comes_back(back + more)


def test_a_refusal_is_told_without_the_issuers_words(browser: Browser) -> None:
    state = query_of(browser.sent_to_issuer())["state"]

    with pytest.raises(SignInFailed) as refused:
        browser.comes_back(f"/console/callback?state={state}&error=access_denied&error_description=<b>evil</b>")

    assert "evil" not in f"{refused.value.what}{refused.value.remedy}"


def test_a_session_that_was_planted_before_signing_in_is_not_taken_over(console: Console) -> None:
    """Session fixation: the secret that the attacker knows must not become the victim's."""
    planted = "A" * 43
    victim = Browser(console, {"planster_session": planted})

    victim.signs_in()

    assert victim.cookies["planster_session"] != planted
    assert planted not in console.sessions.rows
    assert Browser(console, {"planster_session": planted}).visitor is None


def test_signing_in_again_ends_the_session_before(browser: Browser, console: Console) -> None:
    browser.signs_in("ada")
    before = dict(browser.cookies)

    browser.signs_in("bob")

    assert Browser(console, before).visitor is None
    assert browser.visitor is not None
    assert browser.visitor.organisation == "globex"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/console\\@evil.example",
        "/console//evil.example",
        "/console/../../evil",
        "/console/%2e%2e/v1/x",
        "/consoleevil.example",
        "/console.evil.example",
        "/console@evil.example",
        "console",
        "/v1/organisations",
        "javascript:alert(1)",
        "/console\r\nSet-Cookie: a=b",
        "/console/\tx",
        " /console",
        "/console/a\n",
        "/console#https://evil.example",
        "/console/logout",
        "/console/login?next=/console/login",
        "/console/callback?state=x",
        "/console/" + "a" * 3000,
    ],
)
def test_nobody_is_sent_elsewhere_after_signing_in(elsewhere: str) -> None:
    """Open redirect by `next`."""
    assert own_page(elsewhere) == "/console"


@pytest.mark.parametrize(
    "page", ["/console", "/console/", "/console/integrations/main", "/console/a/b%2Fc?d=e%20f&g=2026-01-01T00:00:00Z"]
)
def test_own_pages_are_kept(page: str) -> None:
    assert own_page(page) == page


@pytest.mark.parametrize(
    ("host", "proto", "origin"),
    [
        ("sync.example.com", "https", "https://sync.example.com"),
        ("sync.example.com", "http", "https://sync.example.com"),
        ("127.0.0.1:4566", "http", "http://127.0.0.1:4566"),
        ("localhost.evil.example", "http", "https://localhost.evil.example"),
    ],
)
def test_only_ones_own_machine_is_come_back_to_without_tls(
    console: Console, host: str, proto: str, origin: str
) -> None:
    browser = Browser(console, host=host)

    answer = console.login.sign_in(browser.event("/console/login", **{"x-forwarded-proto": proto}))

    assert query_of(str(answer.headers["Location"]))["redirect_uri"] == f"{origin}/console/callback"


@pytest.mark.parametrize("host", ["", "evil.example/x", "a@evil.example", "evil.example:80:80", "a b"])
def test_a_host_that_is_none_is_refused(console: Console, host: str) -> None:
    with pytest.raises(InvalidRequest):
        console.login.sign_in(Browser(console, host=host).event("/console/login"))
