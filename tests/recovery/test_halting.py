"""A stack is at rest when nothing can begin and what had begun is over, and not before."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from operations.halting import API_TIMEOUT, Halt
from planster_sync.errors import Conflict
from tests.fakes.clock import ManualClock

TIMEOUT = 300.0


@dataclass
class Account:
    """As much of EventBridge and Lambda as is asked. `breaks` is the request at which the operator's machine dies."""

    rule: str = "ENABLED"
    mappings: dict[str, str] = field(default_factory=lambda: {"night": "Enabled", "manual": "Enabled"})
    reserved: int | None = None
    breaks: str = ""
    stuck: bool = False

    def describe_rule(self, **_: str) -> dict[str, Any]:
        return {"State": self.rule}

    def disable_rule(self, **_: str) -> None:
        self.rule = "DISABLED"

    def enable_rule(self, **_: str) -> None:
        self.rule = "ENABLED"

    def list_event_source_mappings(self, **_: str) -> dict[str, Any]:
        return {"EventSourceMappings": [{"UUID": name, "State": state} for name, state in self.mappings.items()]}

    def update_event_source_mapping(self, **asked: Any) -> None:
        if not self.stuck:
            self.mappings[asked["UUID"]] = "Enabled" if asked["Enabled"] else "Disabled"

    def get_function_concurrency(self, **_: str) -> dict[str, Any]:
        return {} if self.reserved is None else {"ReservedConcurrentExecutions": self.reserved}

    def put_function_concurrency(self, **asked: Any) -> None:
        if self.breaks == "api":
            raise KeyboardInterrupt
        self.reserved = asked["ReservedConcurrentExecutions"]

    def delete_function_concurrency(self, **_: str) -> None:
        self.reserved = None


def halt(account: Account, clock: ManualClock) -> Halt:
    there: Any = account
    return Halt("sync", "arn:aws:lambda:eu-central-1:123456789012:function:sync-sync-worker:live", there, there, clock)


def test_stack_is_at_rest_once_the_workers_and_the_apis_time_is_over() -> None:
    account, clock = Account(), ManualClock()
    began = clock.now()

    lines = halt(account, clock).begin(TIMEOUT)

    assert halt(account, clock).is_complete
    assert (clock.now() - began).total_seconds() == TIMEOUT + API_TIMEOUT
    assert [line.done for line in lines] == ["stopped"] * 4


def test_stop_that_was_broken_off_is_no_rest_and_waits_again() -> None:
    account, clock = Account(breaks="api"), ManualClock()
    with pytest.raises(KeyboardInterrupt):
        halt(account, clock).begin(TIMEOUT)
    assert not halt(account, clock).is_complete

    account.breaks, began = "", clock.now()
    halt(account, clock).begin(TIMEOUT)

    assert halt(account, clock).is_complete
    assert (clock.now() - began).total_seconds() >= TIMEOUT


def test_queues_that_go_on_are_told_and_the_api_is_left_at_work() -> None:
    account, clock = Account(stuck=True), ManualClock()

    with pytest.raises(Conflict, match="not disabled"):
        halt(account, clock).begin(TIMEOUT)

    assert account.reserved is None


def test_start_brings_everything_back() -> None:
    account, clock = Account(), ManualClock()
    halt(account, clock).begin(TIMEOUT)

    halt(account, clock).end()

    assert account == Account()
    assert not halt(account, clock).is_complete
