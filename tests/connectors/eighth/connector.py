"""A connector as short as one can be: three data types out of two lists, paged by number, with a key in a header."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import BaseModel, ConfigDict, SecretStr

from planster_sync.http.account import Account
from planster_sync.http.auth import HeaderAuth
from planster_sync.http.client import HttpClient
from planster_sync.http.messages import Request
from planster_sync.mapping.fields import Fields, decoded
from planster_sync.mapping.instants import instant
from planster_sync.mapping.numbers import quantity
from planster_sync.mapping.pages import single, split
from planster_sync.model.data_types import DataType
from planster_sync.model.inbound import InboundShipmentSupplier
from planster_sync.model.inventory import InventoryLevel
from planster_sync.model.places import Warehouse
from planster_sync.ports.platform import Clock
from planster_sync.ports.source import (
    Capabilities,
    DeletionEvidence,
    Mapped,
    Page,
    RateLimit,
    Read,
    ReadRequest,
    ReadStyle,
    Sharing,
    SourceRecord,
    taken,
)
from planster_sync.reading.lookups import one_by_one
from planster_sync.reading.walks import Turned, walk

PAGE_SIZE = 10


class Credentials(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    key: SecretStr


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    base_url: str = "https://api.eighth.example"


def _read(name: str, feeds: dict[DataType, Sharing]) -> Read:
    return Read(name, feeds, ReadStyle.SNAPSHOT, DeletionEvidence.LOOKUP, page_size=PAGE_SIZE, lookup_size=20)


_ITEMS = _read("items", {DataType.INVENTORY_LEVELS: Sharing.OWNED, DataType.INBOUND_SHIPMENT_SUPPLIERS: Sharing.SHARED})
_DEPOTS = _read("depots", {DataType.WAREHOUSES: Sharing.OWNED})
_SERVED = {
    DataType.INVENTORY_LEVELS: {
        "id": taken("id"),
        "sku": taken("code"),
        "on_hand": taken("stock"),
        "committed": taken("reserved"),
        "updated_at": taken("changed"),
    },
    DataType.INBOUND_SHIPMENT_SUPPLIERS: {"id": taken("maker.id"), "name": taken("maker.name")},
    DataType.WAREHOUSES: {"id": taken("id"), "name": taken("name"), "country": taken("country")},
}
CAPABILITIES = Capabilities(
    name="eighth",
    title="Eighth",
    mapping_version=1,
    credentials=Credentials,
    settings=Settings,
    rate=RateLimit(per_second=5, source="invented"),
    reads={read.name: read for read in (_ITEMS, _DEPOTS)},
    fills=_SERVED,
    exemptions={each: "the vendor has no such list" for each in DataType if each not in _SERVED},
)


class EighthConnector:
    def __init__(self, client: HttpClient, clock: Clock) -> None:
        self._client, self._clock = client, clock

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES

    def check(self) -> None:
        self._client.send(Request("GET", "/depots", (("page", "1"),)), deadline=None)

    def pages(self, ask: ReadRequest) -> Iterator[Page]:
        def turn(asked: str | None) -> Turned:
            number = int(asked or "1")
            answer = self._client.send(Request("GET", f"/{ask.read}", (("page", str(number)),)), deadline=ask.deadline)
            cut = split(answer.body, records="rows", envelope=("pages", "count"))
            coming = str(number + 1) if number < cut.read("pages") else None
            return Turned(cut.records, coming, total=cut.read("count"))

        return walk(turn, self._clock, after=ask.after)

    def lookup(self, read: str, ids: Sequence[str]) -> Page:
        def fetch(sought: str) -> SourceRecord:
            return single(self._client.send(Request("GET", f"/{read}/{sought}"), deadline=None).body, record="row")

        return one_by_one(ids, fetch, self._clock)

    def map(self, read: str, raw: bytes) -> Mapped:
        return _item(decoded(raw)) if read == "items" else Mapped((_depot(decoded(raw)),))


def _item(row: Fields) -> Mapped:
    level = InventoryLevel(
        id=row.required_id("id"),
        sku=row.text("code"),
        on_hand=quantity(row, "stock"),
        committed=quantity(row, "reserved"),
        updated_at=instant(row, "changed"),
    )
    return Mapped((level,), (InboundShipmentSupplier(id=row.required_id("maker.id"), name=row.text("maker.name")),))


def _depot(row: Fields) -> Warehouse:
    return Warehouse(id=row.required_id("id"), name=row.text("name"), country=row.text("country"))


def build(account: Account, credentials: Credentials, settings: Settings) -> EighthConnector:
    auth = HeaderAuth({"x-key": credentials.key.get_secret_value()})
    return EighthConnector(account.open(settings.base_url, auth, {}), account.clock)
