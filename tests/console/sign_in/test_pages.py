"""The way in and out, page by page, as a browser goes it."""

from __future__ import annotations

import pytest

from tests.console.sign_in.browsing import Console
from tests.console.sign_in.small_issuer import SmallIssuer
from tests.console.sign_in.visiting import VisitingBrowser
from tests.console.visit import Console as Unregistered
from tests.engine.world import World
from tests.integration.api.caller import shop_of


@pytest.fixture
def visiting(console: Console) -> VisitingBrowser:
    return VisitingBrowser(console)


def test_whoever_asks_for_a_page_signs_in_and_is_shown_it(visiting: VisitingBrowser, issuer: SmallIssuer) -> None:
    asked = visiting.get("/console/live?x=a%20b")
    to_issuer = visiting.get(asked.headers["location"])
    back = visiting.get(issuer.approve(to_issuer.headers["location"]))
    shown = visiting.get(back.headers["location"])

    assert [asked.status, to_issuer.status, back.status, shown.status] == [303, 303, 303, 200]
    assert back.headers["location"] == "/console/live?x=a%20b"


def test_logging_out_needs_the_session_s_own_form(visiting: VisitingBrowser) -> None:
    visiting.signs_in()

    attacks = [
        visiting.post("/console/logout", token="", origin=visiting.origin),
        visiting.post("/console/logout", token="guessed", origin=visiting.origin),
        visiting.post("/console/logout", token=visiting.form_token, origin="https://evil.example"),
        visiting.post("/console/logout", token=visiting.form_token, origin="null"),
        visiting.post("/console/logout", token=visiting.form_token, origin=None),
        visiting.post("/console/logout", token=visiting.form_token, origin=visiting.origin.replace("http:", "https:")),
    ]

    assert [seen.status for seen in attacks] == [403] * 6
    assert visiting.get("/console").status == 200


def test_whoever_logs_out_is_out(visiting: VisitingBrowser, console: Console) -> None:
    visiting.signs_in()
    copied = dict(visiting.cookies)

    out = visiting.post("/console/logout", token=visiting.form_token, origin=visiting.origin)
    page = visiting.get(out.headers["location"])
    visiting.cookies = copied

    assert (out.status, page.status) == (303, 200)
    assert "You are signed out" in page.text
    assert visiting.get("/console").status == 303
    assert console.sessions.rows == {}


def test_another_sessions_form_token_is_none_of_ones_own(console: Console) -> None:
    attacker, victim = VisitingBrowser(console), VisitingBrowser(console)
    attacker.signs_in("bob")
    victim.signs_in("ada")

    seen = victim.post("/console/logout", token=attacker.form_token, origin=victim.origin)

    assert seen.status == 403
    assert victim.get("/console").status == 200


def test_logging_out_without_a_session_is_no_error(visiting: VisitingBrowser) -> None:
    seen = visiting.post("/console/logout", token="", origin="https://evil.example")

    assert (seen.status, seen.headers["location"]) == (303, "/console/signed-out")


def test_a_failed_sign_in_is_a_page_with_a_way_on(visiting: VisitingBrowser) -> None:
    seen = visiting.get("/console/callback?state=%3Cscript%3E&code=c")

    assert seen.status == 403
    assert "begun in another browser" in seen.text
    assert "sign_in_failed" in seen.text
    assert "<script>" not in seen.text


def test_a_deployment_without_an_issuer_says_so() -> None:
    seen = Unregistered(shop_of(World()), None).get("/console/login")

    assert seen.status == 409
    assert "JwtIssuer" in seen.text
