"""Each test of this folder is run on the simulated services, on moto, and on the local cloud's emulator."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.contract.aws.backends import (
    Clients,
    Dynamo,
    Objects,
    Queues,
    dynamo_on,
    objects_on,
    queues_on,
    simulated_dynamo,
)

BACKENDS = [
    "simulated",
    pytest.param("moto", marks=pytest.mark.moto),
    pytest.param("emulator", marks=pytest.mark.cloud),
]


@pytest.fixture(scope="module", params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def clients(backend: str, request: pytest.FixtureRequest) -> Iterator[Clients]:
    """One module's clients of a backend: to make one costs more than a test."""
    if backend == "emulator":
        yield Clients(request.getfixturevalue("endpoint"))
    else:
        with mock_aws():
            yield Clients(None)


@pytest.fixture
def dynamo(backend: str, clients: Clients) -> Dynamo:
    return simulated_dynamo() if backend == "simulated" else dynamo_on(backend, clients.dynamodb)


@pytest.fixture
def objects(backend: str, clients: Clients) -> Objects:
    return objects_on(backend, clients)


@pytest.fixture
def queues(backend: str, clients: Clients) -> Queues:
    """Messages stay hidden for half an hour, and are dead after two receives."""
    return queues_on(backend, clients, visibility=1800, max_receives=2)
