"""Where processes are killed: fault points F1-F9 around a worker's calls, and a dispatcher's own three."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from local_cloud.kills.gate import Call, Moment

READ = "inventory_levels"
CONTINUES = re.compile(rb'segment\\+":[1-9]')

Step = Callable[[Call], bool]


@dataclass(frozen=True, slots=True)
class Aim:
    """What a round aims at: an integration, and the vendor's path of its list of stock."""

    name: str
    path: str


class Victim(StrEnum):
    WORKER = "worker"
    DISPATCHER = "dispatcher"
    SOURCE = "source"


class Night(StrEnum):
    """FIRST: a first load. SLOW: one whose pages take so long that it is continued. SECOND: three records are gone."""

    FIRST = "first"
    SLOW = "slow"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Point:
    """`steps` makes the calls to wait for, of one integration; `at_vendor` says that they go to the source."""

    name: str
    where: str
    steps: Callable[[Aim], Sequence[Step]]
    moment: Moment
    night: Night = Night.FIRST
    at_vendor: bool = False
    page_limit: int = 10
    victims: tuple[Victim, ...] = (Victim.WORKER, Victim.SOURCE)


@dataclass(frozen=True, slots=True)
class Kill:
    """One kind of round."""

    point: Point
    victim: Victim


def _page(aim: Aim) -> Step:
    return lambda call: call.operation == "GET" and call.path.startswith(aim.path)


def _journal(aim: Aim) -> Step:
    return lambda call: call.operation == "PUT" and call.speaks_of(f"journal/cedar/{aim.name}/{READ}/")


def _write(aim: Aim) -> Step:
    return lambda call: call.operation == "BatchWriteItem" and call.speaks_of(f"cedar#{aim.name}#{READ}")


def _checkpoint(aim: Aim) -> Step:
    return lambda call: (
        call.operation == "UpdateItem"
        and call.speaks_of(f"INT#{aim.name}#STREAM#{READ}", '"#checkpoint"')
        and not call.speaks_of('"#holder"')
    )


def _continuation(aim: Aim) -> Step:
    return lambda call: (
        call.operation == "SendMessageBatch"
        and call.speaks_of(aim.name, READ)
        and CONTINUES.search(call.body) is not None
    )


def _status(aim: Aim) -> Step:
    return lambda call: (
        call.operation == "UpdateItem" and call.speaks_of(f"INT#{aim.name}#STREAM#{READ}", '"#last_success_at"')
    )


def _burial(aim: Aim) -> Step:
    return lambda call: call.operation == "UpdateItem" and call.speaks_of(f"cedar#{aim.name}#{READ}", '"#_deleted_at"')


def _run(aim: Aim) -> Step:
    return lambda call: call.operation == "PutItem" and call.speaks_of(f"RUNS#cedar#{aim.name}")


def _messages(aim: Aim) -> Step:
    return lambda call: call.operation == "SendMessageBatch" and call.speaks_of(aim.name, READ)


DISPATCHER = (Victim.DISPATCHER,)

POINTS = (
    Point("F1", "before the first page is fetched", lambda aim: (_page(aim),), Moment.BEFORE, at_vendor=True),
    Point("F2", "half of a page read", lambda aim: (_page(aim), _page(aim)), Moment.HALFWAY, at_vendor=True),
    Point("F3", "pages read, nothing written", lambda aim: (_journal(aim),), Moment.BEFORE),
    Point("F4", "some of the batches written", lambda aim: (_write(aim), _write(aim)), Moment.AFTER, page_limit=60),
    Point("F5", "written, no checkpoint", lambda aim: (_write(aim), _checkpoint(aim)), Moment.BEFORE),
    Point("F6", "checkpoint, no continuation sent", lambda aim: (_continuation(aim),), Moment.BEFORE, Night.SLOW),
    Point("F7", "continuation sent, message not deleted", lambda aim: (_continuation(aim),), Moment.AFTER, Night.SLOW),
    Point("F8", "last page done, no status", lambda aim: (_status(aim),), Moment.BEFORE),
    Point("F9", "some of the deletions written", lambda aim: (_burial(aim), _burial(aim)), Moment.AFTER, Night.SECOND),
    Point("D1", "slot due, no run written", lambda aim: (_run(aim),), Moment.BEFORE, victims=DISPATCHER),
    Point("D2", "run written, no message sent", lambda aim: (_messages(aim),), Moment.BEFORE, victims=DISPATCHER),
    Point("D3", "messages sent, run not marked", lambda aim: (_messages(aim),), Moment.AFTER, victims=DISPATCHER),
)

KILLS = tuple(Kill(point, victim) for victim in Victim for point in POINTS if victim in point.victims)
"""Every kind of round, one after the other."""
