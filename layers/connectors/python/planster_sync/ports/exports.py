"""What exports need from outside: their rows, and the bucket's large files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from planster_sync.model.exports import Export


class Exports(Protocol):
    """Every change is conditional on the version that was read."""

    def create(self, export: Export) -> None: ...

    def get(self, organisation: str, integration: str, export: str) -> Export | None: ...

    def change(self, there: Export, then: Export) -> Export | None:
        """The row as it is now; None where somebody else has changed it."""
        ...

    def due_for_check(self, now: datetime, limit: int) -> Sequence[Export]:
        """Unfinished exports whose `check_at` has passed, oldest first, found by index."""
        ...


class ExportFiles(Protocol):
    """A file grows by parts of at least 5 MB, the last one aside (AWS: S3 multipart upload limits)."""

    def begin(self, export: Export) -> str:
        """The upload's name."""
        ...

    def add(self, export: Export, number: int, content: bytes) -> str:
        """The part's tag."""
        ...

    def finish(self, export: Export) -> None:
        """Makes the file of its parts."""
        ...

    def drop(self, export: Export) -> None:
        """Ends an upload that becomes no file; one that is not there is no error."""
        ...


class SignsFiles(Protocol):
    def address(self, export: Export, seconds: int) -> str:
        """Where a finished file can be fetched by whoever has the address, for so long."""
        ...
