"""A source under a test's control: orders with nested shipments and a channel, changed between or during reads.

It pages by id, like a vendor with an opaque token, and does on the n-th request whatever the test has scripted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from planster_sync.errors import RecordInvalid
from planster_sync.model.data_types import DataType
from planster_sync.model.orders import Order, OrderChannel
from planster_sync.model.places import Warehouse
from planster_sync.model.record import instant_of
from planster_sync.model.shipments import OrderShipment
from planster_sync.ports.platform import Clock
from planster_sync.ports.source import (
    Capabilities,
    Created,
    DeletionEvidence,
    End,
    Mapped,
    Page,
    RateLimit,
    Read,
    ReadRequest,
    ReadStyle,
    Sharing,
    SourceRecord,
    Still,
)


class Nothing(BaseModel):
    """No credentials, no settings."""


def capabilities(
    *,
    style: ReadStyle = ReadStyle.SNAPSHOT,
    deletion: DeletionEvidence = DeletionEvidence.LOOKUP,
    version: int = 1,
    recent_first: tuple[Still | timedelta, ...] = (),
) -> Capabilities:
    orders = {
        DataType.ORDERS: Sharing.OWNED,
        DataType.ORDER_SHIPMENTS: Sharing.OWNED,
        DataType.ORDER_CHANNELS: Sharing.SHARED,
    }
    return Capabilities(
        name="scripted",
        title="Scripted",
        mapping_version=version,
        credentials=Nothing,
        settings=Nothing,
        rate=RateLimit(10, "invented"),
        reads={
            "orders": Read(
                "orders", orders, style, deletion, 5, timedelta(minutes=10), lookup_size=4, recent_first=recent_first
            ),
            "warehouses": Read(
                "warehouses", {DataType.WAREHOUSES: Sharing.OWNED}, ReadStyle.SNAPSHOT, deletion, 5, lookup_size=4
            ),
        },
        fills=MappingProxyType({}),
    )


Script = Callable[["ScriptedSource"], Page | None]


@dataclass
class ScriptedSource:
    """`script` maps the number of a page request (from 0, over all reads) to what happens instead of, or before, it."""

    clock: Clock
    declared: Capabilities = field(default_factory=capabilities)
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    warehouses: dict[str, dict[str, Any]] = field(default_factory=dict)
    script: dict[int, Script] = field(default_factory=dict)
    requests: int = 0
    looked_up: list[str] = field(default_factory=list)
    lookup_seconds: float = 0
    since: list[datetime | None] = field(default_factory=list)
    only: list[Still | Created | None] = field(default_factory=list)
    mapped: int = 0

    @property
    def capabilities(self) -> Capabilities:
        return self.declared

    def order(self, id_: str, *, shipments: Sequence[str] = (), channel: str | None = None, **fields: Any) -> None:
        """Puts an order into the source, stamped with the present moment."""
        self.orders[id_] = {
            "id": id_,
            "updated": self.clock.now().isoformat(),
            "number": fields.pop("number", f"#{id_}"),
            "shipments": list(shipments),
            "channel": channel,
            **fields,
        }

    def fill(self, orders: int) -> None:
        """Puts so many orders, o000 and on, each with one shipment, all of one channel."""
        for number in range(orders):
            self.order(f"o{number:03d}", shipments=["s1"], channel="ch1=Shop")

    def check(self) -> None:
        """The credentials always work."""

    def pages(self, ask: ReadRequest) -> Iterator[Page]:
        self.since.append(ask.since)
        self.only.append(ask.only)
        after = ask.after
        while True:
            number, self.requests = self.requests, self.requests + 1
            scripted = self.script.get(number)
            page = (scripted(self) if scripted else None) or self.page(ask, after)
            yield page
            if page.end is not End.MORE:
                return
            after = page.after

    def lookup(self, read: str, ids: Sequence[str]) -> Page:
        self.looked_up += ids
        self.clock.wait(self.lookup_seconds)
        rows = self._rows(read)
        found = [_source(rows[id_]) for id_ in ids if id_ in rows]
        return Page(found, None, End.PROVEN, self.clock.now())

    def map(self, read: str, raw: bytes) -> Mapped:
        self.mapped += 1
        row = json.loads(raw)
        if row.get("broken"):
            raise RecordInvalid("The record has no quantity.", path="lines.0.quantity")
        if read == "warehouses":
            return Mapped((Warehouse(id=row["id"], name=row["name"]),))
        order = Order(
            id=row["id"],
            number=row["number"],
            created_at=row.get("created"),
            updated_at=instant_of(datetime.fromisoformat(row["updated"])),
        )
        shipments = tuple(
            OrderShipment(id=f"{row['id']}/{shipment}", order_id=row["id"]) for shipment in row["shipments"]
        )
        channel = row["channel"]
        shared = (OrderChannel(id=channel.split("=")[0], name=channel.split("=")[-1]),) if channel else ()
        return Mapped((order, *shipments), shared)

    def page(self, ask: ReadRequest, after: str | None) -> Page:
        """The page behind `after` as the source is now."""
        read_at = self.clock.now()
        rows = sorted(self._rows(ask.read).items())
        if ask.since is not None:
            rows = [(id_, row) for id_, row in rows if datetime.fromisoformat(row["updated"]) >= ask.since]
        rows = [(id_, row) for id_, row in rows if _is_in_slice(row, ask.only)]
        rest = [(id_, row) for id_, row in rows if after is None or id_ > after]
        size = self.declared.reads[ask.read].page_size
        shown = [_source(row) for _, row in rest[:size]]
        if len(rest) > size:
            return Page(shown, rest[size - 1][0], End.MORE, read_at)
        return Page(shown, None, End.PROVEN, read_at)

    def _rows(self, read: str) -> Mapping[str, dict[str, Any]]:
        return self.orders if read == "orders" else self.warehouses


def _source(row: dict[str, Any]) -> SourceRecord:
    return SourceRecord(row["id"], json.dumps(row).encode())


def _is_in_slice(row: Mapping[str, Any], only: Still | Created | None) -> bool:
    """A row says with "created" when it was made, and with "open" that it waits; no filter finds what says nothing."""
    if only is None:
        return True
    if only is Still.OPEN:
        return bool(row.get("open"))
    if "created" not in row:
        return False
    at = datetime.fromisoformat(row["created"])
    return (only.since is None or only.since <= at) and (only.until is None or at < only.until)
