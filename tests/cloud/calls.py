"""Calls of the deployed API, one integration at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local_cloud.deployment import Deployment
from local_cloud.scene import wait_until
from local_cloud.seed import Connected

Call = Callable[..., Any]


def calling(deployment: Deployment, one: Connected) -> Call:
    def call(address: str, body: Any = None) -> Any:
        return deployment.ask(one.integration.organisation, f"integrations/{one.integration.id}/{address}", body)

    return call


def synced(call: Call, *data_types: str) -> None:
    run = call("sync", {"data_types": data_types})["run"]
    ended = {"succeeded", "succeeded_with_warnings", "failed"}
    wait_until(lambda: True if call(f"runs/{run}")["state"] in ended else None)
