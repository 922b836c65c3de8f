"""The connector over real HTTP, against the simulated vendor."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from urllib.request import Request, urlopen

import pytest

from planster_sync.connectors import registry
from planster_sync.errors import AnswerBroken, CredentialsRejected, Forbidden, SettingsInvalid, Unsupported
from planster_sync.http.account import Account
from planster_sync.http.addresses import AddressPolicy, Origin
from planster_sync.http.limits import AnswerLimits
from planster_sync.http.messages import Transport
from planster_sync.http.opening import Clients
from planster_sync.http.retries import RetryPolicy
from planster_sync.http.transport import RequestsTransport
from planster_sync.ports.platform import Clock
from planster_sync.ports.source import Connector, Created, End, ReadRequest, Still
from simulators.trackstar.config import AccountSpec, ServerConfig
from simulators.trackstar.server import serve
from tests.fakes.clock import ManualClock
from tests.fakes.memory_platform import FreeBudget
from tests.fakes.own_tokens import OwnTokens

COLLECTIONS: Mapping[str, str] = {
    "inventory_levels": "inventory",
    "orders": "orders",
    "products": "products",
    "inbound_shipments": "inbound_shipments",
    "inbound_shipment_suppliers": "suppliers",
    "returns": "returns",
    "bills": "bills",
    "warehouses": "warehouses",
    "shipping_methods": "shipping_methods",
    "warehouse_customers": "warehouse_customers",
}
READS = tuple(registry.capabilities("trackstar").reads)
Vendor = Callable[..., tuple[Connector, str]]


def _sockets(clock: Clock) -> Callable[[Origin], Transport]:
    return lambda origin: RequestsTransport(origin, AddressPolicy.loopback(), AnswerLimits(), clock)


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    """Starts a simulated vendor and gives a connector for it, and its URL."""
    closing: list[Callable[[], None]] = []

    def begin(
        *,
        unsupported: frozenset[str] = frozenset(),
        forbidden: frozenset[str] = frozenset(),
        token: str = "token-1",  # noqa: S107  the simulator's own
        page_limit: int = 7,
    ) -> tuple[Connector, str]:
        spec = AccountSpec("con-1", "token-1", size=30, unsupported=unsupported, forbidden=forbidden)
        server = serve(ServerConfig((spec,), rate_get=0, base_date=datetime(2026, 3, 1, tzinfo=UTC)))
        clock = ManualClock()
        clients = Clients(FreeBudget(clock), clock, lambda: 0.0, _sockets(clock), RetryPolicy(attempts=2))
        closing.extend((clients.close, server.stop))
        account = Account(
            credentials={"api_key": "sim-api-key", "access_token": token},
            settings={"base_url": server.url, "page_limit": page_limit},
            clock=clock,
            open=clients.open,
            tokens=OwnTokens(clock),
        )
        return registry.build("trackstar", account), server.url

    yield begin
    for close in closing:
        close()


def truth(url: str, collection: str) -> dict[str, bytes]:
    """Every record that the vendor has, by id."""
    with urlopen(f"{url}/_sim/truth/con-1/{collection}") as answer:
        lines = answer.read().splitlines()
    return {json.loads(line)["id"]: line for line in lines}


def control(url: str, path: str, body: object) -> None:
    with urlopen(Request(f"{url}/_sim/{path}", json.dumps(body).encode(), method="POST")):
        pass


@pytest.mark.parametrize("read", COLLECTIONS)
def test_a_read_gives_exactly_what_the_vendor_has(vendor: Vendor, read: str) -> None:
    connector, url = vendor()

    pages = list(connector.pages(ReadRequest(read)))

    found = {record.id: json.loads(record.raw) for page in pages for record in page.records}
    assert found == {key: json.loads(line) for key, line in truth(url, COLLECTIONS[read]).items()}
    assert [page.end for page in pages][-1] is End.PROVEN
    assert all(page.end is End.MORE for page in pages[:-1])


def test_locations_of_all_warehouses_are_read(vendor: Vendor) -> None:
    connector, url = vendor()

    pages = list(connector.pages(ReadRequest("warehouse_locations")))

    found = [record.id for page in pages for record in page.records]
    with urlopen(f"{url}/_sim/truth/con-1/locations") as answer:
        places = [json.loads(line) for line in answer.read().splitlines()]
    assert sorted(map(str, found)) == sorted(f"{place['warehouse_id']}/{place['id']}" for place in places)
    assert pages[-1].end is End.PROVEN


@pytest.mark.parametrize("read", READS)
def test_every_record_of_the_vendor_can_be_mapped(vendor: Vendor, read: str) -> None:
    connector, _ = vendor(page_limit=1000)

    for page in connector.pages(ReadRequest(read)):
        for record in page.records:
            assert connector.map(read, record.raw).owned[0].id == record.id


@pytest.mark.parametrize("read", READS)
def test_a_lookup_tells_what_is_there_from_what_is_gone(vendor: Vendor, read: str) -> None:
    connector, _ = vendor()
    known = [str(record.id) for record in next(iter(connector.pages(ReadRequest(read)))).records][:5]
    strangers = ["wh-x/none", "none,at all"] if read == "warehouse_locations" else ["none", "none,at all"]

    found = connector.lookup(read, [*known, *strangers])

    assert sorted(str(record.id) for record in found.records) == sorted(known)


def test_an_incremental_read_gives_what_changed(vendor: Vendor) -> None:
    connector, url = vendor()
    before = truth(url, "orders")
    control(url, "day/advance", {"days": 1})
    changed = {key for key, line in truth(url, "orders").items() if before.get(key) != line}
    since = min(json.loads(truth(url, "orders")[key])["trackstar_updated_date"] for key in changed)

    pages = list(connector.pages(ReadRequest("orders", since=datetime.fromisoformat(since))))

    assert {record.id for page in pages for record in page.records} == changed
    assert changed


def test_good_credentials_pass_the_check(vendor: Vendor) -> None:
    connector, _ = vendor()

    connector.check()


def test_a_system_without_warehouses_passes_the_check(vendor: Vendor) -> None:
    connector, _ = vendor(unsupported=frozenset({"get_warehouses"}))

    connector.check()


def test_wrong_credentials_are_told_from_missing_permission(vendor: Vendor) -> None:
    stranger, _ = vendor(token="token-of-somebody-else")
    limited, _ = vendor(forbidden=frozenset({"get_warehouses"}))

    with pytest.raises(CredentialsRejected):
        stranger.check()
    with pytest.raises(Forbidden):
        limited.check()


def test_what_the_connected_system_lacks_is_unsupported(vendor: Vendor) -> None:
    connector, _ = vendor(unsupported=frozenset({"get_returns"}))

    with pytest.raises(Unsupported):
        list(connector.pages(ReadRequest("returns")))


@pytest.mark.parametrize("kind", ["html_200", "truncated_json", "repeat_token", "empty_with_token"])
def test_a_faulty_answer_never_completes_a_read(vendor: Vendor, kind: str) -> None:
    connector, url = vendor()
    control(url, "faults", [{"match": "/wms/inventory", "kind": kind, "times": 50}])

    with pytest.raises(AnswerBroken):
        list(connector.pages(ReadRequest("inventory_levels")))


def test_an_empty_page_in_the_middle_proves_no_end(vendor: Vendor) -> None:
    connector, url = vendor()
    control(url, "faults", [{"match": "/wms/inventory", "kind": "empty_page", "after_requests": 1}])

    pages = list(connector.pages(ReadRequest("inventory_levels")))

    assert pages[-1].end is End.CLAIMED


@pytest.mark.parametrize(
    ("credentials", "settings", "error"),
    [
        ({"api_key": "canary-4711"}, {}, CredentialsRejected),
        ({"api_key": "canary-4711", "access_token": ""}, {}, CredentialsRejected),
        ({"api_key": "a", "access_token": "b"}, {"page_limit": "canary-4711"}, SettingsInvalid),
        ({"api_key": "a", "access_token": "b"}, {"canary": 1}, SettingsInvalid),
    ],
)
def test_an_incomplete_account_is_refused_without_quoting_it(
    credentials: Mapping[str, str], settings: Mapping[str, object], error: type[Exception]
) -> None:
    clock = ManualClock()
    clients = Clients(FreeBudget(clock), clock, lambda: 0.0, _sockets(clock))
    account = Account(credentials, settings, clock, clients.open, OwnTokens(clock))

    with pytest.raises(error) as caught:
        registry.build("trackstar", account)

    assert "4711" not in str(caught.value)


@pytest.mark.parametrize("read", ["orders", "returns", "bills"])
def test_slices_by_creation_part_the_list_and_open_ones_are_among_it(vendor: Vendor, read: str) -> None:
    connector, url = vendor()
    created = {key: json.loads(line)["created_date"] for key, line in truth(url, read).items()}
    middle = sorted(created.values())[len(created) // 2]
    bound = datetime.fromisoformat(middle)

    def asked(only: Still | Created) -> set[str | None]:
        return {record.id for page in connector.pages(ReadRequest(read, only=only)) for record in page.records}

    assert asked(Created(since=bound)) == {key for key, at in created.items() if at >= middle}
    assert asked(Created(until=bound)) == {key for key, at in created.items() if at < middle}
    if read != "bills":
        assert asked(Still.OPEN) < set(created)
