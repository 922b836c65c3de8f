"""The console's pages of connecting: a form made from what the connector declares, a consent, and the way on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from planster_sync.errors import CredentialsRejected, SourceUnavailable
from planster_sync.model.integrations import IntegrationStatus
from planster_sync.ports.connecting import Way
from tests.console.known import PLANNER, READER, STRANGER
from tests.console.morning import morning
from tests.console.pages import form_to, forms_in, text_in
from tests.console.visit import Console, Seen
from tests.engine.world import World
from tests.integration.api.caller import http_event, shop_of
from tests.integration.api.connectable import CANARY, Desk

CONNECT = "/console/connect/scripted"
RECONNECT = "/console/integrations/int1/reconnect"
TYPED: dict[str, Any] = {
    "way": "form",
    "name": "Second warehouse",
    "zone": "Europe/Berlin",
    "hours": ["3", "22"],
    "data_types": ["orders"],
    "credentials.user": "planster",
    "credentials.password": CANARY,
    "settings.currency": "EUR",
}


def console(desk: Desk, visitor: Any = PLANNER) -> Console:
    return Console(shop_of(desk.world, **desk.changes), visitor)


def made(desk: Desk, name: str = "Second warehouse") -> Any:
    found = [each for each, _ in desk.world.stores.integrations.status_page("org1") if each.name == name]
    return found[0] if found else None


def refused(desk: Desk) -> None:
    desk.source.refused = True
    desk.api.post("/v1/organisations/org1/integrations/int1/check")


def state_in(seen: Seen) -> str:
    """That of the address to which a page leads out."""
    address = seen.text.split('href="https://vendor.test/authorize?')[1].split('"')[0]
    return parse_qs(address)["state"][0]


def called_back(desk: Desk, query: str) -> str:
    """Where the browser is sent on to from the address that the vendor sends it to."""
    answer = desk.guarded.raw(http_event("GET", f"/v1/connect/callback?{query}"))
    assert answer["statusCode"] == 303, answer
    return str(answer["headers"]["Location"])


def test_every_connector_is_offered_with_a_form_of_what_it_declares() -> None:
    world, shop = morning()
    offered = Console(shop).get("/console/connect")

    for connector in shop.connectors():
        page = Console(shop).get(f"/console/connect/{connector}?way=form")
        form = form_to(page.text, f"/connect/{connector}")
        declared = shop.capabilities(connector)
        typed = {f"credentials.{name}" for name in declared.credentials.model_fields if name not in declared.granted}
        assert f'href="/console/connect/{connector}"' in offered.text
        assert (page.status, typed <= set(form.fields)) == (200, True)
        assert {f"settings.{name}" for name in declared.settings.model_fields} <= set(form.fields)
    assert world.stores.integrations.status_page("org1")


def test_a_form_connects_checks_and_shows_the_first_load() -> None:
    desk = Desk()
    visit = console(desk)
    form = form_to(visit.get(f"{CONNECT}?way=form").text, CONNECT)

    seen = visit.post(form.action, {**form.fields, **TYPED})

    integration = made(desk)
    assert seen.status == 200
    assert "The connection works." in text_in(seen.text)
    assert f'data-live="/console/integrations/{integration.id}/runs/' in seen.text
    assert (integration.schedule.zone, integration.schedule.hours) == ("Europe/Berlin", (3, 22))
    assert integration.settings == {"currency": "EUR"}
    assert desk.secrets.kept == {("org1", integration.id): {"user": "planster", "password": CANARY}}


@pytest.mark.parametrize("way", ["form", "oauth"])
def test_history_is_bounded_where_the_account_is_connected(way: str) -> None:
    desk = Desk()
    assert "history_from" not in form_to(console(desk).get(CONNECT).text, CONNECT).fields
    desk.can_bound_history()
    form = form_to(console(desk).get(f"{CONNECT}?way={way}").text, CONNECT)
    sent = {**form.fields, **TYPED, "way": way}

    later = console(desk).post(CONNECT, {**sent, "history_from": "2999-01-01"})
    seen = console(desk).post(CONNECT, {**sent, "history_from": "2025-06-01"})
    if way == "oauth":
        console(desk).get(called_back(desk, f"state={state_in(seen)}&code=c-1"))
    desk.world.work()

    assert (later.status, 'id="history_from-fault"' in later.text) == (422, True)
    assert form_to(later.text, CONNECT).fields["history_from"] == "2999-01-01"
    assert made(desk).history_from == datetime(2025, 6, 1, tzinfo=UTC)
    assert set(desk.world.live()) == {"new"}


def test_sending_the_same_form_again_connects_nothing_twice_and_keeps_the_credentials() -> None:
    desk = Desk()
    sent = {**TYPED, "key": "key-of-the-form"}
    console(desk).post(CONNECT, sent)

    seen = console(desk).post(CONNECT, {**sent, "credentials.password": "another one"})

    assert "was connected before; nothing was changed" in text_in(seen.text)
    assert desk.secrets.kept["org1", made(desk).id]["password"] == CANARY


def test_what_is_wrong_is_said_beside_each_field_at_once_and_nothing_is_stored() -> None:
    desk = Desk()
    wrong = {"credentials.password": "abc", "credentials.user": "", "settings.page_limit": "99", "name": ""}

    seen = console(desk).post(CONNECT, {**TYPED, **wrong})

    assert (seen.status, desk.secrets.kept, made(desk)) == (422, {}, None)
    for field in ("credentials-user", "credentials-password", "settings-page_limit", "name"):
        assert f'id="{field}-fault"' in seen.text
        assert f'href="#{field}"' in seen.text
    assert "Fill this in." in text_in(seen.text)
    assert form_to(seen.text, CONNECT).fields["settings.currency"] == "EUR"


def test_a_secret_is_never_written_into_a_page() -> None:
    desk = Desk()
    visit = console(desk)

    pages = [
        visit.post(CONNECT, {**TYPED, "credentials.user": ""}),
        visit.post(CONNECT, {**TYPED, "zone": "Mars"}),
        visit.post(CONNECT, {**TYPED, "name": "Main warehouse"}),
        visit.post(CONNECT, TYPED),
        visit.post(RECONNECT, {"way": "form", "credentials.password": CANARY}),
        visit.post(RECONNECT, {"way": "form", "credentials.user": "u", "credentials.password": CANARY}),
    ]
    desk.world.work()

    assert [seen.status for seen in pages] == [422, 422, 409, 200, 422, 200]
    assert [seen.text for seen in pages if CANARY in seen.text] == []
    assert CANARY not in desk.everything_kept()
    assert CANARY in repr(desk.secrets.kept)


def test_a_name_that_is_taken_is_told_and_what_was_typed_stays() -> None:
    seen = console(Desk()).post(CONNECT, {**TYPED, "name": "Main warehouse"})

    assert seen.status == 409
    assert "There is an integration of this name already" in text_in(seen.text)
    assert form_to(seen.text, CONNECT).fields["credentials.user"] == "planster"


def test_what_was_interrupted_goes_on_under_the_key_of_the_form() -> None:
    class Dying:
        def keep(self, *_: object) -> None:
            raise SourceUnavailable("The secret store is gone.")

    desk = Desk()
    dying = Console(shop_of(desk.world, **{**desk.changes, "keeper": Dying()}))
    seen = dying.post(CONNECT, {**TYPED, "key": "key-of-the-form"})
    form = form_to(seen.text, CONNECT)
    assert (seen.status, form.fields["key"], desk.secrets.kept) == (503, "key-of-the-form", {})

    console(desk).post(CONNECT, {**TYPED, "key": form.fields["key"]})

    assert list(desk.secrets.kept) == [("org1", made(desk).id)]


def test_refused_credentials_lead_to_the_page_that_takes_others() -> None:
    desk = Desk()
    desk.source.refused = True

    seen = console(desk).post(CONNECT, TYPED)

    assert made(desk).status is IntegrationStatus.NEEDS_REAUTH
    assert f'href="/console/integrations/{made(desk).id}/reconnect"' in seen.text
    assert "refuses the connection" in text_in(seen.text)
    assert "data-live" not in seen.text


def test_an_integration_whose_credentials_fail_is_connected_again_and_keeps_what_it_has() -> None:
    desk = Desk()
    desk.world.night()
    before = desk.world.last_run().id
    refused(desk)
    page = console(desk).get("/console/integrations/int1")
    assert f'href="{RECONNECT}"' in page.text
    desk.source.refused = False
    form = form_to(console(desk).get(f"{RECONNECT}?way=form").text, RECONNECT)

    seen = console(desk).post(
        form.action, {**form.fields, "credentials.user": "planster", "credentials.password": CANARY}
    )
    desk.world.work()

    assert "The connection works." in text_in(seen.text)
    assert desk.world.integration.status is IntegrationStatus.ACTIVE
    assert desk.world.run(before) is not None
    assert desk.world.last_run().id != before
    assert len(desk.world.stores.integrations.status_page("org1")) == 1


def test_credentials_that_an_operator_keeps_are_not_asked_for() -> None:
    desk = Desk(world=World(secret="/planster/dev/integrations/org1/shared"))

    seen = console(desk).get(RECONNECT)

    assert "kept at a place of their own" in text_in(seen.text)
    assert [form for form in forms_in(seen.text) if form.action == RECONNECT] == []


@pytest.mark.parametrize("address", ["/console/connect", CONNECT, RECONNECT])
def test_who_may_not_connect_is_told_why_and_gets_no_form(address: str) -> None:
    seen = console(Desk(), READER).get(address)

    assert seen.status == 200
    assert "needs the scope planster/admin" in text_in(seen.text)
    assert [form.action for form in forms_in(seen.text)] == ["/console/logout"]


@pytest.mark.parametrize("address", [CONNECT, f"{CONNECT}/exchange", RECONNECT])
def test_who_may_not_connect_cannot_send_the_form_either(address: str) -> None:
    desk = Desk()

    seen = console(desk, READER).post(address, TYPED)

    assert (seen.status, desk.secrets.kept) == (403, {})


def test_a_reader_is_told_whom_to_ask_where_credentials_fail() -> None:
    desk = Desk()
    refused(desk)

    seen = console(desk, READER).get("/console/integrations/int1")

    assert f'href="{RECONNECT}"' not in seen.text
    assert "Reconnecting needs the scope planster/admin" in text_in(seen.text)


def test_a_form_from_elsewhere_connects_nothing() -> None:
    desk = Desk()

    seen = console(desk).post(CONNECT, TYPED, origin="https://elsewhere.test")

    assert (seen.status, desk.secrets.kept, made(desk)) == (403, {}, None)


def test_a_consent_leads_out_by_a_link_and_back_to_the_console_where_it_ends() -> None:
    desk = Desk()
    out = console(desk).post(CONNECT, {**TYPED, "way": "oauth"})
    back = called_back(desk, f"state={state_in(out)}&code=c-1")
    assert urlsplit(back).path == "/console/connect/return"

    seen = console(desk).get(back)
    desk.world.work()

    assert "The connection works." in text_in(seen.text)
    assert f'data-address="/console/integrations/{made(desk).id}"' in seen.text
    assert desk.secrets.kept == {("org1", made(desk).id): {"refresh_token": "for c-1"}}
    assert made(desk).schedule.hours == (3, 22)


def test_a_consent_connects_an_integration_again() -> None:
    desk = Desk()
    refused(desk)
    desk.source.refused = False
    out = console(desk).post(RECONNECT, {"way": "oauth"})

    seen = console(desk).get(called_back(desk, f"state={state_in(out)}&code=c-1"))

    assert seen.status == 200
    assert desk.world.integration.status is IntegrationStatus.ACTIVE
    assert desk.secrets.kept == {("org1", "int1"): {"refresh_token": "for c-1"}}


@pytest.mark.parametrize("visitor", [READER, STRANGER], ids=["a colleague", "a stranger"])
def test_a_consent_ends_for_nobody_but_who_began_it(visitor: Any) -> None:
    desk = Desk()
    back = called_back(desk, f"state={state_in(console(desk).post(CONNECT, {**TYPED, 'way': 'oauth'}))}&code=c-1")

    seen = console(desk, visitor).get(back)

    assert (seen.status in (403, 422), desk.secrets.kept, made(desk)) == (True, {}, None)
    assert console(desk).get(back).status == 200, "it still waits for who began it"


def test_a_consent_that_was_not_given_says_so_and_can_be_begun_again() -> None:
    desk = Desk()
    out = console(desk).post(CONNECT, {**TYPED, "way": "oauth"})
    back = called_back(desk, f"state={state_in(out)}&error=access_denied%3Cscript%3E")

    seen = console(desk).get(back)

    assert (seen.status, desk.secrets.kept, made(desk)) == (409, {}, None)
    assert "gave no consent" in text_in(seen.text)
    assert "script%3E" not in seen.text
    assert 'href="/console/connect"' in seen.text


def test_coming_back_twice_stores_nothing_twice() -> None:
    desk = Desk()
    back = called_back(desk, f"state={state_in(console(desk).post(CONNECT, {**TYPED, 'way': 'oauth'}))}&code=c-1")
    console(desk).get(back)

    seen = console(desk).get(back)

    assert (seen.status, "may be connected already" in text_in(seen.text)) == (422, True)
    assert len(desk.secrets.kept) == 1


def test_a_code_that_the_vendor_refuses_is_told_and_the_integration_waits_for_another() -> None:
    desk = Desk()
    back = called_back(desk, f"state={state_in(console(desk).post(CONNECT, {**TYPED, 'way': 'oauth'}))}&code=c-1")
    desk.exchanges.error = CredentialsRejected("The warehouse system no longer grants access.")

    seen = console(desk).get(back)

    assert (seen.status, made(desk).status) == (409, IntegrationStatus.NEEDS_REAUTH)
    assert "no longer grants access" in text_in(seen.text)


def test_a_consent_that_cannot_be_begun_is_told_beside_what_was_typed() -> None:
    desk = Desk()
    desk.exchanges.error = SourceUnavailable("It gives no answer.")

    seen = console(desk).post(CONNECT, {**TYPED, "way": "oauth"})

    assert (seen.status, form_to(seen.text, CONNECT).fields["name"]) == (503, "Second warehouse")
    assert "It gives no answer." in text_in(seen.text)


def test_a_link_gives_its_token_and_takes_its_code() -> None:
    desk = Desk(ways=(Way.LINK, Way.FORM))
    assert form_to(console(desk).get(CONNECT).text, CONNECT).fields["way"] == "form", "its dialogue cannot run here"
    begun = console(desk).post(CONNECT, {**TYPED, "way": "link"})
    assert 'value="link-1"' in begun.text
    form = form_to(begun.text, "/exchange")

    seen = console(desk).post(form.action, {**form.fields, "auth_code": CANARY})

    assert "The connection works." in text_in(seen.text)
    assert desk.secrets.kept == {("org1", made(desk).id): {"refresh_token": f"for {CANARY}"}}
    again = console(desk).post(form.action, {**form.fields, "auth_code": CANARY})
    assert (again.status, CANARY in seen.text + again.text) == (422, False)


@pytest.mark.parametrize("address", ["/console/connect/nobody", f"{CONNECT}?way=nonsense"])
def test_an_address_of_no_connector_or_way_is_a_page_that_says_so(address: str) -> None:
    assert console(Desk()).get(address).status in (404, 422)


def test_another_organisation_reconnects_nothing_here() -> None:
    desk = Desk()

    statuses = [console(desk, STRANGER).get(RECONNECT).status, console(desk, STRANGER).post(RECONNECT, TYPED).status]

    assert (statuses, desk.secrets.kept) == ([404, 404], {})
