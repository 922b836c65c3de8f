"""Ids that are easily taken for one another, or for none."""

from __future__ import annotations

from collections.abc import Callable

from xxhash import xxh3_64_intdigest

IDS = (
    "",
    "a",
    "A",
    "caf\u00e9",
    "cafe\u0301",
    "0a1b",
    "0A1B",
    "0a 1b",
    "3f1d9a52-0c4e-4b7a-9d55-8f0e1a2b3c4d",
    "3F1D9A52-0C4E-4B7A-9D55-8F0E1A2B3C4D",
    "3f1d9a520c4e4b7a9d558f0e1a2b3c4d",
    "x" * 1024,
    "ab" * 100,
    "nul\0",
    "nul",
    "\N{PACKAGE}",
    "12",
    "123",
    "?5f3c",
)


def coarse(bits: int) -> Callable[[bytes], int]:
    """A hash of so few bits that most ids share theirs."""
    return lambda content: xxh3_64_intdigest(content) & ((1 << bits) - 1)
