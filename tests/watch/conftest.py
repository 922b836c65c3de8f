"""The recorded nights, made once for all of these tests."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.watch.lines import Line
from tests.watch.nights import record


@pytest.fixture(scope="session")
def recorded() -> Sequence[Line]:
    return record()
