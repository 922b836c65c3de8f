"""Write-backs in memory, with the same guards as the stored ones, and their queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from planster_sync.ports.write_backs import WriteBack, WriteMessage


class MemoryWriteBacks:
    def __init__(self) -> None:
        self._rows: dict[tuple[str, str, str], WriteBack] = {}
        self._turns: dict[tuple[str, str, str], tuple[str, datetime, datetime | None]] = {}

    def create(self, write: WriteBack) -> WriteBack | None:
        there = self._rows.get(_place(write))
        if there is None:
            self._rows[_place(write)] = write
        return there

    def get(self, organisation: str, integration: str, reference: str) -> WriteBack | None:
        return self._rows.get((organisation, integration, reference))

    def change(self, there: WriteBack, then: WriteBack) -> WriteBack | None:
        stored = self._rows.get(_place(there))
        if stored is None or stored.version != there.version:
            return None
        self._rows[_place(there)] = replace(then, version=there.version + 1)
        return self._rows[_place(there)]

    def due_for_check(self, now: datetime, limit: int) -> Sequence[WriteBack]:
        due = [(row.check_at, row) for row in self._rows.values() if row.check_at is not None and row.check_at <= now]
        return [row for _, row in sorted(due, key=lambda pair: pair[0])[:limit]]

    def take_shipment(self, write: WriteBack, now: datetime, until: datetime) -> bool:
        place = (write.organisation, write.integration, write.shipment_id or "")
        there = self._turns.get(place)
        if there is not None and there[0] != write.reference:
            _, requested_at, held_until = there
            if requested_at > write.requested_at or (held_until is not None and held_until >= now):
                return False
        self._turns[place] = (write.reference, write.requested_at, until)
        return True

    def free_shipment(self, write: WriteBack) -> None:
        place = (write.organisation, write.integration, write.shipment_id or "")
        there = self._turns.get(place)
        if there is not None and there[0] == write.reference:
            self._turns[place] = (there[0], there[1], None)


@dataclass(frozen=True, slots=True)
class SentWrite:
    message: WriteMessage
    delay_seconds: float


class MemoryWriteQueue:
    """Keeps what was sent, in order; `drain` hands it over and forgets it."""

    def __init__(self) -> None:
        self.sent: list[SentWrite] = []

    def send_writes(self, messages: Sequence[WriteMessage], *, delay_seconds: float = 0) -> None:
        self.sent.extend(SentWrite(message, delay_seconds) for message in messages)

    def drain(self) -> list[SentWrite]:
        waiting, self.sent = self.sent, []
        return waiting


def _place(write: WriteBack) -> tuple[str, str, str]:
    return write.organisation, write.integration, write.reference
