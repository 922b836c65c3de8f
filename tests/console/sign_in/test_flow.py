"""Signing in to the console, as it should be."""

from __future__ import annotations

from planster_sync.entry.api.caller import Scope
from tests.console.sign_in.browsing import HOST, Browser, Console, query_of
from tests.console.sign_in.small_issuer import SmallIssuer
from tests.fakes.clock import ManualClock


def test_whoever_signs_in_is_known_with_organisation_and_scopes(browser: Browser) -> None:
    page = browser.signs_in("ada")

    visitor = browser.visitor
    assert page == "/console"
    assert visitor is not None
    assert (visitor.organisation, visitor.subject) == ("acme", "ada")
    assert visitor.scopes == {Scope.READ, Scope.OPERATE}


def test_the_issuer_is_asked_for_a_code_with_pkce_state_and_nonce(browser: Browser, issuer: SmallIssuer) -> None:
    address = browser.sent_to_issuer()

    asked = query_of(address)
    assert address.startswith(f"{issuer.url}/authorize?")
    assert asked["redirect_uri"] == f"http://{HOST}/console/callback"
    assert asked["scope"].split()[0] == "openid"
    assert len({asked["state"], asked["nonce"], asked["code_challenge"], *browser.cookies.values()}) == 4


def test_the_page_that_was_asked_for_is_shown_after_signing_in(browser: Browser) -> None:
    page = browser.signs_in(asking="/console/login?next=/console/integrations/main%3Ftab%3Druns")

    assert page == "/console/integrations/main?tab=runs"


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites_forms(console: Console) -> None:
    answer = console.login.sign_in(Browser(console).event("/console/login"))

    (cookie,) = (str(each) for each in answer.cookies)
    assert cookie.partition("; ")[2] == "Path=/console; Max-Age=600; HttpOnly; Secure; SameSite=Lax"


def test_what_the_issuer_says_of_itself_is_asked_for_once_an_hour(
    console: Console, issuer: SmallIssuer, clock: ManualClock
) -> None:
    for _ in range(3):
        Browser(console).signs_in()
    clock.advance(3601)
    Browser(console).signs_in()

    assert [path for path in issuer.asked if path != "/token"] == ["/.well-known/openid-configuration"] * 2


def test_two_tabs_of_one_browser_may_sign_in_at_once(browser: Browser, issuer: SmallIssuer) -> None:
    first, second = browser.sent_to_issuer("/console/login?next=/console/a"), browser.sent_to_issuer()

    pages = [browser.comes_back(issuer.approve(second)), browser.comes_back(issuer.approve(first))]

    assert pages == ["/console", "/console/a"]


def test_scopes_and_organisation_may_stand_in_the_id_token(browser: Browser, issuer: SmallIssuer) -> None:
    issuer.access = {"organisation": None, "scope": None}
    issuer.identity = {"scope": "openid planster/admin"}

    browser.signs_in("bob")

    visitor = browser.visitor
    assert visitor is not None
    assert visitor.organisation == "globex"
    assert visitor.scopes == {Scope.ADMIN}


def test_an_access_token_that_only_the_issuer_can_read_is_left_alone(browser: Browser, issuer: SmallIssuer) -> None:
    issuer.identity = {"scope": "planster/read"}
    issuer.opaque = True

    browser.signs_in()

    visitor = browser.visitor
    assert visitor is not None
    assert visitor.scopes == {Scope.READ}
