"""Exports: a row each in the control table, and files in the bucket, written part by part."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol, TypeVar
from urllib.parse import quote

from planster_sync.model.exports import KEPT, Export
from planster_sync.ports.platform import Clock, Journal
from planster_sync.storage import keys as layout
from planster_sync.storage.attributes import Item
from planster_sync.storage.backoff import Backoff
from planster_sync.storage.due import due_keys, readable
from planster_sync.storage.failures import BUSY
from planster_sync.storage.rows import from_item, to_item
from planster_sync.storage.table import Change, Table
from planster_sync.wire.endpoint import NoAnswer, Refused

GONE = "NoSuchUpload"

T = TypeVar("T")


class DynamoExports:
    """`journal` hears of rows that cannot be read where others must not suffer for them."""

    def __init__(self, control: Table, journal: Journal | None = None) -> None:
        self._table = control
        self._journal = journal

    def create(self, export: Export) -> None:
        expires = int((export.requested_at + 2 * KEPT).timestamp())
        self._table.put_new({**_key(export), **_item(export), "_expires": expires})

    def get(self, organisation: str, integration: str, export: str) -> Export | None:
        item = self._table.get(layout.export_key(organisation, integration, export))
        return None if item is None else from_item(Export, item)

    def change(self, there: Export, then: Export) -> Export | None:
        then = replace(then, version=there.version + 1)
        sets, known = _item(then), _item(there)
        removes = [name for name in known if name not in sets]
        change = Change("#version = :version", sets=sets, removes=removes, values={"version": there.version})
        outcome = self._table.change(_key(there), change)
        is_own = outcome.doubted and outcome.item is not None and from_item(Export, outcome.item) == then
        return then if outcome.accepted or is_own else None

    def due_for_check(self, now: datetime, limit: int) -> Sequence[Export]:
        keys = due_keys(self._table, layout.export_shards(), now, limit)
        found = readable(self._table.get_all(keys), Export, self._journal)
        due = [(export.check_at, export) for export in found if export.check_at and not export.state.is_final]
        return [export for at, export in sorted(due, key=lambda pair: pair[0]) if at <= now]


class LargeFiles(Protocol):
    """The bucket's part of it; each method raises as `Bucket` does."""

    def begin_upload(self, key: str) -> str: ...

    def put_part(self, key: str, upload: str, number: int, content: bytes) -> str: ...

    def end_upload(self, key: str, upload: str, tags: tuple[str, ...]) -> None: ...

    def drop_upload(self, key: str, upload: str) -> None: ...

    def signed_address(self, key: str, seconds: int, disposition: str) -> str: ...


class S3ExportFiles:
    """Raises StoreBusy from every method that asks, when S3 stays busy past the bounded retries."""

    def __init__(self, bucket: LargeFiles, backoff: Backoff, clock: Clock) -> None:
        self._bucket = bucket
        self._backoff = backoff
        self._clock = clock

    def begin(self, export: Export) -> str:
        return self._asked(lambda: self._bucket.begin_upload(layout.export_object(export)))

    def add(self, export: Export, number: int, content: bytes) -> str:
        upload = export.upload or ""
        return self._asked(lambda: self._bucket.put_part(layout.export_object(export), upload, number, content))

    def finish(self, export: Export) -> None:
        """An upload that is gone was finished by the request whose answer was lost."""
        self._unless_gone(
            lambda: self._bucket.end_upload(layout.export_object(export), export.upload or "", export.parts)
        )

    def drop(self, export: Export) -> None:
        if export.upload:
            upload = export.upload
            self._unless_gone(lambda: self._bucket.drop_upload(layout.export_object(export), upload))

    def address(self, export: Export, seconds: int) -> str:
        disposition = f"attachment; filename*=UTF-8''{quote(export.file, safe='')}"
        return self._bucket.signed_address(layout.export_object(export), seconds, disposition)

    def _unless_gone(self, ask: Callable[[], None]) -> None:
        try:
            self._asked(ask)
        except Refused as refused:
            if refused.code != GONE:
                raise

    def _asked(self, ask: Callable[[], T]) -> T:
        attempts = self._backoff.begin()
        while True:
            try:
                return ask()
            except Refused as refused:
                if refused.code not in BUSY:
                    raise
                attempts.again(refused.code)
            except NoAnswer as lost:
                attempts.again(lost.kind)


def _item(export: Export) -> Item:
    if export.check_at is None or export.state.is_final:
        return to_item(export)
    return {**to_item(export), **layout.export_due(export.check_at)}


def _key(export: Export) -> layout.Key:
    return layout.export_key(export.organisation, export.integration, export.id)
