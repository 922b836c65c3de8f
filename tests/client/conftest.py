"""A terminal, and an API that it is aimed at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client.served import Served, serving
from tests.client.terminal import Terminal
from tests.engine.world import World


@pytest.fixture
def served() -> Iterator[Served]:
    with serving(World()) as found:
        yield found


@pytest.fixture
def terminal(served: Served, tmp_path: Path) -> Terminal:
    """By the clock of the world that is served; to wait lets its time pass."""
    made = Terminal(tmp_path, now=served.world.clock.now, wait=served.world.clock.advance)
    made.target(served.url)
    return made
