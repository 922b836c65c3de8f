"""Where processes are killed: fault points F1-F9 around a worker's calls, and a dispatcher's own three."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from local_cloud.kills.gate import Call, Moment

READ = "inventory_levels"
LIST = "/wms/inventory"
CONTINUES = re.compile(rb'segment\\+":[1-9]')

Step = Callable[[Call], bool]


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
    steps: Callable[[str], Sequence[Step]]
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


def _page(_: str) -> Step:
    return lambda call: call.operation == "GET" and call.path.startswith(LIST)


def _journal(name: str) -> Step:
    return lambda call: call.operation == "PUT" and call.speaks_of(f"journal/cedar/{name}/{READ}/")


def _write(name: str) -> Step:
    return lambda call: call.operation == "BatchWriteItem" and call.speaks_of(f"cedar#{name}#{READ}")


def _checkpoint(name: str) -> Step:
    return lambda call: (
        call.operation == "UpdateItem"
        and call.speaks_of(f"INT#{name}#STREAM#{READ}", '"#checkpoint"')
        and not call.speaks_of('"#holder"')
    )


def _continuation(name: str) -> Step:
    return lambda call: (
        call.operation == "SendMessageBatch" and call.speaks_of(name, READ) and CONTINUES.search(call.body) is not None
    )


def _status(name: str) -> Step:
    return lambda call: (
        call.operation == "UpdateItem" and call.speaks_of(f"INT#{name}#STREAM#{READ}", '"#last_success_at"')
    )


def _burial(name: str) -> Step:
    return lambda call: call.operation == "UpdateItem" and call.speaks_of(f"cedar#{name}#{READ}", '"#_deleted_at"')


def _run(name: str) -> Step:
    return lambda call: call.operation == "PutItem" and call.speaks_of(f"RUNS#cedar#{name}")


def _messages(name: str) -> Step:
    return lambda call: call.operation == "SendMessageBatch" and call.speaks_of(name, READ)


DISPATCHER = (Victim.DISPATCHER,)

POINTS = (
    Point("F1", "before the first page is fetched", lambda n: (_page(n),), Moment.BEFORE, at_vendor=True),
    Point("F2", "half of a page read", lambda n: (_page(n), _page(n)), Moment.HALFWAY, at_vendor=True),
    Point("F3", "pages read, nothing written", lambda n: (_journal(n),), Moment.BEFORE),
    Point("F4", "some of the batches written", lambda n: (_write(n), _write(n)), Moment.AFTER, page_limit=60),
    Point("F5", "written, no checkpoint", lambda n: (_write(n), _checkpoint(n)), Moment.BEFORE),
    Point("F6", "checkpoint, no continuation sent", lambda n: (_continuation(n),), Moment.BEFORE, Night.SLOW),
    Point("F7", "continuation sent, message not deleted", lambda n: (_continuation(n),), Moment.AFTER, Night.SLOW),
    Point("F8", "last page done, no status", lambda n: (_status(n),), Moment.BEFORE),
    Point("F9", "some of the deletions written", lambda n: (_burial(n), _burial(n)), Moment.AFTER, Night.SECOND),
    Point("D1", "slot due, no run written", lambda n: (_run(n),), Moment.BEFORE, victims=DISPATCHER),
    Point("D2", "run written, no message sent", lambda n: (_messages(n),), Moment.BEFORE, victims=DISPATCHER),
    Point("D3", "messages sent, run not marked", lambda n: (_messages(n),), Moment.AFTER, victims=DISPATCHER),
)

KILLS = tuple(Kill(point, victim) for victim in Victim for point in POINTS if victim in point.victims)
"""Every kind of round, one after the other."""
