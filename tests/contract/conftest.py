"""What the contracts of stores and of services share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local_cloud.cloud import start_cloud
from local_cloud.processes import Children, free_port


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An emulator of this process's own; it is up in half a second."""
    with Children(tmp_path_factory.mktemp("store-logs")) as children:
        yield start_cloud(children, port=free_port(), scratch=tmp_path_factory.mktemp("store")).endpoint
