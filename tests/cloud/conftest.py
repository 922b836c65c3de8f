"""The deployed system for tests: one emulator, one stack, one set of simulators for all of them, on free ports.

Each test process deploys a system of its own, in about ten seconds; the build is shared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from local_cloud.cloud import start_cloud
from local_cloud.deployment import Deployment, build, deploy
from local_cloud.issuer.running import RunningIssuer
from local_cloud.processes import Children, free_port
from local_cloud.seed import Connected, register
from local_cloud.vendors import Vendor, start_stocked

SHORT_TIMES = {
    "FunctionTimeout": "12",
    "Slice": "3",
    "HttpTimeout": "2",
    "ClockSkew": "1",
    "Lease": "16",
    "Visibility": "72",
    "Claim": "20",
    "CheckpointEvery": "0.5",
    "ShortWait": "1",
    "RetryWait": "1",
    "MaxDelay": "10",
    "Unsent": "2",
    "MaxRun": "600",
}
NO_TICKS = {"TickRate": "rate(24 hours)"}
"""Tests wake the dispatcher themselves, at the moments that they are about (`local_cloud.nights.tick_at`)."""


@pytest.fixture(scope="session")
def children(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Children]:
    """Whatever is started through it is stopped at the end of the session."""
    with Children(tmp_path_factory.mktemp("logs")) as children:
        yield children


@pytest.fixture(scope="session")
def issuer() -> Iterator[RunningIssuer]:
    """Whose tokens the deployed API takes."""
    with RunningIssuer() as issuer:
        yield issuer


@pytest.fixture(scope="session")
def deployment(children: Children, issuer: RunningIssuer, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """The template as deployed, with times short enough to watch a worker being lost and replaced."""
    cloud = start_cloud(children, port=free_port(), scratch=tmp_path_factory.mktemp("cloud"))
    deployed = deploy(cloud, build(), {**SHORT_TIMES, **NO_TICKS, **issuer.parameters})
    return replace(deployed, proof=issuer.proof)


@pytest.fixture(scope="session")
def stocked(children: Children) -> Vendor:
    """The vendor whose list of stock can be disturbed, with two accounts of 120 inventory items each.

    Slices of three seconds are too short for vendors of one request a second; `make run` plays nights with those.
    """
    return start_stocked(children, size=120, accounts=2)


@pytest.fixture(scope="session")
def connected(deployment: Deployment, stocked: Vendor) -> list[Connected]:
    """An integration for each account, due at once; no tick has been sent."""
    return register(deployment, [stocked])
