"""Nights as they are recorded: what the functions printed in good ones and in bad ones.

Most of it comes from the whole system in memory, where time can be made to pass; what is said of vendors' answers comes
from the handlers as Lambda calls them, on moto, against a simulated vendor over HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import redirect_stdout, suppress
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import TYPE_CHECKING

import pytest

from planster_sync.errors import CredentialsRejected, StoreBusy, SyncError, Throttled, Unsupported
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import StreamKey
from planster_sync.model.streams import Stream
from simulators.trackstar.config import AccountSpec
from tests.engine.saboteur import Plan, sabotaged
from tests.engine.world import Killed, World
from tests.fakes.scripted_source import ScriptedSource
from tests.integration.deployment import Context, deployment
from tests.watch.lines import Line, lines_of
from tests.watch.stage import GROUPS, Stage

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

QUARTER = 900
UNREADABLE: MessageTypeDef = {"MessageId": "message-1", "ReceiptHandle": "receipt-1", "Body": "not a task"}


def record() -> Sequence[Line]:
    """Everything that was printed, by group and in each group in order.

    The clock on moto is the machine's own; its night is moved to where the last night in memory is.
    """
    stage = in_memory()
    night = over_http()
    moved = stage.now - max(line.at for line in night)
    return [*stage.lines(), *(replace(line, at=line.at + moved) for line in night)]


def in_memory() -> Stage:
    """Two weeks of one integration; after the first night, something else happens in each."""
    stage = Stage(World(disabled=frozenset({DataType.WAREHOUSES})))
    stage.world.source.fill(120)
    for happens in HAPPENINGS:
        happens(stage)
    return stage


def good(stage: Stage) -> None:
    stage.night()


def changes(stage: Stage) -> None:
    """Some orders change, some go, two are broken."""
    source = stage.world.source
    for number in range(20):
        source.order(f"o{number:03d}", shipments=["s1"], channel="ch1=Shop", number="#changed")
    for number in range(117, 120):
        del source.orders[f"o{number:03d}"]
    for number in (30, 31):
        source.orders[f"o{number:03d}"].update(broken=True, updated=stage.world.clock.now().isoformat())
    stage.night()


def throttled(stage: Stage) -> None:
    _answers(
        stage, Throttled("The allowance is used up.", until=stage.world.clock.now() + timedelta(days=1, minutes=1))
    )
    stage.night()


def killed(stage: Stage) -> None:
    """A worker dies; its message comes back too early, and the sweep sends the task again."""
    stage.world.until_due()
    stage.tick()
    message = stage.world.queue.sent[0].message
    with suppress(Killed):
        stage.work(lambda world: sabotaged(world.shop(), Plan(6, done=False)))
    stage.as_function("worker")
    stage.world.handle(message)
    for _ in range(4):
        stage.world.clock.advance(QUARTER)
        stage.tick()
        stage.work()


def in_small_slices(stage: Stage) -> None:
    stage.world.until_due()
    stage.tick()
    stage.work(slice_seconds=0)


def unsupported(stage: Stage) -> None:
    _answers(stage, Unsupported("The connected warehouse system does not offer orders."))
    stage.night()


def emptied(stage: Stage) -> None:
    """Two nights show less than there is, a third one all of it."""
    kept = dict(stage.world.source.orders)
    for count in (0, 40, len(kept)):
        stage.world.source.orders = dict(list(kept.items())[:count])
        stage.night()


def refused(stage: Stage) -> None:
    _answers(stage, CredentialsRejected("The credentials were rejected."))
    stage.night()
    stage.world.clock.advance(86400)
    stage.night()


def purged(stage: Stage) -> None:
    """The night's messages are lost, and those of the sweep as well, until the morning."""
    stage.world.until_due()
    stage.tick()
    for _ in range(20):
        stage.world.queue.drain()
        stage.world.clock.advance(QUARTER)
        stage.tick()
    stage.work()


def verified(stage: Stage) -> None:
    stage.ask("verify", {"data_type": "orders", "sample": 3})


def cut_short(stage: Stage) -> None:
    """The sweep meets a throttled table in the last night that is recorded, whose run has not ended yet."""
    stage.world.until_due()
    stage.tick()
    stage.world.queue.drain()
    stage.world.clock.advance(2 * 3600)
    stage.tick(streams=OutOfReach())


class OutOfReach:
    """A store that is throttled."""

    def get(self, stream: StreamKey) -> Stream:
        raise StoreBusy("The table is throttled.")


HAPPENINGS = (
    good,
    changes,
    throttled,
    killed,
    in_small_slices,
    unsupported,
    emptied,
    refused,
    purged,
    verified,
    cut_short,
)


def _answers(stage: Stage, error: SyncError) -> None:
    """The source answers the next request for a page with an error."""

    def answer(_: ScriptedSource) -> None:
        raise error

    stage.world.source.script = {stage.world.source.requests: answer}


def over_http() -> Sequence[Line]:
    """One night of one integration on moto, against a simulator, and a message that nobody can work on."""
    printed = {"dispatcher": StringIO(), "worker": StringIO()}
    account = AccountSpec("con-1", "token-con-1", seed=5, size=12)
    with pytest.MonkeyPatch.context() as environment, deployment(environment, account) as system:
        system.register("main", "con-1")
        with redirect_stdout(printed["dispatcher"]):
            system.tick()
        with redirect_stdout(printed["worker"]):
            system.work()
            system.hand_over("manual", UNREADABLE, Context())
    return [line for name, text in printed.items() for line in lines_of(GROUPS[name], text.getvalue())]
