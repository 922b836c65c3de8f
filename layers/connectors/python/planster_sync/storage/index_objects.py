"""Fingerprint indexes and their journals as S3 objects that are never changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from planster_sync.errors import Conflict, StoreBusy
from planster_sync.model.runs import StreamKey
from planster_sync.storage import keys as layout
from planster_sync.storage.backoff import Backoff
from planster_sync.storage.failures import BUSY
from planster_sync.storage.lanes import LANES, Lanes
from planster_sync.wire.bucket import Bucket, Listed
from planster_sync.wire.endpoint import NoAnswer, Refused

TAKEN, MISSING = "PreconditionFailed", "NoSuchKey"

T = TypeVar("T")


class S3IndexObjects:
    """Raises StoreBusy from every method when S3 stays busy past the bounded retries."""

    def __init__(self, bucket: Bucket, backoff: Backoff, lanes: Lanes) -> None:
        self._bucket = bucket
        self._backoff = backoff
        self._lanes = lanes

    def put_index(self, stream: StreamKey, name: str, content: bytes) -> None:
        """Raises Conflict where another content has the name; the same content again is a repeated request."""
        key = layout.index_object(stream, name)
        try:
            self._asked(lambda: self._bucket.put_new(key, content))
        except Refused as refused:
            if refused.code != TAKEN:
                raise
            if self._get(key) != content:
                raise Conflict("Another index is stored under this name.", detail=key) from refused

    def get_index(self, stream: StreamKey, name: str) -> bytes | None:
        return self._get(layout.index_object(stream, name))

    def put_chunk(self, stream: StreamKey, base: str, fence: int, number: int, content: bytes) -> None:
        key = layout.journal_object(stream, base, fence, number)
        self._asked(lambda: self._bucket.put(key, content))

    def chunks(self, stream: StreamKey, base: str) -> Iterator[tuple[int, int, bytes]]:
        """Fetches a few chunks at a time, in parallel."""
        found = self._listed(layout.journal_prefix(stream, base))
        for start in range(0, len(found), LANES):
            window = found[start : start + LANES]
            for key, content in zip(window, self._lanes(self._get, window), strict=True):
                if content is None:
                    raise StoreBusy("The journal was removed while it was read.", detail=key)
                yield (*layout.journal_position(key), content)

    def forget(self, stream: StreamKey, base: str) -> None:
        keys = self._listed(layout.journal_prefix(stream, base))
        if base:
            keys.append(layout.index_object(stream, base))
        self._lanes(self._delete, keys)

    def erase(self, organisation: str, integration: str) -> int:
        """Removes every object of an integration; gives how many there were."""
        keys = [key for prefix in layout.object_prefixes(organisation, integration) for key in self._listed(prefix)]
        self._lanes(self._delete, keys)
        return len(keys)

    def _delete(self, key: str) -> None:
        self._asked(lambda: self._bucket.delete(key))

    def _get(self, key: str) -> bytes | None:
        try:
            return self._asked(lambda: self._bucket.get(key))
        except Refused as refused:
            if refused.code != MISSING:
                raise
            return None

    def _listed(self, prefix: str) -> list[str]:
        page = self._page(prefix, "")
        keys = list(page.keys)
        while page.more:
            page = self._page(prefix, keys[-1])
            keys += page.keys
        return keys

    def _page(self, prefix: str, after: str) -> Listed:
        return self._asked(lambda: self._bucket.list(prefix, after))

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
