"""A system in memory whose functions print what they print in Lambda: journal lines and metrics, by log group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from planster_sync.aws.journal import TRACE, LogLines
from planster_sync.aws.metrics import MetricLines
from planster_sync.engine.task import Workshop
from planster_sync.entry.dispatcher import DispatcherEntry
from planster_sync.entry.parts import NAMESPACE, SERVICE
from planster_sync.model.runs import Run
from tests.engine.world import World
from tests.integration.api.caller import HOME, Api
from tests.watch.lines import Line, lines_of
from tests.watch.points import Point, points_of
from tests.watch.stack import STACK, Stack

GROUPS = {
    "dispatcher": f"/aws/lambda/{STACK}-sync-dispatcher",
    "worker": f"/aws/lambda/{STACK}-sync-worker",
    "api": f"/aws/lambda/{STACK}-manual-sync-api",
}


@dataclass
class Stage:
    world: World = field(default_factory=World)
    printed: dict[str, StringIO] = field(default_factory=lambda: {name: StringIO() for name in GROUPS})
    traces: int = 0

    def as_function(self, name: str) -> None:
        """What happens next happens in an invocation of this function."""
        self.traces += 1
        environment = {TRACE: f"Root=1-{self.traces:08x}-0;Parent=0;Sampled=1"}
        self.world.journal = LogLines(SERVICE, self.world.clock, self.printed[name], environment)  # type: ignore[assignment]
        self.world.metrics = MetricLines(NAMESPACE, self.world.clock, self.printed[name])  # type: ignore[assignment]

    def tick(self, **changes: Any) -> None:
        """A scheduled event arrives; `changes` replace collaborators, to break them."""
        self.as_function("dispatcher")
        dispatcher = self.world.dispatcher(self.world.shop(**changes))
        entry = DispatcherEntry(dispatcher, self.world.clock, self.world.journal)
        entry.handle({"time": self.world.clock.now().isoformat()}, 60)

    def work(self, shop: Callable[[World], Workshop] = World.shop, **options: Any) -> None:
        self.as_function("worker")
        self.world.work(shop(self.world), **options)

    def night(self) -> Run:
        self.world.until_due()
        self.tick()
        self.work()
        return self.world.last_run()

    def ask(self, address: str, body: Any) -> Any:
        """A request to the API of the integration."""
        self.as_function("api")
        return Api(self.world).post(f"{HOME}/int1/{address}", body).body

    @property
    def now(self) -> float:
        return self.world.clock.now().timestamp()

    def lines(self) -> Sequence[Line]:
        return [line for name, group in GROUPS.items() for line in lines_of(group, self.printed[name].getvalue())]

    def points(self) -> Sequence[Point]:
        return points_of(self.lines(), Stack().of("AWS::Logs::MetricFilter").values())
