"""What a function's first event loads: a cold start pays for every module, whether anything uses it or not."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.architecture.repository import PRODUCT, ROOT

AFTER = """
import sys
import {module}
print(*sorted({{name.partition(".")[0] for name in sys.modules}} | set(sys.modules)))
"""
BOTO3 = {"boto3", "botocore.session", "s3transfer"}
POWERTOOLS = {"aws_lambda_powertools"}
READING = {"requests", "urllib3", "planster_sync.http.client", "planster_sync.http.transport"}
ENGINE = {"planster_sync.engine.task", "planster_sync.engine.segment", "planster_sync.engine.index"}
RECORDS = {"planster_sync.model.orders", "planster_sync.model.products"}
VENDORS = {"planster_sync.connectors.trackstar"}


def _loaded(module: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", AFTER.format(module=module)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, PRODUCT.parent)))},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("function", "needless"),
    [
        ("sync_dispatcher", BOTO3 | POWERTOOLS | READING | ENGINE | RECORDS | VENDORS | {"pydantic"}),
        ("sync_worker", BOTO3 | POWERTOOLS | VENDORS | {"planster_sync.entry.api", "planster_sync.engine.dispatch"}),
        ("manual_sync_api", BOTO3 | READING | ENGINE | RECORDS | VENDORS | {"planster_sync.engine.dispatch"}),
    ],
)
def test_a_function_loads_nothing_that_its_first_event_does_not_need(function: str, needless: set[str]) -> None:
    assert _loaded(f"functions.{function}.handler") & needless == set()


@pytest.mark.parametrize("function", ["sync_dispatcher", "sync_worker", "manual_sync_api"])
def test_a_function_loads_its_own_wiring(function: str) -> None:
    """The lists above are of modules that exist: a list that nothing could ever match would pass for ever."""
    assert "planster_sync.entry.parts" in _loaded(f"functions.{function}.handler")


@pytest.mark.parametrize("module", sorted(READING | ENGINE | RECORDS | VENDORS | BOTO3 | POWERTOOLS))
def test_what_is_not_to_be_loaded_is_there_to_be_loaded(module: str) -> None:
    assert module in _loaded(module)
