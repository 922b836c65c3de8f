"""Trading partners are customers and carriers too: only those that one buys from are kept of a page."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from planster_sync.connectors.deposco.statuses import SUPPLIES
from planster_sync.mapping.words import folded
from planster_sync.ports.source import Page, SourceRecord


class _Kind(msgspec.Struct, rename={"kind": "partnershipType"}):
    kind: str | None = None


def suppliers_only(page: Page) -> Page:
    """The page without partners of another kind; one that cannot be read stays, for the mapping to refuse."""
    return replace(page, records=tuple(record for record in page.records if _may_supply(record)))


def _may_supply(record: SourceRecord) -> bool:
    try:
        kind = msgspec.json.decode(record.raw, type=_Kind).kind
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return True
    return folded(kind or "") in SUPPLIES
