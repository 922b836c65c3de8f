"""The deployed API asks a worker process, which asks the vendor: the same connection, the same numbers."""

from __future__ import annotations

import pytest

from local_cloud.deployment import Deployment
from local_cloud.seed import Connected
from planster_sync.connectors import registry
from planster_sync.model.data_types import DataType
from tests.cloud.calls import calling, synced

pytestmark = pytest.mark.cloud

ENOUGH = 5
"""Requests a second."""


def quick(connected: list[Connected]) -> list[Connected]:
    """Those whose vendor allows enough requests for a page of each read within a check."""
    return [one for one in connected if registry.capabilities(one.integration.connector).rate.per_second >= ENOUGH]


def test_every_connection_that_is_checked_works(deployment: Deployment, connected: list[Connected]) -> None:
    found = {one.integration.connector: calling(deployment, one)("check", {}) for one in quick(connected)}

    assert found
    for connector, checked in found.items():
        assert checked["credentials"]["verdict"] == "works", (connector, checked["credentials"])
        assert "refused" not in {each["verdict"] for each in checked["data_types"]}, connector


def test_stock_that_was_just_read_verifies_as_the_same(deployment: Deployment, connected: list[Connected]) -> None:
    for one in quick(connected)[:2]:
        call = calling(deployment, one)
        assert DataType.INVENTORY_LEVELS in registry.capabilities(one.integration.connector).data_types
        synced(call, "inventory_levels")

        verified = call("verify", {"data_type": "inventory_levels", "sample": 2})

        outcomes = [(each["outcome"], each["differences"]) for each in verified["records"]]
        assert outcomes == [("same", [])] * 2, (one.integration.connector, verified["problem"])
