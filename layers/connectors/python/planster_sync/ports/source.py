"""The connector seam: what a vendor's folder declares and what it yields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

import msgspec

from planster_sync.model.data_types import DataType
from planster_sync.ports.connecting import Authorization, Way

if TYPE_CHECKING:  # at run time they would cost the dispatcher the models of all records
    from pydantic import BaseModel

    from planster_sync.model.record import Record


class ReadStyle(StrEnum):
    SNAPSHOT = "snapshot"
    INCREMENTAL = "incremental"


class DeletionEvidence(StrEnum):
    """What proves that a record missing from a complete snapshot is really gone at the source."""

    LOOKUP = "lookup"
    VENDOR_COUNT = "vendor_count"
    SECOND_SNAPSHOT = "second_snapshot"


class WriteOperation(StrEnum):
    CREATE_INBOUND_SHIPMENT = "create_inbound_shipment"
    UPDATE_INBOUND_SHIPMENT = "update_inbound_shipment"


@dataclass(frozen=True, slots=True)
class WriteRules:
    """What a vendor demands and takes for one operation: dotted fields of the draft or the change (`lines.sku`).

    `required` must be given, `accepted` may be given besides; anything else is refused before it is sent.
    """

    required: frozenset[str]
    accepted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a unified field comes from: dotted fields of the source record (`*`: each item of a list or map).

    An empty `rule` means that the value is taken as it is.
    """

    fields: tuple[str, ...]
    rule: str = ""


def taken(*fields: str, rule: str = "") -> Origin:
    """An origin, as coverage tables write it."""
    return Origin(fields, rule)


def under(ours: str, theirs: str, table: Mapping[str, Origin]) -> dict[str, Origin]:
    """A table of an inner object: unified paths below `ours`, source fields below `theirs`."""
    return {
        f"{ours}.{path}": Origin(tuple(f"{theirs}.{name}" for name in origin.fields), origin.rule)
        for path, origin in table.items()
    }


class Sharing(StrEnum):
    """OWNED: lives and dies with its source record. SHARED: named by many of them, buried with the last."""

    OWNED = "owned"
    SHARED = "shared"


HISTORIC = frozenset({DataType.ORDERS, DataType.ORDER_SHIPMENTS, DataType.RETURNS, DataType.BILLS})
"""What is over and done with after a while; stock, products and what is on its way in are wanted however old."""


