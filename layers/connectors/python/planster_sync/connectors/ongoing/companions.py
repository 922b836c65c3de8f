"""What else belongs to an article: its split over warehouses, its items in stock, what it is made of.

Each lies in a list of its own, which is asked for the same range of articles. The three answers are moments apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from planster_sync.connectors.ongoing.cutting import members, records, with_members
from planster_sync.connectors.ongoing.paging import Walk, beyond
from planster_sync.ports.source import SourceRecord

_LISTS: Mapping[str, str] = MappingProxyType(
    {"inventoryPerWarehouse": "/articles/inventoryPerWarehouse", "items": "/articleItems"}
)
"""The member that is taken out of each record of which list."""

_DEFINITIONS = "/articles/structureDefinitions"
_ENOUGH_EMPTY_PAGES = 2
"""One may be a bad moment of the vendor's; the list has ended where the same question is answered so again."""


@dataclass(frozen=True, slots=True)
class Companions:
    """The companions of one pass over the articles; the definitions of kits are read once, for they have no pages."""

    walk: Walk
    deadline: datetime | None
    definitions: Mapping[str, bytes]

    def completed(self, articles: Sequence[SourceRecord], limit: int) -> Sequence[SourceRecord]:
        """The articles with what belongs to them; a list that does not name an article adds nothing to it."""
        ids = [int(each.id) for each in articles if each.id is not None and each.id.isdecimal()]
        if not ids:
            return articles
        beside = {name: self._about(path, name, min(ids), max(ids), limit) for name, path in _LISTS.items()}
        beside["structureDefinition"] = self.definitions
        return [_completed(each, beside) for each in articles]

    def _about(self, path: str, member: str, first: int, last: int, limit: int) -> Mapping[str, bytes]:
        """One companion list's members, by article; it may end before the articles do."""
        found: dict[str, bytes] = {}
        empty = 0
        while first <= last and empty < _ENOUGH_EMPTY_PAGES:
            asked = (("articleSystemIdFrom", str(first)), ("maxArticlesToGet", str(limit)))
            page = records("articles", self.walk.owned(path, asked, self.deadline))
            empty = 0 if page else empty + 1
            first = beyond(page, first) if page else first
            told = {each.id: members(each.raw).get(member) for each in page if each.id is not None}
            found.update({key: bytes(inside) for key, inside in told.items() if inside is not None})
        return found


def companions(walk: Walk, deadline: datetime | None) -> Companions:
    """The companions, with every definition of a kit."""
    listed = records("articles", walk.owned(_DEFINITIONS, deadline=deadline))
    return Companions(walk, deadline, {each.id: each.raw for each in listed if each.id is not None})


def _completed(article: SourceRecord, beside: Mapping[str, Mapping[str, bytes]]) -> SourceRecord:
    key = article.id or ""
    added = {name: found[key] for name, found in beside.items() if key in found}
    return SourceRecord(article.id, with_members(article.raw, added))
