"""The contract of every connector that writes: the registered ones, and a vendor in memory that has versions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import cast

import pytest

from planster_sync.connectors import registry
from planster_sync.ports.source import SourceRecord
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft
from tests.contract.writer_bench import Bench, WriterSubject
from tests.contract.writer_suite import Check, checks_for
from tests.fakes.clock import ManualClock
from tests.fakes.writable_vendor import WritableVendor, declared, lost, unreached

CONNECTORS = Path(__file__).parents[1] / "connectors"
WRITERS = [name for name in registry.names() if registry.capabilities(name).writes]


@dataclass
class _MemoryLine:
    vendor: WritableVendor

    @property
    def changes(self) -> int:
        return self.vendor.asked

    def lose_answer(self) -> None:
        self.vendor.faults.append(lost)

    def lose_request(self) -> None:
        self.vendor.faults.append(unreached)

    def meanwhile(self, act: Callable[[], None]) -> None:
        def delay(write: Callable[[], SourceRecord]) -> SourceRecord:
            act()
            return write()

        self.vendor.faults.append(delay)


@contextmanager
def _in_memory() -> Iterator[Bench]:
    clock = ManualClock()
    vendor = WritableVendor(clock)
    references = lambda: [row["reference"] for row in vendor.shipments.values()]  # noqa: E731
    yield Bench(vendor, clock, _MemoryLine(vendor), references, vendor.touch)


def _draft(_: Bench) -> InboundShipmentDraft:
    return InboundShipmentDraft(
        "PO-1",
        (DraftLine(12, sku="SOAP"), DraftLine(3, sku="TOWEL")),
        warehouse_id="wh-1",
        expected_at="2026-05-01T00:00:00Z",
        supplier_name="Mill Ltd",
    )


def _refused(_: Bench) -> tuple[InboundShipmentDraft, str]:
    return InboundShipmentDraft("PO-1", (DraftLine(1, sku="UNKNOWN"),), warehouse_id="wh-1"), "UNKNOWN"


def _change(_: Bench, __: InboundShipmentDraft) -> InboundShipmentChange:
    return InboundShipmentChange(expected_at="2026-06-01T00:00:00Z", lines=(DraftLine(20, sku="SOAP"),))


MEMORY = WriterSubject(_in_memory, _draft, _refused, _change, has_versions=True)
FOUND = [name for name in WRITERS if (CONNECTORS / name / "writer.py").exists()]
SUBJECTS = {"memory": (MEMORY, declared())} | {
    name: (
        cast(WriterSubject, import_module(f"tests.connectors.{name}.writer").WRITER),
        registry.capabilities(name),
    )
    for name in FOUND
}
CASES = [(name, check) for name, (subject, can) in SUBJECTS.items() for check in checks_for(subject, can)]


@pytest.mark.parametrize(("name", "check"), CASES, ids=[f"{name}-{check.__name__}" for name, check in CASES])
def test_a_connector_that_writes_keeps_the_contract(name: str, check: Check) -> None:
    check(SUBJECTS[name][0])


def test_every_connector_that_declares_writes_is_under_the_contract() -> None:
    assert FOUND == WRITERS
