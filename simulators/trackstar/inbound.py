"""Writing inbound shipments: what a body must hold, and what a repeated request gets."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from simulators.business import words
from simulators.business.spec import Record
from simulators.business.world import iso, mixed
from simulators.serving.exchange import Answer
from simulators.trackstar.account import Account
from simulators.trackstar.answers import invalid, missing, refused

LONGEST_KEY = 255
MOMENT = re.compile(r"\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
BASE = ("supplier_object", "purchase_order_number", "expected_arrival_date", "warehouse_id", "tracking_number")
ALWAYS = frozenset({*BASE, "line_items", "supplier", "trackstar_tags"})
LINE = frozenset({"sku", "expected_quantity"})


@dataclass(frozen=True, slots=True)
class WriteSchema:
    """What one warehouse system takes: required and further keys of the body and of its lines."""

    required: frozenset[str]
    optional: frozenset[str] = frozenset()
    line_required: frozenset[str] = LINE
    line_optional: frozenset[str] = frozenset({"unit_cost", "external_id"})


FOUR = frozenset({"purchase_order_number", "expected_arrival_date", "warehouse_id", "line_items"})
SANDBOX = WriteSchema(FOUR, frozenset({"supplier_object"}))
SCHEMAS: Mapping[str, WriteSchema] = MappingProxyType(
    {
        "shiphero": WriteSchema(
            FOUR | {"shipping_price"},
            frozenset({"tax", "warehouse_customer_id", "supplier_object", "tracking_number"}),
            LINE | {"expected_weight", "unit_cost"},
            frozenset({"expected_weight_unit", "external_id"}),
        ),
        "extensiv-3pl-central": WriteSchema(
            frozenset({"reference_number", "warehouse_id", "line_items"}),
            frozenset({*BASE, "warehouse_customer_id"}),
            line_optional=frozenset({"external_id"}),
        ),
        "dear-systems": WriteSchema(frozenset({"warehouse_id", "approach", "line_items"})),
        "deposco": WriteSchema(
            frozenset({"purchase_order_number", "line_items"}),
            frozenset({"order_source", "custom_attribute_1"}),
            line_optional=frozenset({"received_quantity", "unit_cost", "inbound_lpn"}),
        ),
        "ongoing": WriteSchema(frozenset({"purchase_order_number", "warehouse_id", "line_items"})),
    }
)
"""Per warehouse system; those not listed behave like the sandbox."""

STATUS_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "sandbox": frozenset({*words.INBOUND_LIFE, "cancelled", "other"}),
        "deposco": frozenset({*words.INBOUND_LIFE, "cancelled", "other"}),
        "shiphero": frozenset({"open", "received", "cancelled"}),
    }
)
"""Statuses that an update may set."""


def create_inbound(account: Account, headers: Mapping[str, str], body: bytes, now: datetime) -> Answer:
    """Makes an inbound shipment, once per idempotency key."""
    return _once(account, headers, b"POST\n" + body, now, lambda: _created(account, _object(body), now))


def update_inbound(account: Account, inbound_id: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Answer:
    """Changes an inbound shipment, once per idempotency key."""
    request = f"PUT {inbound_id}\n".encode() + body
    return _once(account, headers, request, now, lambda: _updated(account, inbound_id, _object(body), now))


def _once(
    account: Account, headers: Mapping[str, str], request: bytes, now: datetime, write: Callable[[], Answer]
) -> Answer:
    key = headers.get("idempotency-key")
    if key is None:
        return write()
    if len(key) > LONGEST_KEY:
        raise invalid("headers", "Idempotency-Key", f"At most {LONGEST_KEY} characters.")
    earlier = account.open_replay(key, request, now)
    if earlier is not None:
        if earlier.request != request:
            raise refused(400, "Idempotency key was already used with another request")
        return _replayed(earlier.answer)
    done: Answer | None = None
    try:
        done = write()
        return done
    finally:
        account.close_replay(key, done.body if done is not None else None)


def _replayed(answer: bytes | None) -> Answer:
    if answer is None:
        raise refused(409, "A request with this idempotency key is still running")
    return replace(Answer(200, answer), headers={"Idempotent-Replayed": "true"})


def _object(body: bytes) -> Record:
    try:
        parsed = json.loads(body)
    except ValueError as problem:
        raise refused(400, "Body is not JSON") from problem
    if not isinstance(parsed, dict):
        raise invalid("json", "_schema", "Invalid input type.")
    for name in _blanks(parsed, ""):
        raise invalid("json", name, "Field may not be null or empty.")
    return parsed


def _blanks(value: object, path: str) -> Iterator[str]:
    if value is None or (isinstance(value, str) and value.strip().lower() in {"", "null", "none"}):
        yield path
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _blanks(inner, f"{path}.{name}".removeprefix("."))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _blanks(inner, f"{path}.{place}")


def _schema(account: Account) -> WriteSchema:
    return SCHEMAS.get(account.spec.integration_name, SANDBOX)


def _check(body: Record, schema: WriteSchema) -> None:
    for name in sorted(body.keys() - schema.required - schema.optional - ALWAYS):
        raise invalid("json", name, "Unknown field.")
    date = body.get("expected_arrival_date")
    if date is not None and not (isinstance(date, str) and MOMENT.fullmatch(date)):
        raise invalid("json", "expected_arrival_date", "Not a valid datetime.")
    supplier = body.get("supplier_object")
    if supplier is not None and (
        not isinstance(supplier, dict) or not supplier.keys() & {"supplier_id", "supplier_name"}
    ):
        raise invalid("json", "supplier_object", "Needs supplier_id or supplier_name.")
    lines = body.get("line_items", [])
    if not isinstance(lines, list) or ("line_items" in body and not lines):
        raise invalid("json", "line_items", "Needs at least one line.")
    for place, line in enumerate(lines):
        _check_line(line, place, schema)


def _check_line(line: object, place: int, schema: WriteSchema) -> None:
    if not isinstance(line, dict):
        raise invalid("json", f"line_items.{place}", "Invalid input type.")
    for name in sorted(schema.line_required - line.keys()):
        raise invalid("json", f"line_items.{place}.{name}", "Missing data for required field.")
    for name in sorted(line.keys() - schema.line_required - schema.line_optional):
        raise invalid("json", f"line_items.{place}.{name}", "Unknown field.")
    quantity = line["expected_quantity"]
    if not isinstance(quantity, int) or isinstance(quantity, bool):
        raise invalid("json", f"line_items.{place}.expected_quantity", "Not a valid integer.")


def _lines(account: Account, body: Record) -> list[Record]:
    """The record's lines; the connected system itself refuses a SKU that it does not know."""
    wanted = {line["sku"] for line in body["line_items"]}
    items: dict[str, str] = {}
    with account.shelf("inventory") as shelf:
        for raw in shelf.lines():
            record = json.loads(raw)
            if record.get("sku") in wanted:
                items.setdefault(record["sku"], record["id"])
    for sku in sorted(wanted - items.keys()):
        raise refused(400, f"SKU {sku} does not exist", "integration")
    return [
        {
            "inventory_item_id": items[line["sku"]],
            "sku": line["sku"],
            "expected_quantity": line["expected_quantity"],
            "received_quantity": 0,
            "unit_cost": line.get("unit_cost"),
            "external_id": line.get("external_id"),
        }
        for line in body["line_items"]
    ]


