"""Vendors' words placed in our vocabularies. An unknown word never fails a record: it becomes `other`."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Generic, TypeVar

from planster_sync.mapping.fields import Fields
from planster_sync.model.record import Word

Vocabulary = TypeVar("Vocabulary", bound=StrEnum)

OTHER = "other"
_REMEMBERED = 1024


class Table(Generic[Vocabulary]):
    """A frozen table from a vendor's words to ours; case, blanks, hyphens and underscores do not matter.

    A placed word is made once and shared: the same few stand in every record.
    """

    def __init__(self, words: Mapping[str, Vocabulary]) -> None:
        self._words = MappingProxyType({folded(vendor): ours for vendor, ours in words.items()})
        self._other = type(next(iter(words.values())))(OTHER)
        self.placed = lru_cache(_REMEMBERED)(self._placed)

    def _placed(self, text: str | None, shown: str | None) -> Word[Vocabulary]:
        return Word(value=self.known(text) or self._other, vendor=shown)

    def known(self, text: str | None) -> Vocabulary | None:
        return self._words.get(folded(text)) if text else None


def folded(text: str) -> str:
    """How words are compared: `In-Transit`, `in_transit` and `InTransit` are one word."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def word(source: Fields, name: str, words: Table[Vocabulary], *, shown: str | None = None) -> Word[Vocabulary] | None:
    """The field's word in our vocabulary, with the vendor's own word; null where absent.

    `shown` names the field that holds the vendor's original word, where another one holds a coarser one.
    """
    text = source.text(name)
    original = source.text(shown) if shown else None
    if text is None and original is None:
        return None
    return words.placed(text, original or text)


def discreet_word(source: Fields, name: str, words: Table[Vocabulary]) -> Word[Vocabulary] | None:
    """As `word`, for fields that people may write into: a text that is not in the table is not kept."""
    text = source.text(name)
    if text is None:
        return None
    return words.placed(text, text) if words.known(text) else words.placed(None, None)
