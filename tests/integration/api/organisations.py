"""Organisations in whatever state their rows can be, drawn from a seed: for what must hold of every status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TypeVar

from planster_sync.connectors import registry
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Integration, IntegrationStatus, Schedule
from planster_sync.model.runs import Counts, Mode, Problem, StreamKey, Task, TaskState
from planster_sync.model.streams import Checkpoint, DataTypeStatus, DataWindow, HeldDeletion, Phase, Stream

T = TypeVar("T")

NOW = datetime(2026, 5, 4, 9, 30, 15, 123456, UTC)
TEXTS = ("Main warehouse", 'Lager "Süd"\\Nord', "倉庫 \u2028 \U0001f4e6", "a\tb\x01\x7f", "</script>&'")
CODES = (
    "credentials_rejected", "permission_missing", "throttled", "source_unavailable", "unsupported", "paused",
    "cancelled", "not_found", "internal", "records_quarantined", "deletions_held", "store_busy",
)  # fmt: skip


def organisation(seed: int, name: str) -> list[tuple[Integration, list[Stream]]]:
    """Up to five integrations of it, each with the rows of some of its streams."""
    dice = Random(seed)
    return [_integration(dice, name, f"{dice.choice('abc')} {number}") for number in range(dice.randrange(6))]


def _integration(dice: Random, organisation: str, id_: str) -> tuple[Integration, list[Stream]]:
    connector = dice.choice([*registry.names(), "misspelt"])
    integration = Integration(
        organisation,
        id_,
        connector,
        dice.choice(TEXTS),
        dice.choice(list(IntegrationStatus)),
        Schedule("Europe/Berlin", tuple(dice.sample(range(24), dice.randint(1, 3)))),
        _moment(dice),
        settings={"key": dice.choice(TEXTS)},
        disabled=frozenset(dice.sample(list(DataType), dice.choice([0, 0, 0, 2]))),
        due_at=_maybe(dice, _moment(dice)),
        needs_reauth_at=_maybe(dice, _moment(dice)),
        problem=_maybe(dice, _problem(dice)),
    )
    reads = [] if connector == "misspelt" else list(registry.capabilities(connector).reads.values())
    kept = [read for read in reads if dice.random() < 0.9]
    return integration, [_stream(dice, StreamKey(organisation, id_, read.name), list(read.feeds)) for read in kept]


def _stream(dice: Random, key: StreamKey, data_types: Sequence[DataType]) -> Stream:
    return Stream(
        key,
        fence=dice.randrange(100),
        holder=_maybe(dice, "worker"),
        lease_until=_maybe(dice, _moment(dice)),
        owner=_maybe(dice, "20260504T090000Z"),
        checkpoint=_maybe(dice, _checkpoint(dice, data_types)),
        index=_maybe(dice, "index-7"),
        high_water=_maybe(dice, _moment(dice)),
        last_attempt_at=_maybe(dice, _moment(dice)),
        last_success_at=dice.choice([None, _moment(dice), NOW - timedelta(minutes=7)]),
        last_success_run=_maybe(dice, "20260504T020000Z"),
        last_snapshot_at=_maybe(dice, _moment(dice)),
        usable_since=_maybe(dice, _moment(dice)),
        last_run=_maybe(dice, "20260504T020000Z"),
        last_task=_maybe(dice, _task(dice, key.read, tuple(data_types))),
        problem=dice.choice([None, None, _problem(dice)]),
        warnings=tuple(_problem(dice) for _ in range(dice.choice([0, 0, 1, 2]))),
        held=tuple(_held(dice, data_type) for data_type in data_types if dice.random() < 0.3),
        rejected_at=_maybe(dice, _moment(dice)),
        data_types={data_type: _status(dice) for data_type in data_types if dice.random() < 0.9},
    )


def _checkpoint(dice: Random, data_types: Sequence[DataType]) -> Checkpoint:
    return Checkpoint(
        "20260504T090000Z",
        dice.choice(list(Mode)),
        dice.random() < 0.5,
        _moment(dice),
        cursor=dice.choice(TEXTS),
        phase=dice.choice(list(Phase)),
        pages=dice.randrange(1000),
        usable_since=_maybe(dice, _moment(dice)),
        counts={data_type: _counts(dice) for data_type in data_types},
        windows={data_type: _window(dice) for data_type in data_types if dice.random() < 0.5},
        confirmed={3: 17},
        waiting_for=dice.choice([None, "throttled", "answer_broken", "new word"]),
        wait_until=_maybe(dice, _moment(dice)),
    )


def _task(dice: Random, read: str, data_types: tuple[DataType, ...]) -> Task:
    counts = {data_type: _counts(dice) for data_type in data_types}
    return Task(read, data_types, TaskState.SUCCEEDED, started_at=_moment(dice), ended_at=_moment(dice), counts=counts)


def _held(dice: Random, data_type: DataType) -> HeldDeletion:
    return HeldDeletion(data_type, 40, 90, "20260504T020000Z", _moment(dice), (dice.choice(TEXTS), "o-1"))


def _status(dice: Random) -> DataTypeStatus:
    window = dice.choice([None, _window(dice)])
    return DataTypeStatus(dice.randrange(10**7), dice.choice([0, 0, 9]), _counts(dice), window)


def _window(dice: Random) -> DataWindow:
    return DataWindow(_maybe(dice, "2024-01-31T23:59:59Z"), _maybe(dice, "2026-05-03T12:00:00.250Z"))


def _counts(dice: Random) -> Counts:
    return Counts(**{field.name: dice.choice([0, dice.randrange(10**6)]) for field in fields(Counts)})


def _problem(dice: Random) -> Problem:
    return Problem(dice.choice(CODES), dice.choice(TEXTS), dice.choice(TEXTS), retryable=dice.random() < 0.5)


def _moment(dice: Random) -> datetime:
    """Within five days before and a day after, some without digits below a second."""
    at = NOW + timedelta(seconds=dice.randint(-432_000, 86_400))
    return at.replace(microsecond=dice.choice([0, 0, 400, 250_000, 123_456]))


def _maybe(dice: Random, value: T) -> T | None:
    return value if dice.random() < 0.6 else None
