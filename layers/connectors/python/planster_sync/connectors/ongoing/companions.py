"""What else belongs to an article: its split over warehouses, its items in stock, what it is made of.

Each lies in a list of its own, which is asked for the same range of articles. The three answers are moments apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import msgspec

from planster_sync.connectors.ongoing.cutting import records, with_members
from planster_sync.connectors.ongoing.paging import Walk, beyond
from planster_sync.ports.source import SourceRecord

_LISTS: Mapping[str, str] = MappingProxyType(
    {"inventoryPerWarehouse": "/articles/inventoryPerWarehouse", "items": "/articleItems"}
)
"""The member that is taken out of each record of which list."""

_DEFINITIONS = "/articles/structureDefinitions"
_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])


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
        """One companion list's members, by article."""
        found: dict[str, bytes] = {}
        while first <= last:
            asked = (("articleSystemIdFrom", str(first)), ("maxArticlesToGet", str(limit)))
            page = records("articles", self.walk.owned(path, asked, self.deadline))
            if not page:
                break
            first = beyond(page, first)
            for each in page:
                inside = _MEMBERS.decode(each.raw).get(member) if each.id is not None else None
                if inside is not None:
                    found[str(each.id)] = bytes(inside)
        return found


def companions(walk: Walk, deadline: datetime | None) -> Companions:
    """The companions, with every definition of a kit."""
    listed = records("articles", walk.owned(_DEFINITIONS, deadline=deadline))
    return Companions(walk, deadline, {each.id: each.raw for each in listed if each.id is not None})


def _completed(article: SourceRecord, beside: Mapping[str, Mapping[str, bytes]]) -> SourceRecord:
    key = article.id or ""
    added = {name: found[key] for name, found in beside.items() if key in found}
    return SourceRecord(article.id, with_members(article.raw, added))
