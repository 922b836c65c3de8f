"""Reads a `ToyWarehouse` page by page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planster_sync.errors import Unsupported
from planster_sync.mapping.pages import split
from planster_sync.ports.platform import Clock
from planster_sync.ports.source import Capabilities, End, Mapped, Page, ReadRequest
from tests.connectors.toy.capabilities import TOY_CAPABILITIES, ToySettings
from tests.connectors.toy.mapper import ToyMapper
from tests.connectors.toy.warehouse import ToyWarehouse


class ToyConnector:
    """`after` is the number of the page last read."""

    def __init__(self, warehouse: ToyWarehouse, clock: Clock, settings: ToySettings | None = None) -> None:
        self._warehouse = warehouse
        self._clock = clock
        self._mapper = ToyMapper(settings or ToySettings())

    @property
    def capabilities(self) -> Capabilities:
        return TOY_CAPABILITIES

    def check(self) -> None:
        self._warehouse.page("articles", 1, 1)

    def pages(self, ask: ReadRequest) -> Iterator[Page]:
        number, size = int(ask.after or "0"), TOY_CAPABILITIES.reads[ask.read].page_size
        while True:
            number += 1
            read_at = self._clock.now()
            body = self._warehouse.page(ask.read, number, size)
            cut = split(body, records="rows", identity="no", envelope=("last",))
            if cut.read("last") is True:
                yield Page(cut.records, None, End.PROVEN, read_at)
                return
            if not cut.records:
                yield Page((), None, End.CLAIMED, read_at)
                return
            yield Page(cut.records, str(number), End.MORE, read_at)

    def lookup(self, read: str, ids: Sequence[str]) -> Page:
        raise Unsupported("The toy vendor answers no look-ups.")

    def map(self, read: str, raw: bytes) -> Mapped:
        return self._mapper.map(read, raw)
