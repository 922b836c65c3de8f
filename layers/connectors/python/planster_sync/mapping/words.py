"""Vendors' words placed in our vocabularies. An unknown word never fails a record: it becomes `other`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from planster_sync.mapping.fields import Fields
from planster_sync.model.record import Word

OTHER = "other"


def table(words: Mapping[str, StrEnum]) -> Mapping[str, StrEnum]:
    """A frozen table from a vendor's words to ours; case, blanks, hyphens and underscores do not matter."""
    return MappingProxyType({folded(vendor): ours for vendor, ours in words.items()})


def folded(text: str) -> str:
    """How words are compared: `In-Transit`, `in_transit` and `InTransit` are one word."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def word(source: Fields, name: str, words: Mapping[str, StrEnum], *, shown: str | None = None) -> Word | None:
    """The field's word in our vocabulary, with the vendor's own word; null where absent.

    `shown` names the field that holds the vendor's original word, where another one holds a coarser one.
    """
    text = source.text(name)
    original = source.text(shown) if shown else None
    if text is None and original is None:
        return None
    ours = words.get(folded(text)) if text else None
    return Word(value=str(ours) if ours else OTHER, vendor=original or text)


def discreet_word(source: Fields, name: str, words: Mapping[str, StrEnum]) -> Word | None:
    """As `word`, for fields that people may write into: a text that is not in the table is not kept."""
    text = source.text(name)
    if text is None:
        return None
    ours = words.get(folded(text))
    return Word(value=str(ours), vendor=text) if ours else Word(value=OTHER)
