"""Records a night in its middle: `python -m tests.versions.record NAME` writes tests/versions/NAME.json.

A recording is never made anew: it stands for code that is deployed somewhere. A new one is added, under the next
number, when a form has changed in a way that matters to a reader.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime

import boto3
import pytest

from planster_sync.model.integrations import Integration
from simulators.trackstar.config import AccountSpec
from tests.integration.deployment import Context, Deployment, deployment
from tests.versions.snapshot import FOLDER, Snapshot, taken

ACCOUNT = AccountSpec("con-1", "token-con-1", seed=5, size=6)
BASE = datetime(2026, 11, 25, tzinfo=UTC)
"""The source must be the same whenever its recording is read."""
PAGE = 2
FINISHED = 3
"""So many tasks are done when the recording is made."""
HURRIED = Context(35.0)
"""An invocation that has time for one page, however fast it is: it hands the rest of its task to a successor."""


def connected(system: Deployment) -> Integration:
    """Its secret, and the integration itself with small pages, due at once."""
    system.register("main", "con-1")
    found = system.made.integrations.get("acme", "main")
    assert found is not None
    made = replace(found, settings={**found.settings, "page_limit": PAGE})
    system.made.integrations.put(made)
    return made


def half_a_night(system: Deployment) -> None:
    """A tick, a few tasks to their end, and one that was cut in its middle."""
    connected(system)
    system.tick()
    client = boto3.client("sqs")
    for context in [*[Context()] * FINISHED, HURRIED]:
        (message,) = client.receive_message(QueueUrl=system.urls["night"], MaxNumberOfMessages=1)["Messages"]
        system.hand_over("night", message, context)


def record() -> Snapshot:
    with pytest.MonkeyPatch.context() as patch, deployment(patch, ACCOUNT, base_date=BASE) as system:
        half_a_night(system)
        return taken(system)


if __name__ == "__main__":
    path = FOLDER / f"{sys.argv[1]}.json"
    if path.exists():
        raise SystemExit(f"{path} is there: it stands for code that is deployed. Choose the next number.")
    path.write_text(record().text())
