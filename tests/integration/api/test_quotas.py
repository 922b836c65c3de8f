"""An organisation's requests in a minute: counted cheaply, refused in time, let through again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from planster_sync.entry.api.quotas import Quotas
from planster_sync.errors import StoreBusy
from tests.engine.world import World
from tests.integration.api.caller import HOME, Answer, Api, token
from tests.integration.api.test_boundary import Failing

OTHER = HOME.replace("org1", "org2")


@dataclass
class Counter:
    """Of all environments, in memory; remembers each time that it was asked."""

    taken: dict[tuple[str, datetime], int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def take(self, organisation: str, minute: datetime, count: int, most: int) -> bool:
        self.asked.append(organisation)
        taken = self.taken.get((organisation, minute), 0)
        if taken + count > most:
            return False
        self.taken[organisation, minute] = taken + count
        return True


def environments(count: int, *, per_minute: int = 100) -> tuple[Counter, list[Api]]:
    """As many environments of one function, with one clock and one counter."""
    world, counter = World(), Counter()
    world.clock.advance(67 - world.clock.now().second)
    return counter, [
        Api(world, {"quotas": Quotas(counter, world.clock, per_minute), "anonymous": None}) for _ in range(count)
    ]


def ask(api: Api, times: int, address: str = HOME, **context: Any) -> list[Answer]:
    return [api.get(address, **({"authorizer": token()} | context)) for _ in range(times)]


def statuses(answers: list[Answer]) -> dict[int, int]:
    codes = [answer.status for answer in answers]
    return {code: codes.count(code) for code in codes}


def test_a_planner_who_looks_now_and_then_is_not_counted_in_the_store() -> None:
    counter, (api,) = environments(1)

    for _ in range(3):
        assert statuses(ask(api, 20)) == {200: 20}
        api.world.clock.advance(60)

    assert counter.asked == []


def test_one_write_stands_for_twenty_requests() -> None:
    counter, (api,) = environments(1, per_minute=600)

    assert statuses(ask(api, 600)) == {200: 600}
    assert len(counter.asked) == 29


def test_what_is_too_much_is_refused_until_the_minute_is_over() -> None:
    counter, (api,) = environments(1)

    answers = ask(api, 500)

    refused = answers[-1]
    assert statuses(answers) == {200: 120, 429: 380}
    assert refused.body["code"] == "too_many_requests"
    assert refused.headers["Retry-After"] == "53"
    assert len(counter.asked) == 6
    api.world.clock.advance(53)
    assert statuses(ask(api, 20)) == {200: 20}


def test_environments_share_one_limit_but_for_the_first_requests_of_each() -> None:
    _, apis = environments(4)

    answers = [answer for _ in range(100) for api in apis for answer in ask(api, 1)]

    assert statuses(answers) == {200: 4 * 20 + 100, 429: 220}


def test_an_organisation_that_asks_too_much_takes_nothing_from_another() -> None:
    _, (api,) = environments(1)
    ask(api, 200)

    assert statuses(ask(api, 20, OTHER, authorizer=token("org2"))) == {200: 20}


def test_who_tries_others_addresses_uses_up_its_own_requests() -> None:
    _, (api,) = environments(1)

    assert statuses(ask(api, 200, OTHER)) == {404: 120, 429: 80}
    assert statuses(ask(api, 20, OTHER, authorizer=token("org2"))) == {200: 20}


def test_a_back_end_counts_for_the_organisation_that_it_asks_about() -> None:
    _, (api,) = environments(1)
    machine = {"iam": {"accountId": "000000000000"}}

    assert statuses(ask(api, 200, authorizer=machine)) == {200: 120, 429: 80}
    assert statuses(ask(api, 20, OTHER, authorizer=machine)) == {200: 20}
    assert statuses(ask(api, 200, "/v1/health", authorizer=machine)) == {200: 200}


def test_where_nobody_can_count_the_caller_is_asked_to_come_back() -> None:
    world = World()
    api = Api(world, {"quotas": Quotas(Failing(StoreBusy("Throttled.")), world.clock, 100)})

    assert statuses(ask(api, 21)) == {200: 20, 503: 1}
