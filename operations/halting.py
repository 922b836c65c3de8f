"""The whole stack at rest and at work again: ticks, the workers' queues, and the API."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from operations.desk import Line
from planster_sync.errors import Conflict, NotFound
from planster_sync.ports.platform import Clock

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_lambda import LambdaClient

LOOK_EVERY = 2.0
LOOKS = 150
API_TIMEOUT = 30.0
"""Seconds for which a request that had begun may still be at work: the API's `Timeout` in the template."""


@dataclass(frozen=True, slots=True)
class Halt:
    """`stack` is its name, `worker` the ARN of what its queues call, with its alias.

    Messages wait in their queues meanwhile, for four days at most; nothing uses up their receives. The API is stopped
    last, after the workers' time is over: whoever finds it stopped knows that nobody works on an old message any more.
    """

    stack: str
    worker: str
    events: EventBridgeClient
    functions: LambdaClient
    clock: Clock

    @property
    def is_complete(self) -> bool:
        """Whether no tick, message or request can begin anything, and what had begun is over."""
        is_quiet = self.events.describe_rule(Name=self._rule)["State"] == "DISABLED"
        reserved = self.functions.get_function_concurrency(FunctionName=self._api).get("ReservedConcurrentExecutions")
        return is_quiet and reserved == 0 and all(state == "Disabled" for _, state in self._mappings())

    def begin(self, function_timeout: float) -> Sequence[Line]:
        """Stops everything, and waits until whatever is at work has been ended by its timeout.

        May be repeated, and waits again: one that was broken off may have waited for nothing.
        """
        self.events.disable_rule(Name=self._rule)
        for mapping, _ in self._mappings():
            self.functions.update_event_source_mapping(UUID=mapping, Enabled=False)
        self._wait_for("Disabled")
        self.clock.wait(function_timeout)
        self.functions.put_function_concurrency(FunctionName=self._api, ReservedConcurrentExecutions=0)
        self.clock.wait(API_TIMEOUT)
        return self._lines("stopped")

    def end(self) -> Sequence[Line]:
        """Lets everything go on; the first tick finds what is due and what was lost."""
        self.functions.delete_function_concurrency(FunctionName=self._api)
        for mapping, _ in self._mappings():
            self.functions.update_event_source_mapping(UUID=mapping, Enabled=True)
        self._wait_for("Enabled")
        self.events.enable_rule(Name=self._rule)
        return self._lines("started")

    @property
    def _rule(self) -> str:
        return f"{self.stack}-tick"

    @property
    def _api(self) -> str:
        return f"{self.stack}-manual-sync-api"

    def _mappings(self) -> Sequence[tuple[str, str]]:
        """Raises NotFound where no queue calls the worker: then nobody can say that all is at rest."""
        found = self.functions.list_event_source_mappings(FunctionName=self.worker)["EventSourceMappings"]
        if not found:
            raise NotFound(
                f"No queue calls {self.worker}.", remedy="Deploy the stack, or name the right one (--stack)."
            )
        return [(str(each["UUID"]), str(each["State"])) for each in found]

    def _wait_for(self, state: str) -> None:
        """Raises Conflict where the queues are not in that state after five minutes."""
        for _ in range(LOOKS):
            if all(there == state for _, there in self._mappings()):
                return
            self.clock.wait(LOOK_EVERY)
        raise Conflict(f"The queues are not {state.lower()} after five minutes.", remedy="Give the command again.")

    def _lines(self, done: str) -> Sequence[Line]:
        queues = [Line(f"messages ({mapping[:8]})", done, state) for mapping, state in self._mappings()]
        return [Line("ticks", done, self._rule), *queues, Line("API and console", done, self._api)]
