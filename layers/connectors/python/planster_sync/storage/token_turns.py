"""Whose turn it is to renew an integration's token: one row, no secret in it, every change conditional."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import TypeAdapter

from planster_sync.ports.tokens import Turn
from planster_sync.storage import keys as layout
from planster_sync.storage.attributes import Item
from planster_sync.storage.table import Change, Table

_TURN = TypeAdapter(Turn)
_MINE = "#fence = :fence AND attribute_exists(#until)"


class DynamoTokenTurns:
    """A call whose answer was lost may have acted: `take` knows its own holder again, `commit` its own version."""

    def __init__(self, control: Table, organisation: str, integration: str) -> None:
        self._table = control
        self._key = layout.token_key(organisation, integration)

    def look(self) -> Turn:
        return _turn(self._table.get(self._key))

    def take(self, holder: str, now: datetime, seconds: float) -> Turn | None:
        change = Change(
            "attribute_not_exists(#until) OR #until < :now",
            sets={"holder": holder, "until": now + timedelta(seconds=seconds)},
            adds={"fence": 1},
            names={"until": "until"},
            values={"now": now},
        )
        outcome = self._table.change(self._key, change)
        is_mine = outcome.accepted or (outcome.item or {}).get("holder") == holder
        return _turn(outcome.item) if is_mine else None

    def commit(self, turn: Turn, version: int, made_in: int) -> bool:
        change = Change(
            _MINE,
            sets={"version": version, "made_in": made_in},
            removes=("holder", "until"),
            names={"fence": "fence"},
            values={"fence": turn.fence},
        )
        outcome = self._table.change(self._key, change)
        there = _turn(outcome.item)
        return outcome.accepted or (there.fence, there.version) == (turn.fence, version)

    def release(self, turn: Turn) -> None:
        change = Change(_MINE, removes=("holder", "until"), names={"fence": "fence"}, values={"fence": turn.fence})
        self._table.change(self._key, change)


def _turn(item: Item | None) -> Turn:
    return Turn() if item is None else _TURN.validate_python(item)
