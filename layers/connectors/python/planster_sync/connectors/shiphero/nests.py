"""Lists inside records: only their first page comes with the record, the rest is read on before the record counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from planster_sync.connectors.shiphero import queries
from planster_sync.connectors.shiphero.asking import Asking
from planster_sync.connectors.shiphero.queries import Nest
from planster_sync.connectors.shiphero.turning import turned
from planster_sync.errors import AnswerBroken
from planster_sync.mapping.pages import inner
from planster_sync.ports.source import SourceRecord
from planster_sync.reading.walks import Turned, walk, whole

_GOES_ON = re.compile(rb'"hasNextPage"\s*:\s*true')
_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_ENCODER = msgspec.json.Encoder(decimal_format="number")
_BROKEN = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


@dataclass(frozen=True, slots=True)
class Completion:
    """Reads on in the lists of one read's records, `first` rows at a time."""

    asking: Asking
    nests: Sequence[Nest]
    first: int
    deadline: datetime | None

    def completed(self, record: SourceRecord) -> SourceRecord:
        """The record with every list whole; untouched, byte for byte, where all came at once.

        Raises:
            AnswerBroken, EndUnproven: a list goes on, but its rest cannot be had.
        """
        if not _GOES_ON.search(record.raw):
            return record
        try:
            found = _DECODER.decode(record.raw)
        except _BROKEN:
            return record  # malformed inside: it goes to quarantine as it is
        for nest in self.nests:
            for owner in _owners(found, nest.owners):
                self._complete(owner, nest)
        return SourceRecord(record.id, _ENCODER.encode(found))

    def _complete(self, owner: dict[str, Any], nest: Nest) -> None:
        connection = _object(owner.get(nest.name))
        info = _object(connection.get("pageInfo"))
        if info.get("hasNextPage") is not True:
            return
        owner_id, cursor = owner.get("id"), info.get("endCursor")
        if not isinstance(owner_id, str) or not isinstance(cursor, str) or not cursor:
            raise AnswerBroken("The source promises more, but not where.", detail=f"{nest.name} inside a record")

        def turn(after: str | None) -> Turned:
            data = self.asking.data(queries.more(nest, owner_id, self.first, after), self.deadline)
            return turned(inner(data, nest.single, "data", nest.name), lambda line: line)

        rest = whole(walk(turn, self.asking.clock, after=f"0|{cursor}"))
        connection["edges"] = [*(connection.get("edges") or ()), *({"node": msgspec.Raw(line.raw)} for line in rest)]
        connection["pageInfo"] = {"hasNextPage": False, "endCursor": None}


def _owners(record: dict[str, Any], steps: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The objects that hold a list: the record itself, or each object of the lists that lead there."""
    if not steps:
        yield record
        return
    found = record.get(steps[0])
    for inside in found if isinstance(found, list) else ():
        yield from _owners(_object(inside), steps[1:])


def _object(value: Any) -> dict[str, Any]:
    """The value where it is an object; anything else is for the mapping to refuse."""
    return value if isinstance(value, dict) else {}
