"""What every connector that writes must keep, as functions over a `WriterSubject` (`writer_bench`).

Each check drives the real engine over rows in memory, and the connector over whatever the subject begins: nearly always
its simulator over real HTTP.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any

import pytest

from planster_sync.errors import Conflict, FieldsInvalid
from planster_sync.model.inbound import InboundShipment
from planster_sync.model.record import Money
from planster_sync.ports.source import Capabilities, WriteOperation
from planster_sync.ports.write_backs import WriteBack, WriteState
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft
from tests.contract.writer_bench import Bench, WriterSubject

Check = Callable[[WriterSubject], None]
CREATE, UPDATE = WriteOperation.CREATE_INBOUND_SHIPMENT, WriteOperation.UPDATE_INBOUND_SHIPMENT


def a_created_shipment_is_what_was_asked_for(subject: WriterSubject) -> None:
    with subject.begin() as bench:
        draft = subject.draft(bench)

        outcome = _created(bench, draft)

        shipment = bench.shipment(outcome.shipment_id)
        assert shipment.purchase_order_number == draft.reference
        assert _pieces(shipment) == _wanted(draft)
        assert outcome.not_kept == ()
        assert list(bench.references()).count(draft.reference) == 1


def a_created_shipment_is_in_the_next_read_once_under_the_same_id(subject: WriterSubject) -> None:
    with subject.begin() as bench:
        before = {shipment.id for shipment in bench.read()}

        outcome = _created(bench, subject.draft(bench))

        after = [shipment.id for shipment in bench.read()]
        assert outcome.shipment_id not in before
        assert set(after) - before == {outcome.shipment_id}
        assert len(after) == len(set(after)) == len(before) + 1


def a_creation_whose_answer_is_lost_leaves_one_shipment(subject: WriterSubject) -> None:
    with subject.begin() as bench:
        draft = subject.draft(bench)
        bench.line.lose_answer()

        outcome = _created(bench, draft)

        assert outcome.attempt > 1
        assert list(bench.references()).count(draft.reference) == 1
        assert bench.shipment(outcome.shipment_id).purchase_order_number == draft.reference


def a_creation_that_failed_before_it_was_made_is_made_then(subject: WriterSubject) -> None:
    with subject.begin() as bench:
        draft = subject.draft(bench)
        bench.line.lose_request()

        outcome = _created(bench, draft)

        assert outcome.attempt > 1
        assert list(bench.references()).count(draft.reference) == 1


def one_call_sends_at_most_one_change(subject: WriterSubject) -> None:
    """Who asks decides about a second try: the connector must not repeat a change by itself."""
    with subject.begin() as bench:
        draft = subject.draft(bench)
        desk = bench.desk()
        bench.line.lose_answer()
        before = bench.line.changes

        desk.create(draft)
        desk.work(messages=1)

        assert bench.line.changes == before + 1
        assert desk.outcome(draft.reference).state is WriteState.UNKNOWN


def a_shipment_is_found_by_its_whole_reference_only(subject: WriterSubject) -> None:
    with subject.begin() as bench:
        draft = subject.draft(bench)
        longer = replace(draft, reference=f"{draft.reference}1")
        _created(bench, longer)

        assert bench.writer.find_inbound_shipment(draft.reference) is None
        made = _created(bench, draft)
        found = bench.writer.find_inbound_shipment(draft.reference)

        assert found is not None
        assert found.id == made.shipment_id


def a_missing_required_field_is_named_before_anything_is_sent(subject: WriterSubject) -> None:
    with subject.begin() as bench:
        draft = subject.draft(bench)
        before = bench.line.changes
        required = bench.capabilities.writes[CREATE].required - {"reference", "lines.quantity"}

        for each in sorted(required):
            with pytest.raises(FieldsInvalid) as refusal:
                bench.desk().create(_without(draft, each))
            assert {_plain(name) for name in refusal.value.fields} & {each, "lines"}, each

        assert required
        assert bench.line.changes == before
        assert draft.reference not in bench.references()


def a_field_that_the_vendor_cannot_be_told_is_named_before_anything_is_sent(subject: WriterSubject) -> None:
    with subject.begin() as bench:
        draft = subject.draft(bench)
        rules = bench.capabilities.writes[CREATE]
        everything = _with_everything(draft)
        foreign = _given(everything) - rules.required - rules.accepted - {"lines"}
        before = bench.line.changes

        for each in sorted(foreign):
            with pytest.raises(FieldsInvalid) as refusal:
                bench.desk().create(everything)
            assert each in {_plain(name) for name in refusal.value.fields}

        assert bench.line.changes == before
        assert draft.reference not in bench.references()


def a_refusal_comes_back_in_the_vendors_words(subject: WriterSubject) -> None:
    with subject.begin() as bench:
        draft, word = subject.refused(bench)
        desk = bench.desk()

        desk.create(draft)
        outcome = desk.until_ended(draft.reference)

        assert outcome.problem is not None
        assert (outcome.state, outcome.in_doubt) == (WriteState.FAILED, False)
        assert (outcome.problem.code, outcome.problem.retryable) == ("write_refused", False)
        assert word in outcome.problem.what
        assert draft.reference not in bench.references()


def a_change_alters_what_it_names_and_nothing_else(subject: WriterSubject) -> None:
    with _with_shipment(subject) as (bench, draft, made):
        before = bench.shipment(made.shipment_id)
        change = _change(subject, bench, draft)

        outcome = _changed(bench, made, change)

        after = bench.shipment(made.shipment_id)
        assert outcome.shipment_id == made.shipment_id
        assert outcome.not_kept == ()
        assert _pieces(after) == {**_pieces(before), **_wanted_of(change.lines or ())}
        assert after.purchase_order_number == before.purchase_order_number
        assert after.warehouse_id == before.warehouse_id
        if change.expected_at is not None:
            assert after.expected_at != before.expected_at
        if change.tracking_numbers is not None:
            assert after.tracking_numbers == tuple(change.tracking_numbers)


def a_change_whose_answer_is_lost_is_made_all_the_same(subject: WriterSubject) -> None:
    with _with_shipment(subject) as (bench, draft, made):
        before = _pieces(bench.shipment(made.shipment_id))
        change = _change(subject, bench, draft)
        bench.line.lose_answer()

        outcome = _changed(bench, made, change)

        assert outcome.attempt > 1
        assert _pieces(bench.shipment(made.shipment_id)) == {**before, **_wanted_of(change.lines or ())}
        assert list(bench.references()).count(draft.reference) == 1


def a_change_of_what_is_not_there_is_refused(subject: WriterSubject) -> None:
    with _with_shipment(subject) as (bench, draft, made):
        desk = bench.desk()

        desk.update("change-1", f"{made.shipment_id}99", _change(subject, bench, draft))
        outcome = desk.until_ended("change-1")

        assert outcome.problem is not None
        assert (outcome.state, outcome.in_doubt) == (WriteState.FAILED, False)
        assert outcome.problem.code in ("not_found", "write_refused")


def a_change_of_a_shipment_that_moved_on_is_a_conflict_and_then_made_on_it(subject: WriterSubject) -> None:
    with _with_shipment(subject) as (bench, draft, made):
        touch, id_ = bench.touch, made.shipment_id or ""
        assert touch is not None
        change = _change(subject, bench, draft)
        bench.line.meanwhile(lambda: touch(id_))
        with pytest.raises(Conflict):
            bench.writer.update_inbound_shipment(id_, change)
        bench.line.meanwhile(lambda: touch(id_))

        outcome = _changed(bench, made, change)

        assert outcome.attempt > 1
        assert _wanted_of(change.lines or ()).items() <= _pieces(bench.shipment(made.shipment_id)).items()


CREATION: tuple[Check, ...] = (
    a_created_shipment_is_what_was_asked_for,
    a_created_shipment_is_in_the_next_read_once_under_the_same_id,
    a_creation_whose_answer_is_lost_leaves_one_shipment,
    a_creation_that_failed_before_it_was_made_is_made_then,
    one_call_sends_at_most_one_change,
    a_shipment_is_found_by_its_whole_reference_only,
    a_missing_required_field_is_named_before_anything_is_sent,
    a_field_that_the_vendor_cannot_be_told_is_named_before_anything_is_sent,
    a_refusal_comes_back_in_the_vendors_words,
)
CHANGES: tuple[Check, ...] = (
    a_change_alters_what_it_names_and_nothing_else,
    a_change_whose_answer_is_lost_is_made_all_the_same,
    a_change_of_what_is_not_there_is_refused,
)
VERSIONS: tuple[Check, ...] = (a_change_of_a_shipment_that_moved_on_is_a_conflict_and_then_made_on_it,)


def checks_for(subject: WriterSubject, capabilities: Capabilities) -> tuple[Check, ...]:
    """Those that a connector must pass, by the operations that it declares and by whether its vendor has versions."""
    creation = CREATION if CREATE in capabilities.writes else ()
    changes = CHANGES if UPDATE in capabilities.writes else ()
    return (*creation, *changes, *(VERSIONS if changes and subject.has_versions else ()))


@contextmanager
def _with_shipment(subject: WriterSubject) -> Iterator[tuple[Bench, InboundShipmentDraft, WriteBack]]:
    with subject.begin() as bench:
        draft = subject.draft(bench)
        yield bench, draft, _created(bench, draft)


def _change(subject: WriterSubject, bench: Bench, draft: InboundShipmentDraft) -> InboundShipmentChange:
    assert subject.change is not None, "the connector declares an update, and its subject has no change"
    return subject.change(bench, draft)


def _created(bench: Bench, draft: InboundShipmentDraft) -> WriteBack:
    desk = bench.desk()
    desk.create(draft)
    outcome = desk.until_ended(draft.reference)
    assert outcome.state is WriteState.SUCCEEDED, outcome.problem
    return outcome


def _changed(bench: Bench, made: WriteBack, change: InboundShipmentChange) -> WriteBack:
    desk = bench.desk()
    desk.update("change-1", made.shipment_id or "", change)
    outcome = desk.until_ended("change-1")
    assert outcome.state is WriteState.SUCCEEDED, outcome.problem
    return outcome


def _pieces(shipment: InboundShipment) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line in shipment.lines:
        name = line.sku or line.inventory_item_id or ""
        found[name] = found.get(name, 0) + (line.expected or 0)
    return found


def _wanted(draft: InboundShipmentDraft) -> dict[str, Any]:
    return _wanted_of(draft.lines)


def _wanted_of(lines: Sequence[DraftLine]) -> dict[str, Any]:
    return {line.sku or line.inventory_item_id or "": line.quantity for line in lines}


def _without(draft: InboundShipmentDraft, name: str) -> InboundShipmentDraft:
    if name == "lines":
        return replace(draft, lines=())
    if name.startswith("lines."):
        bare: dict[str, Any] = {name.partition(".")[2]: None}
        return replace(draft, lines=[replace(line, **bare) for line in draft.lines])
    nothing: dict[str, Any] = {name: () if name == "tracking_numbers" else None}
    return replace(draft, **nothing)


def _with_everything(draft: InboundShipmentDraft) -> InboundShipmentDraft:
    """The draft with something in every field that it leaves open."""
    line = {"inventory_item_id": "item-1", "supplier_sku": "S-1", "unit_cost": Money(amount="1.5", currency="EUR")}
    head = {
        "warehouse_id": "wh",
        "warehouse_customer_id": "cust",
        "supplier_id": "sup",
        "supplier_name": "Supplier",
        "expected_at": "2026-05-01T00:00:00Z",
        "tracking_numbers": ("1Z",),
    }
    lines = [replace(each, **_open_in(each, line)) for each in draft.lines]
    return replace(draft, lines=lines, **_open_in(draft, head))


def _open_in(value: Any, filling: Mapping[str, Any]) -> dict[str, Any]:
    return {name: given for name, given in filling.items() if not getattr(value, name)}


def _given(draft: InboundShipmentDraft) -> set[str]:
    head = {each.name for each in fields(draft) if getattr(draft, each.name)}
    return head | {f"lines.{each.name}" for line in draft.lines for each in fields(line) if getattr(line, each.name)}


def _plain(path: str) -> str:
    """The field without the places of its lines."""
    return ".".join(step for step in path.split(".") if not step.isdecimal())
