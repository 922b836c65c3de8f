"""What a purchase has received. Stock received and put away are two faces of the same goods: one of them counts.

With the company's option "Use Put Away" the goods are counted when their put-away is authorised; without it, and in
simple purchases, the stock-received part is all there is.
"""

from __future__ import annotations

from collections.abc import Iterator

from planster_sync.connectors.cin7_core.shapes import parts, yes
from planster_sync.connectors.cin7_core.statuses import NOT_AVAILABLE
from planster_sync.mapping.fields import Fields

AUTHORISED = "AUTHORISED"
_VOIDED = "VOIDED"


def received(purchase: Fields) -> list[tuple[Fields, tuple[Fields, ...]]]:
    """The tasks in which goods arrived, each with its lines; drafts, voided ones and placeholders are left out."""
    put_away = [task for task in parts(purchase, "PutAway") if _is_real(task)]
    found = _put_away(put_away) if put_away else _taken_in(parts(purchase, "StockReceived"))
    return [(task, lines) for task, lines in found if lines]


def _is_real(task: Fields) -> bool:
    return task.text("Status") not in (None, NOT_AVAILABLE) or bool(task.children("Lines"))


def _put_away(tasks: list[Fields]) -> Iterator[tuple[Fields, tuple[Fields, ...]]]:
    for task in tasks:
        if task.text("Status") == AUTHORISED:
            yield task, _goods(task)


def _taken_in(tasks: tuple[Fields, ...]) -> Iterator[tuple[Fields, tuple[Fields, ...]]]:
    """Here the status of the task is not to be trusted; a line's own `Received` says it where it is there."""
    for task in tasks:
        if task.text("Status") != _VOIDED:
            is_done = task.text("Status") == AUTHORISED
            yield task, tuple(line for line in _goods(task) if _arrived(line, is_done=is_done))


def _arrived(line: Fields, *, is_done: bool) -> bool:
    told = yes(line, "Received")
    return is_done if told is None else told


def _goods(task: Fields) -> tuple[Fields, ...]:
    return tuple(line for line in task.children("Lines") if not yes(line, "NonInventory"))
