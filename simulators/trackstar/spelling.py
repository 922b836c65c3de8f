"""The business's neutral records in the vendor's own names, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from simulators.business.spec import Record
from simulators.trackstar.shelf import Key, Shelf

NAMES: Mapping[str, str] = MappingProxyType(
    {
        "created_at": "created_date",
        "updated_at": "updated_date",
        "first_seen_at": "trackstar_created_date",
        "seen_at": "trackstar_updated_date",
        "link": "external_system_url",
        "labels": "trackstar_tags",
        "extras": "additional_fields",
    }
)
NEUTRAL: Mapping[str, str] = MappingProxyType({theirs: ours for ours, theirs in NAMES.items()})


def spelled(record: Record) -> Record:
    """A neutral record as the vendor sends it: without its number and without the key that `untold` names."""
    unsaid = {"number", "untold", record.get("untold")}
    return {NAMES.get(name, name): value for name, value in record.items() if name not in unsaid}


def neutral(record: Record) -> Record:
    """A record of the vendor's in the business's names; what it leaves out stays left out."""
    return {NEUTRAL.get(name, name): value for name, value in record.items()}


class Evolving:
    """A shelf as a day of the business sees it: records go in and out under neutral names."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self.collection = shelf.collection
        self.deletable = shelf.deletable
        self.next_index = shelf.next_index

    def __len__(self) -> int:
        return len(self._shelf)

    def keys(self) -> Sequence[Key]:
        return self._shelf.keys()

    def get(self, key: Key) -> Record | None:
        found = self._shelf.get(key)
        return None if found is None else neutral(found)

    def put(self, record: Record) -> Key:
        self._shelf.next_index = self.next_index
        return self._shelf.put(spelled(record))

    def drop(self, key: Key) -> None:
        self._shelf.drop(key)
