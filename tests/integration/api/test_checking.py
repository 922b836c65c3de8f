"""The connection check over HTTP: credentials, each data type's permission, and whose move it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from planster_sync.errors import (
    AnswerBroken,
    CredentialsRejected,
    Forbidden,
    SourceUnavailable,
    StoreBusy,
    SyncError,
    Throttled,
    Unsupported,
)
from planster_sync.ports.platform import Clock
from planster_sync.ports.questions import CheckAnswer, CheckQuestion
from planster_sync.ports.source import Page, ReadRequest
from tests.engine.world import World
from tests.fakes.scripted_source import ScriptedSource
from tests.integration.api.caller import HOME, Answer, Api, token

CHECK = f"{HOME}/int1/check"


class Gate(ScriptedSource):
    """Answers with an error where one is planted, for the credentials ("") or for a read; `seconds` pass with each."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.errors: dict[str, SyncError] = {}
        self.seconds = 0.0

    def check(self) -> None:
        self._meet("")

    def pages(self, ask: ReadRequest) -> Iterator[Page]:
        self._meet(ask.read)
        return super().pages(ask)

    def _meet(self, read: str) -> None:
        self.clock.wait(self.seconds)
        if read in self.errors:
            raise self.errors[read]


def checked(seconds: float = 0, **errors: SyncError) -> Answer:
    world = World()
    gate = world.source = Gate(world.clock)
    gate.errors = {name.removeprefix("account"): error for name, error in errors.items()}
    gate.seconds = seconds
    answer = Api(world).post(CHECK)
    assert answer.status == 200
    return answer


def verdicts(answer: Answer) -> dict[str, str]:
    return {finding["data_type"]: finding["verdict"] for finding in answer.body["data_types"]}


def test_a_connection_that_works_says_so_for_each_data_type() -> None:
    answer = checked()

    assert answer.body["works"] is True
    assert answer.body["credentials"] == {"verdict": "works", "problem": None}
    assert set(verdicts(answer).values()) == {"works"}
    assert set(verdicts(answer)) == {"orders", "order_shipments", "order_channels", "warehouses"}


def test_refused_credentials_are_the_planner_s_to_mend() -> None:
    answer = checked(account=CredentialsRejected("The warehouse system refuses the key."))

    assert (answer.body["works"], answer.body["credentials"]["verdict"]) == (False, "refused")
    assert answer.body["credentials"]["problem"]["whose_move"] == "you"
    assert answer.body["credentials"]["problem"]["remedy"]
    assert set(verdicts(answer).values()) == {"not_tried"}


def test_a_missing_permission_is_told_for_its_data_types_only() -> None:
    answer = checked(orders=Forbidden("The account may not read orders."))

    assert answer.body["credentials"]["verdict"] == "works"
    assert answer.body["works"] is False
    assert verdicts(answer) == {
        "orders": "forbidden",
        "order_shipments": "forbidden",
        "order_channels": "forbidden",
        "warehouses": "works",
    }


def test_credentials_that_may_not_do_what_the_check_asks_for_still_work() -> None:
    assert checked(account=Forbidden("Not this list.")).body["works"] is True


def test_what_the_connected_system_does_not_offer_is_no_failure() -> None:
    answer = checked(warehouses=Unsupported("The system has no warehouses."))

    assert answer.body["works"] is True
    assert verdicts(answer)["warehouses"] == "unsupported"


@pytest.mark.parametrize(
    "error", [SourceUnavailable("Down."), Throttled("Full."), AnswerBroken("No JSON.")], ids=lambda error: error.code
)
def test_a_system_that_does_not_answer_says_nothing_about_the_credentials(error: SyncError) -> None:
    answer = checked(account=error)

    assert (answer.body["works"], answer.body["credentials"]["verdict"]) == (False, "unknown")
    assert answer.body["credentials"]["problem"]["whose_move"] == "warehouse_system"


def test_a_data_type_that_gives_no_answer_says_nothing_against_the_credentials() -> None:
    answer = checked(orders=Throttled("Full."))

    assert answer.body["credentials"]["verdict"] == "works"
    assert answer.body["sentence"].startswith("The credentials work")
    assert (answer.body["works"], verdicts(answer)["orders"], verdicts(answer)["warehouses"]) == (
        False,
        "unknown",
        "works",
    )


def test_credentials_that_end_half_way_are_refused_as_a_whole() -> None:
    answer = checked(warehouses=CredentialsRejected("The token has ended."))

    assert answer.body["credentials"]["verdict"] == "refused"
    assert verdicts(answer)["orders"] == "works"


def test_what_there_is_no_time_for_is_not_tried() -> None:
    answer = checked(seconds=5)

    assert answer.body["works"] is False
    assert answer.body["credentials"]["verdict"] == "works"
    assert sorted(set(verdicts(answer).values())) == ["not_tried", "works"]


class Silent:
    def check(self, question: CheckQuestion) -> CheckAnswer:
        raise StoreBusy("The worker did not answer in time.")


def test_a_worker_that_does_not_answer_is_told_as_busy() -> None:
    answer = Api(changes={"worker": Silent()}).post(CHECK)

    assert (answer.status, answer.body["code"]) == (503, "store_busy")


def test_another_organisation_checks_nothing() -> None:
    assert Api().post(CHECK, authorizer=token("org2")).status == 404
    assert Api().post(f"{HOME}/int9/check").status == 404