def _known_warehouse(account: Account, body: Record) -> None:
    with account.shelf("warehouses") as shelf:
        if "warehouse_id" in body and shelf.raw(body["warehouse_id"]) is None:
            raise refused(400, "Warehouse does not exist", "integration")


def _supplier(account: Account, told: Record | None) -> Record | None:
    if told is None:
        return None
    with account.shelf("suppliers") as shelf:
        for raw in shelf.lines():
            record = json.loads(raw)
            if told.get("supplier_id") == record["id"] or told.get("supplier_name") == record["name"]:
                return {"supplier_id": record["id"], "supplier_name": record["name"]}
    raise refused(400, "Supplier does not exist", "integration")


def _created(account: Account, body: Record, now: datetime) -> Answer:
    schema = _schema(account)
    for name in sorted(schema.required - body.keys()):
        raise invalid("json", name, "Missing data for required field.")
    _check(body, schema)
    _known_warehouse(account, body)
    lines, supplier = _lines(account, body), _supplier(account, body.get("supplier_object"))
    with account.shelf("inbound_shipments") as shelf:
        index = shelf.next_index
        shelf.next_index += 1
        record = _new_record(f"asn-{mixed(index, account.spec.seed + 4):08x}", body, lines, supplier, iso(now))
        shelf.put(record)
    return _written(record, body, schema)


def _new_record(inbound_id: str, body: Record, lines: list[Record], supplier: Record | None, now: str) -> Record:
    return {
        "id": inbound_id,
        "warehouse_customer_id": body.get("warehouse_customer_id"),
        "created_date": now,
        "updated_date": now,
        "trackstar_created_date": now,
        "trackstar_updated_date": now,
        "purchase_order_number": body.get("purchase_order_number"),
        "status": "open",
        "raw_status": words.RAW_WORDS["open"],
        "supplier": None,
        "supplier_object": supplier,
        "expected_arrival_date": body.get("expected_arrival_date"),
        "warehouse_id": body.get("warehouse_id"),
        "line_items": lines,
        "receipts": [],
        "ship_from_address": dict.fromkeys(words.address(0)),
        "tracking_numbers": [body["tracking_number"]] if "tracking_number" in body else [],
        "notes": [],
        "external_system_url": None,
        "trackstar_tags": body.get("trackstar_tags", []),
        "additional_fields": {},
    }


def _updated(account: Account, inbound_id: str, body: Record, now: datetime) -> Answer:
    schema, status = _schema(account), body.pop("status", None)
    allowed = STATUS_WORDS.get(account.spec.integration_name, frozenset())
    if status is not None and status not in allowed:
        raise invalid("json", "status", "Not a valid choice." if allowed else "Unknown field.")
    _check(body, schema)
    _known_warehouse(account, body)
    with account.shelf("inbound_shipments") as shelf:
        record = shelf.get(inbound_id)
        if record is None:
            raise missing(inbound_id)
        record |= {name: body[name] for name in body.keys() & record.keys() - {"line_items", "supplier_object"}}
        if "line_items" in body:
            record["line_items"] = _lines(account, body)
        if "supplier_object" in body:
            record["supplier_object"] = _supplier(account, body["supplier_object"])
        if status is not None:
            record |= {"status": status, "raw_status": words.RAW_WORDS[status]}
        record |= {"updated_date": iso(now), "trackstar_updated_date": iso(now)}
        shelf.put(record)
    return _written(record, body, schema)


def _written(record: Record, body: Record, schema: WriteSchema) -> Answer:
    unused = sorted(body.keys() - schema.required - schema.optional - {"trackstar_tags"})
    told = {"id": record["id"], "data": record, "unused_fields": unused}
    return Answer(200, json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode())
