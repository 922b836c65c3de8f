"""What may be asked of a vendor: every problem has its field and its sentence, before anything is sent."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from planster_sync.engine.write_rules import WORDS, check
from planster_sync.errors import FieldsInvalid, Unsupported
from planster_sync.model.record import Money
from planster_sync.ports.source import WriteOperation, WriteRules
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft
from tests.fakes.writable_vendor import declared

CREATE, UPDATE = WriteOperation.CREATE_INBOUND_SHIPMENT, WriteOperation.UPDATE_INBOUND_SHIPMENT
EVERYTHING = WriteRules(frozenset({"reference"}), frozenset(WORDS))
CAN = declared({CREATE: EVERYTHING, UPDATE: WriteRules(frozenset(), frozenset(WORDS) - {"reference"})})
LINE = DraftLine(12, sku="SOAP")
DRAFT = InboundShipmentDraft("PO-1", (LINE,), warehouse_id="wh-1")


def problems(content: InboundShipmentDraft | InboundShipmentChange) -> dict[str, str]:
    operation = CREATE if isinstance(content, InboundShipmentDraft) else UPDATE
    try:
        check(content, CAN, operation)
    except FieldsInvalid as refusal:
        return refusal.fields
    return {}


def test_a_good_draft_passes() -> None:
    assert problems(DRAFT) == {}


@pytest.mark.parametrize(
    "good",
    [
        {"lines": (replace(LINE, quantity=Decimal("0.5")),)},
        {"lines": (DraftLine(1, inventory_item_id="item-1"),)},
        {"lines": (LINE, LINE)},
        {"lines": (replace(LINE, unit_cost=Money(amount="0.005", currency="EUR")),)},
        {"expected_at": "2026-05-01T00:00:00.250Z"},
        {"reference": "Bestellung № 7/a"},
    ],
)
def test_what_is_unusual_but_right_passes(good: dict[str, Any]) -> None:
    assert problems(replace(DRAFT, **good)) == {}


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"reference": ""}, "reference"),
        ({"reference": "PO\n1"}, "reference"),
        ({"reference": "x" * 101}, "reference"),
        ({"lines": ()}, "lines"),
        ({"lines": (LINE,) * 1001}, "lines"),
        ({"lines": (replace(LINE, quantity=0),)}, "lines.0.quantity"),
        ({"lines": (replace(LINE, quantity=-1),)}, "lines.0.quantity"),
        ({"lines": (replace(LINE, quantity=Decimal("NaN")),)}, "lines.0.quantity"),
        ({"lines": (replace(LINE, quantity=10**10),)}, "lines.0.quantity"),
        ({"lines": (LINE, DraftLine(1))}, "lines.1"),
        ({"lines": (LINE, DraftLine(1, sku=" "))}, "lines.1.sku"),
        ({"lines": (replace(LINE, unit_cost=Money(amount="1,5")),)}, "lines.0.unit_cost"),
        ({"lines": (replace(LINE, unit_cost=Money(amount="-1")),)}, "lines.0.unit_cost"),
        ({"lines": (replace(LINE, unit_cost=Money(amount="1", currency="euro")),)}, "lines.0.unit_cost"),
        ({"expected_at": "2026-05-01"}, "expected_at"),
        ({"expected_at": "2026-02-30T00:00:00Z"}, "expected_at"),
        ({"tracking_numbers": ("1Z", "")}, "tracking_numbers.1"),
        ({"warehouse_id": "x" * 201}, "warehouse_id"),
    ],
)
def test_what_is_wrong_whatever_the_vendor_is_named(bad: dict[str, Any], field: str) -> None:
    found = problems(replace(DRAFT, **bad))

    assert set(found) == {field}
    assert found[field].endswith(".")


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({}, ""),
        ({"lines": ()}, "lines"),
        ({"lines": (LINE, replace(LINE, quantity=3))}, "lines.0"),
        ({"lines": (replace(LINE, quantity=-1),)}, "lines.0.quantity"),
    ],
)
def test_a_change_that_says_nothing_or_contradicts_itself_is_named(bad: dict[str, Any], field: str) -> None:
    assert field in problems(InboundShipmentChange(**bad))


@pytest.mark.parametrize(
    "good", [{"lines": (replace(LINE, quantity=0),)}, {"tracking_numbers": ()}, {"expected_at": "2026-05-01T00:00:00Z"}]
)
def test_a_change_of_one_thing_passes(good: dict[str, Any]) -> None:
    assert problems(InboundShipmentChange(**good)) == {}


@pytest.mark.parametrize("field", sorted(set(WORDS) - {"reference", "lines", "lines.quantity"}))
def test_each_field_can_be_required_and_can_be_refused(field: str) -> None:
    """A rule about a field that the check does not know would never hold."""
    needed = declared(
        {CREATE: WriteRules(frozenset({"reference", "lines", "lines.quantity", field}), frozenset(WORDS))}
    )
    unknown = declared({CREATE: WriteRules(frozenset(WORDS) - {field})})
    full = InboundShipmentDraft(
        "PO-1",
        (DraftLine(1, "SOAP", "item-1", "S-1", Money(amount="1")),),
        "wh-1", "cust-1", "sup-1", "Mill", "2026-05-01T00:00:00Z", ("1Z",),
    )  # fmt: skip
    bare = InboundShipmentDraft("PO-1", (DraftLine(1, inventory_item_id="i"), DraftLine(1, sku="s")))

    with pytest.raises(FieldsInvalid) as missing:
        check(bare, needed, CREATE)
    with pytest.raises(FieldsInvalid) as foreign:
        check(full, unknown, CREATE)

    assert field in {_plain(name) for name in missing.value.fields}
    assert [_plain(name) for name in foreign.value.fields] == [field]
    assert WORDS[field] in missing.value.what
    assert WORDS[field] in foreign.value.what


def test_rules_about_what_a_line_holds_speak_of_lines() -> None:
    rules = WriteRules(frozenset({"reference", "lines.sku", "lines.quantity"}))

    check(InboundShipmentDraft("PO-1", (LINE,)), declared({CREATE: rules}), CREATE)


def test_every_problem_is_told_at_once() -> None:
    lines = (DraftLine(0, sku="SOAP"), DraftLine(1))

    assert set(problems(InboundShipmentDraft("", lines, expected_at="soon"))) == {
        "reference",
        "lines.0.quantity",
        "lines.1",
        "expected_at",
    }


def test_an_operation_that_is_not_declared_is_unsupported() -> None:
    with pytest.raises(Unsupported, match="cannot update inbound shipments"):
        check(InboundShipmentChange(), declared({}), UPDATE)


def _plain(path: str) -> str:
    return ".".join(step for step in path.split(".") if not step.isdecimal())
