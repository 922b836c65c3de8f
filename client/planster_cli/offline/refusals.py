"""The product's own refusals, told as those of the command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from planster_cli.failures import Misused
from planster_sync.errors import SyncError


@contextmanager
def told() -> Iterator[None]:
    """Raises Misused for whatever the product refuses: nothing was sent anywhere."""
    try:
        yield
    except SyncError as error:
        raise Misused(error.what, error.remedy) from error
