"""What is known of one source record, and of one shared record. Values: whoever learns something new puts a new one."""

from __future__ import annotations

from datetime import datetime

import msgspec


class Output(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One owned unified record. `fingerprint` None: the stored value is unknown. `missing_since`: epoch ms."""

    data_type: str
    id: str
    fingerprint: int | None
    missing_since: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.data_type, self.id


class Edge(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One source record's mention of a shared record, with the value that it gives it."""

    data_type: str
    id: str
    value: bytes

    @property
    def key(self) -> tuple[str, str]:
        return self.data_type, self.id


class Entry(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """What is known of one source record. `raw` None: its bytes are unknown, so it is mapped when next read.

    `stamp` is the source's own time of change (epoch ms, 0 unknown), kept where it names shared records;
    `quarantined` the code of its quarantine.
    """

    raw: int | None
    outputs: tuple[Output, ...] = ()
    edges: tuple[Edge, ...] = ()
    stamp: int = 0
    missing_since: int | None = None
    quarantined: str | None = None
    quarantined_at: int = 0

    def with_raw(self, raw: int | None) -> Entry:
        return msgspec.structs.replace(self, raw=raw)

    def with_outputs(self, outputs: tuple[Output, ...]) -> Entry:
        return msgspec.structs.replace(self, outputs=outputs)

    def in_quarantine(self, code: str, at: int) -> Entry:
        return msgspec.structs.replace(self, quarantined=code, quarantined_at=at)

    def without(self, key: tuple[str, str]) -> Entry:
        """The same without one of its outputs."""
        return self.with_outputs(tuple(output for output in self.outputs if output.key != key))

    def with_missing_since(self, moment: int | None) -> Entry:
        return msgspec.structs.replace(self, missing_since=moment)


class Shared(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One shared unified record as stored."""

    data_type: str
    id: str
    fingerprint: int | None
    missing_since: int | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.data_type, self.id

    def with_missing_since(self, moment: int | None) -> Shared:
        return msgspec.structs.replace(self, missing_since=moment)


def millis(moment: datetime) -> int:
    """A moment as indexes hold it: milliseconds since 1970."""
    return int(moment.timestamp() * 1000)