class Still(StrEnum):
    """Records that wait for something to be done, whenever they were created."""

    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Created:
    """Records created at or after `since` and before `until` (UTC, whole seconds); None leaves that side open."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """One pass over a vendor's list.

    `feeds` says which data types come out of it and whether each is owned by its source record or shared; the first is
    the source record's own.
    `overlap` is how far an incremental read looks back before the cursor; `lag` caps the cursor at start - lag.
    `volatile` names top-level fields that are left out of the raw fingerprint.
    `recent_first` says in which slices a first load reads the list, where the vendor filters by creation: what is still
    open, then back to each age in turn, nearest first; everything older comes last. Empty: the list is read whole.
    """

    name: str
    feeds: Mapping[DataType, Sharing]
    style: ReadStyle
    deletion: DeletionEvidence
    page_size: int
    overlap: timedelta = timedelta(0)
    lag: timedelta = timedelta(0)
    volatile: frozenset[str] = frozenset()
    lookup_size: int = 100
    recent_first: tuple[Still | timedelta, ...] = ()

    @property
    def has_history(self) -> bool:
        """Whether how far back it is read can be chosen: what it brings ages, the vendor filters it by creation, and
        whatever such a list lacks can be asked for by id.
        """
        is_filtered = any(isinstance(age, timedelta) for age in self.recent_first)
        return is_filtered and self.deletion is DeletionEvidence.LOOKUP and next(iter(self.feeds)) in HISTORIC


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The vendor's documented allowance per account, in requests a second, and how many at once."""

    per_second: float
    source: str


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a connector can do, as data. Importing it loads no HTTP and no mapper.

    `mapping_version` rises with every change of a mapping: it makes the next sync map every record again.
    `credentials` and `settings` are pydantic models; secret fields are `SecretStr`.
    `mapping_settings` names the settings that mappings depend on.
    `fills` holds, per data type, the dotted paths of the unified fields that are really filled, each with its origin.
    `exemptions` gives the reason for every data type that is not served.
    `writes` holds the write operations that the vendor offers, each with its rules; see `ports.writing`.
    `ways` are how an account can be connected; `authorization` belongs to `Way.OAUTH`. `granted` names credentials
    that no person types: a flow brings them. `typed` are those that must be given where they are typed, though a flow
    may leave them out.
    """

    name: str
    title: str
    mapping_version: int
    credentials: type[BaseModel]
    settings: type[BaseModel]
    rate: RateLimit
    reads: Mapping[str, Read]
    fills: Mapping[DataType, Mapping[str, Origin]]
    writes: Mapping[WriteOperation, WriteRules] = field(default_factory=dict)
    mapping_settings: frozenset[str] = frozenset()
    exemptions: Mapping[DataType, str] = field(default_factory=dict)
    ways: tuple[Way, ...] = (Way.FORM,)
    authorization: Authorization | None = None
    granted: frozenset[str] = frozenset()
    typed: frozenset[str] = frozenset()

    @property
    def data_types(self) -> tuple[DataType, ...]:
        """Every data type served, in order of priority."""
        served = {data_type for read in self.reads.values() for data_type in read.feeds}
        return tuple(data_type for data_type in DataType if data_type in served)

    def read_of(self, data_type: DataType) -> Read | None:
        """The read that feeds a data type, or None where the vendor has no such thing."""
        return next((read for read in self.reads.values() if data_type in read.feeds), None)


class End(StrEnum):
    """MORE: go on with `after`. CLAIMED: the source stopped without proof. PROVEN: it said that there is no more."""

    MORE = "more"
    CLAIMED = "claimed"
    PROVEN = "proven"


class SourceRecord(msgspec.Struct, frozen=True, gc=False):
    """One record as the vendor sent it: its id and the slice of bytes. `id` is None where none could be read."""

    id: str | None
    raw: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of the vendor, whole. `after` is opaque, JSON-safe, and resumes behind this page.

    `read_at` (UTC) is the moment before the request was sent: what the source said is at least that fresh.
    `source_total` is the vendor's own count of the whole list, where it gives one.
    """

    records: Sequence[SourceRecord]
    after: str | None
    end: End
    read_at: datetime
    source_total: int | None = None


@dataclass(frozen=True, slots=True)
class ReadRequest:
    """`since` (UTC) asks for what changed at or after it; None asks for everything. `after` resumes.

    `only` asks for one slice of the list; a read that declares no slices is never asked for one.
    """

    read: str
    since: datetime | None = None
    after: str | None = None
    deadline: datetime | None = None
    only: Still | Created | None = None


@dataclass(frozen=True, slots=True)
class Mapped:
    """What one source record becomes. The first owned record is the source record's own."""

    owned: tuple[Record, ...]
    shared: tuple[Record, ...] = ()


class Connector(Protocol):
    """Speaks one vendor's API. Single-threaded; holds one account's connection."""

    @property
    def capabilities(self) -> Capabilities: ...

    def check(self) -> None:
        """Proves that the credentials work.

        Raises:
            CredentialsRejected: the vendor refuses them.
            Forbidden: they work, but not for this.
            SourceUnavailable: nothing can be said now.
        """
        ...

    def pages(self, ask: ReadRequest) -> Iterator[Page]:
        """Yields pages from `ask.after` on; the last one says how the list ended.

        Raises:
            Throttled: the allowance is spent; `until` is the vendor's own reset.
            AnswerBroken: an undocumented shape; nothing read so far may count as complete.
            Unsupported: the connected system does not offer this read.
        """
        ...

    def lookup(self, read: str, ids: Sequence[str]) -> Page:
        """Asks for records by id (at most `Read.lookup_size`). What is not in the answer, the source does not have."""
        ...

    def map(self, read: str, raw: bytes) -> Mapped:
        """Turns one source record into unified records; pure.

        Raises:
            RecordInvalid: the record cannot be mapped; it goes to quarantine.
        """
        ...
