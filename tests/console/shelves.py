"""What lies on the shelves of one integration of the seeded morning, and what its warehouse system says of it now."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from planster_sync.connectors import registry
from planster_sync.errors import CredentialsRejected, Forbidden, RecordInvalid
from planster_sync.model.data_types import DataType
from planster_sync.model.record import instant_of
from planster_sync.model.runs import Problem, StreamKey
from planster_sync.model.streams import Lease
from planster_sync.ports.connecting import BeginAnswer, BeginQuestion, ExchangeAnswer, ExchangeQuestion, Way
from planster_sync.ports.questions import CheckAnswer, CheckQuestion, LookUpAnswer, LookUpQuestion, Sighting
from planster_sync.ports.stores import Adjustment, QuarantineEntry, RecordKey
from tests.console.seeded import NOW, ORGANISATION
from tests.engine.world import World
from tests.fakes.memory_records import StoredRecord

PLACE = "rotterdam"
ASIDE = "east"
RUN = "2026-03-12T01:00:00Z-shelves"
READ_AT = NOW - timedelta(hours=7, minutes=21)
GOODS = (
    ("MUG-BLUE", "Mug, blue, 0.3 l"), ("MUG-SAND", "Mug, sand, 0.3 l"), ("BOWL-OAK", "Bowl, oak, 24 cm"),
    ("PAN-28", "Frying pan, 28 cm"), ("KNIFE-20", "Chef's knife, 20 cm"), ("BOARD-M", "Cutting board, medium"),
    ("TEA-GREEN", "Green tea, 100 g"), ("TEA-MINT", "Mint tea, 80 g"), ("JAR-1L", "Storage jar, 1 l"),
    ("APRON-L", "Apron, linen"), ("TOWEL-3", "Kitchen towels, set of 3"), ("SCALE-5", "Kitchen scale, 5 kg"),
)  # fmt: skip
DRIFTED, VANISHED, CORRECTED = "MUG-BLUE", "TEA-MINT", "PAN-28"


def stock(world: World) -> None:
    """Stock, products, orders, suppliers and shipments; one correction in force, and what another has set aside."""
    random = Random(11)
    for number, (sku, name) in enumerate(GOODS):
        _put(world, DataType.INVENTORY_LEVELS, f"acc/{sku.lower()}", _level(sku, name, random))
        cost = {"amount": _amount(3 + number * 1.35), "currency": "EUR"}
        price = {"amount": _amount(9 + number * 3.5), "currency": "EUR"}
        _put(
            world,
            DataType.PRODUCTS,
            f"p-{number:03d}",
            {
                "sku": sku,
                "name": name,
                "active": True,
                "barcodes": [f"40{random.randrange(10**11):011d}"],
                "unit_price": price,
                "unit_cost": cost,
                "supplier_name": "Halm & Sohn",
            },
        )
        _put(world, DataType.ORDERS, f"o-{70_100 + number}", _order(number, sku, random))
    for number, city in ((1, "Rotterdam"), (2, "Venlo")):
        _put(
            world,
            DataType.WAREHOUSES,
            f"wh-{number}",
            {"name": f"{city} {number}", "code": city[:3].upper(), "active": True, "city": city, "country": "NL"},
        )
    _put(world, DataType.INBOUND_SHIPMENT_SUPPLIERS, "sup-7", {"name": "Halm & Sohn", "code": "HALM", "active": True})
    lines = [{"sku": sku, "expected": 120, "received": 0} for sku, _ in GOODS[:3]]
    status = {"value": "in_transit", "vendor": "In Transit"}
    _put(
        world,
        DataType.INBOUND_SHIPMENTS,
        "po-881",
        {
            "purchase_order_number": "PO-2026-0318",
            "status": status,
            "supplier_name": "Halm & Sohn",
            "expected_at": "2026-03-19T07:00:00Z",
            "lines": lines,
        },
    )
    _correct(world)
    _set_aside(world)


class TheWarehouse:
    """Answers for the worker: most is as it was read; one number has moved, one record is gone, one may not be read."""

    def __init__(self, world: World) -> None:
        self._world = world

    def check(self, question: CheckQuestion) -> CheckAnswer:
        integration = self._world.stores.integrations.get(question.organisation, question.integration)
        assert integration is not None
        if "refused" in integration.name:
            return CheckAnswer(problem=Problem.of(CredentialsRejected("The warehouse system refuses the credentials.")))
        reads: dict[str, Problem | None] = dict.fromkeys(registry.capabilities(integration.connector).reads)
        if "returns" in reads:
            reads["returns"] = Problem.of(Forbidden("The account may not read returns."))
        return CheckAnswer(reads=reads)

    def begin(self, question: BeginQuestion) -> BeginAnswer:
        if question.way is Way.LINK:
            return BeginAnswer(link_token="link-token-1")
        return BeginAnswer(address=f"https://vendor.example/consent?state={question.state}")

    def exchange(self, question: ExchangeQuestion) -> ExchangeAnswer:
        return ExchangeAnswer()

    def look_up(self, question: LookUpQuestion) -> LookUpAnswer:
        now = self._world.clock.now()
        sightings = tuple(self._sighting(question, source) for source in question.sources)
        return LookUpAnswer(read_at=instant_of(now), sightings=sightings)

    def _sighting(self, question: LookUpQuestion, source: str) -> Sighting:
        rows = [
            {**row.attributes, "data_type": row.key.data_type.value}
            for (organisation, integration, *_), row in self._world.stores.records.rows.items()
            if (organisation, integration, row.source) == (question.organisation, question.integration, source)
        ]
        if any(row.get("sku") == VANISHED for row in rows):
            return Sighting(source, is_there=False)
        return Sighting(source, is_there=True, records=tuple(self._now(row) for row in rows))

    def _now(self, row: dict[str, Any]) -> dict[str, Any]:
        if row.get("sku") != DRIFTED or "on_hand" not in row:
            return row
        first, *rest = row["warehouses"]
        return {**_less(row, 14), "warehouses": [_less(first, 14), *rest]}


def _less(stock: dict[str, Any], pieces: int) -> dict[str, Any]:
    return {**stock, "on_hand": stock["on_hand"] - pieces, "fulfillable": stock["fulfillable"] - pieces}


def _put(world: World, data_type: DataType, id_: str, fields: dict[str, Any]) -> None:
    attributes = {"id": id_, "updated_at": instant_of(READ_AT - timedelta(hours=2)), **fields}
    row = StoredRecord(RecordKey(data_type, id_), attributes, f"src-{id_}", 1, READ_AT, READ_AT, RUN, 1)
    world.stores.records.rows[ORGANISATION, PLACE, data_type, id_] = row


def _level(sku: str, name: str, random: Random) -> dict[str, Any]:
    halves = []
    for warehouse in ("wh-1", "wh-2"):
        on_hand, committed = random.randint(60, 400), random.randint(0, 40)
        halves.append(
            {
                "warehouse_id": warehouse,
                "on_hand": on_hand,
                "committed": committed,
                "fulfillable": on_hand - committed - 2,
                "unsellable": 2,
            }
        )
    totals = {
        key: sum(int(half[key]) for half in halves) for key in ("on_hand", "committed", "fulfillable", "unsellable")
    }
    return {
        "sku": sku,
        "name": name,
        "active": True,
        **totals,
        "awaiting": random.choice((0, 0, 120, 240)),
        "warehouses": halves,
    }


def _order(number: int, sku: str, random: Random) -> dict[str, Any]:
    status = random.choice((("fulfilled", "Fulfilled"), ("picked", "pending"), ("fulfilled", "Fulfilled")))
    return {
        "number": f"#{70_100 + number}",
        "status": {"value": status[0], "vendor": status[1]},
        "channel_name": random.choice(("Web shop", "Marketplace")),
        "ordered_at": instant_of(READ_AT - timedelta(hours=number * 3 + 1)),
        "total_price": {"amount": _amount(19 + number * 7.5), "currency": "EUR"},
        "destination": {"postal_code": "3011", "country": "NL"},
        "lines": [{"line_id": "1", "sku": sku, "quantity": random.randint(1, 4)}],
    }


def _correct(world: World) -> None:
    key = RecordKey(DataType.INVENTORY_LEVELS, f"acc/{CORRECTED.lower()}")
    before = world.stores.records.rows[ORGANISATION, PLACE, key.data_type, key.id].attributes
    less = {"on_hand": before["on_hand"] - 6, "fulfillable": before["fulfillable"] - 6}
    made = Adjustment(
        key, less, NOW - timedelta(minutes=40), "user-7", "Six dented pans found at the count on shelf C4"
    )
    world.stores.adjustments.make(ORGANISATION, PLACE, made)


def _set_aside(world: World) -> None:
    """What the other integration's orders count as set aside."""
    key = StreamKey(ORGANISATION, ASIDE, "orders")
    lease = Lease(key, 1, "shelves", RUN, NOW)
    entries = []
    for number, (path, what) in enumerate(
        (
            ("lines.quantity", "The quantity is not a number."),
            ("ordered_at", "The date cannot be read."),
            ("lines.sku", "The line names no item."),
            ("lines.quantity", "The quantity is not a number."),
        )
    ):
        problem = Problem.of(RecordInvalid(what, path=path))
        excerpt = '{"orderId": "(6 digits)", "items": [{"sku": "(text of 8)", "qty": "(text of 3)"}]}'
        entries.append(QuarantineEntry(f"ORD-{5512 + number}", problem, path, excerpt, NOW - timedelta(hours=2)))
    world.stores.quarantine.put(lease, entries)


def _amount(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")
