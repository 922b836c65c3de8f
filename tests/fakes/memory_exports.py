"""Exports in memory: rows, and files that grow by parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from planster_sync.model.exports import Export


@dataclass
class MemoryExports:
    rows: dict[tuple[str, str, str], Export] = field(default_factory=dict)

    def create(self, export: Export) -> None:
        self.rows.setdefault(_key(export), export)

    def get(self, organisation: str, integration: str, export: str) -> Export | None:
        return self.rows.get((organisation, integration, export))

    def due_for_check(self, now: datetime, limit: int) -> Sequence[Export]:
        due = [
            (each.check_at, each)
            for each in self.rows.values()
            if each.check_at is not None and not each.state.is_final
        ]
        return [each for at, each in sorted(due, key=lambda pair: pair[0]) if at <= now][:limit]

    def change(self, there: Export, then: Export) -> Export | None:
        if self.rows[_key(there)].version != there.version:
            return None
        self.rows[_key(there)] = changed = replace(then, version=there.version + 1)
        return changed


@dataclass
class MemoryExportFiles:
    """`uploads` has what is being written, `files` what is finished, by the export's id."""

    uploads: dict[str, dict[int, bytes]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    def begin(self, export: Export) -> str:
        self.uploads[export.id] = {}
        return f"upload-{export.id}"

    def add(self, export: Export, number: int, content: bytes) -> str:
        self.uploads[export.id][number] = content
        return f"tag-{number}"

    def finish(self, export: Export) -> None:
        parts = self.uploads.pop(export.id)
        self.files[export.id] = b"".join(parts[int(tag.removeprefix("tag-"))] for tag in export.parts)

    def drop(self, export: Export) -> None:
        self.uploads.pop(export.id, None)

    def address(self, export: Export, seconds: int) -> str:
        return f"https://files.example.test/{export.id}?for={seconds}"


def _key(export: Export) -> tuple[str, str, str]:
    return export.organisation, export.integration, export.id
