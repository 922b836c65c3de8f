"""Whose turn it is to renew a token: one worker's at a time, also when answers are lost."""

from __future__ import annotations

from datetime import timedelta

from planster_sync.ports.tokens import Turn
from planster_sync.storage.token_turns import DynamoTokenTurns
from tests.contract.stores.backends import OnAws
from tests.fakes.clock import START


def turns_on(aws: OnAws, integration: str = "warehouse-1") -> DynamoTokenTurns:
    return DynamoTokenTurns(aws.control, "acme", integration)


def taken(turn: Turn | None) -> Turn:
    assert turn is not None
    return turn


def test_at_first_nothing_is_stored_and_the_turn_is_free(aws: OnAws) -> None:
    assert turns_on(aws).look() == Turn()


def test_a_turn_is_one_workers_until_it_ends(aws: OnAws) -> None:
    turns = turns_on(aws)

    first = taken(turns.take("a", START, 150))
    second = turns.take("b", START + timedelta(seconds=150), 150)
    third = taken(turns.take("b", START + timedelta(seconds=151), 150))

    assert second is None
    assert third.fence > first.fence


def test_a_committed_version_is_seen_and_ends_the_turn(aws: OnAws) -> None:
    turns = turns_on(aws)
    turn = taken(turns.take("a", START, 150))

    accepted = turns.commit(turn, 7, turn.fence)

    assert accepted
    assert turns.look() == Turn(fence=1, version=7, made_in=1)
    assert turns.take("b", START, 150) is not None


def test_a_turn_that_is_over_commits_and_releases_nothing(aws: OnAws) -> None:
    turns = turns_on(aws)
    late = taken(turns.take("a", START, 150))
    now = START + timedelta(seconds=200)
    quick = taken(turns.take("b", now, 150))

    accepted = turns.commit(late, 7, late.fence)
    turns.release(late)

    assert not accepted
    assert turns.look() == quick
    assert turns.commit(quick, 8, quick.fence)
    assert not turns.commit(late, 7, late.fence)


def test_a_released_turn_leaves_the_version_as_it_was(aws: OnAws) -> None:
    turns = turns_on(aws)
    turn = taken(turns.take("a", START, 150))
    turns.commit(turn, 7, turn.fence)
    turn = taken(turns.take("b", START, 150))

    turns.release(turn)

    assert turns.look() == Turn(fence=2, version=7, made_in=1)
    assert turns.take("c", START, 150) is not None


def test_a_turn_whose_answer_was_lost_is_known_again(aws: OnAws) -> None:
    turns = turns_on(aws)
    aws.endpoint.lose_answer("UpdateItem")

    turn = taken(turns.take("a", START, 150))
    aws.endpoint.lose_answer("UpdateItem")

    assert turn.fence == 1
    assert turns.commit(turn, 7, turn.fence)


def test_integrations_have_turns_of_their_own(aws: OnAws) -> None:
    taken(turns_on(aws, "warehouse-1").take("a", START, 150))

    assert turns_on(aws, "warehouse-2").take("a", START, 150) is not None
