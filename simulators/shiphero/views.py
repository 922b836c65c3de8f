"""Every list of the vendor's as a view on the business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from simulators.business.spec import Record
from simulators.business.view import TextStamp, View, by_id
from simulators.shiphero import catalog, orders, receiving

SPELLING = "%Y-%m-%dT%H:%M:%S"


@dataclass(frozen=True, slots=True)
class LineStamp:
    """A record without a stamp of its own: its lines tell when they were changed."""

    lines: str = "line_items"

    def write(self, record: Record, moment: datetime) -> None:
        text = moment.astimezone(UTC).strftime(SPELLING)
        record[self.lines] = [{**line, "updated_at": text} for line in record[self.lines]]

    def read(self, record: Record) -> datetime | None:
        stamps = [line["updated_at"] for line in record[self.lines] if line.get("updated_at")]
        return datetime.strptime(max(stamps), SPELLING).replace(tzinfo=UTC) if stamps else None


_STAMPED = TextStamp("updated_at", SPELLING)

VIEWS: Mapping[str, View] = MappingProxyType(
    {
        "products": View(catalog.products, by_id, _STAMPED),
        "orders": View(orders.orders, by_id, _STAMPED),
        "purchase_orders": View(receiving.purchase_orders, by_id, LineStamp()),
        "vendors": View(catalog.vendors, by_id),
        "returns": View(receiving.returns, by_id, LineStamp()),
        "bills": View(receiving.bills, by_id),
        "warehouses": View(catalog.warehouses, by_id),
        "customers": View(catalog.customers, by_id),
        "locations": View(catalog.locations, by_id),
    }
)
