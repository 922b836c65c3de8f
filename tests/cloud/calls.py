"""Calls of the deployed API, one integration at a time."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable
from typing import Any

from local_cloud.deployment import Deployment
from local_cloud.scene import wait_until
from local_cloud.seed import Connected

Call = Callable[..., Any]


def calling(deployment: Deployment, one: Connected) -> Call:
    home = f"{deployment.api_url}/v1/organisations/{one.integration.organisation}/integrations/{one.integration.id}"

    def call(address: str, body: Any = None) -> Any:
        content = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json"}
        request = urllib.request.Request(f"{home}/{address}", content, headers)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    return call


def synced(call: Call, *data_types: str) -> None:
    run = call("sync", {"data_types": data_types})["run"]
    ended = {"succeeded", "succeeded_with_warnings", "failed"}
    wait_until(lambda: True if call(f"runs/{run}")["state"] in ended else None)
