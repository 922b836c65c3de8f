"""One warehouse account of any size on two days, written page by page without being held anywhere.

A record's text is one of some thousand templates with its own id, SKU, number and stamps put in: 2 µs a record, the
same in every process with the same seed. On day 2, in each thousand records, ten have changed, one is gone, and one
is new; all others are equal to the byte, or, on a volatile account, differ in `trackstar_updated_date` alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from hashlib import blake2b
from random import Random

import msgspec

from benchmarks import shapes

BLOCK = 1000
_TEMPLATES = 2003
_PLACE_BITS, _REST_BITS = 48, 48
_MARK = re.compile("<<([a-z]+)>>")


@dataclass(frozen=True, slots=True)
class Day:
    """What happens within one block of a thousand records on the second day, by their position in it."""

    changed: frozenset[int]
    gone: frozenset[int]
    created: frozenset[int]


_NOTHING = Day(frozenset(), frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Truth:
    """What a correct copy holds of a record: its id, and the moment of its latest change."""

    id: str
    updated: str


@dataclass(frozen=True)
class Account:
    """`today` is when the account is made: changes of day 2 happen on the day after, all others days before it."""

    kind: str
    records: int
    seed: int
    today: datetime
    volatile: bool = False

    def page(self, day: int, start: int, since: str | None = None) -> tuple[list[bytes], int | None]:
        """The next thousand records in the order of their ids, and where the page after begins.

        `since` keeps those that were touched at or after it; such a page may be short.
        """
        found: list[bytes] = []
        while start < self.records and len(found) < BLOCK:
            found += self._block(day, start, since or "")
            start += BLOCK
        return found, start if start < self.records else None

    def by_id(self, day: int, id_: str) -> bytes | None:
        if not re.fullmatch("[0-9a-f]{24}", id_):
            return None
        place = (int(id_, 16) >> _REST_BITS) * self.records >> _PLACE_BITS
        for position in range(max(0, place - 1), min(self.records, place + 2)):
            for late in (False, True):
                if self.id_at(position, late=late) == id_:
                    return self._text(day, position, late=late)
        return None

    def truth(self, day: int) -> Iterator[Truth]:
        """Every record that the account holds on that day."""
        for start in range(0, self.records, BLOCK):
            for position, late in self._positions(day, start):
                fresh = late or position - start in self._happened(day, start).changed
                yield Truth(self.id_at(position, late=late), self._updated(position, fresh=fresh))

    def id_at(self, position: int, *, late: bool = False) -> str:
        """24 hexadecimal digits that look random and rise with the position; `late`: of the one created behind it."""
        step = (1 << _PLACE_BITS) // self.records
        digest = blake2b(f"{self.seed}/{self.kind}/{position}/{late}".encode(), digest_size=12).digest()
        drawn = int.from_bytes(digest, "big")
        offset = (drawn >> _REST_BITS) % (step // 2) + (step // 2 if late else 0)
        return f"{(position * step + offset) << _REST_BITS | drawn & ((1 << _REST_BITS) - 1):024x}"

    def _block(self, day: int, start: int, since: str) -> Iterator[bytes]:
        changed = self._happened(day, start).changed
        for position, late in self._positions(day, start):
            fresh = late or position - start in changed
            touched = self._touched(day, position, fresh=fresh)
            if touched >= since:
                yield self._write(position, late=late, fresh=fresh, touched=touched)

    def _positions(self, day: int, start: int) -> Iterator[tuple[int, bool]]:
        happened = self._happened(day, start)
        for place in range(min(BLOCK, self.records - start)):
            if place not in happened.gone:
                yield start + place, False
            if place in happened.created:
                yield start + place, True

    def _text(self, day: int, position: int, *, late: bool) -> bytes | None:
        happened = self._happened(day, position - position % BLOCK)
        place = position % BLOCK
        if (place not in happened.created) if late else (place in happened.gone):
            return None
        fresh = late or place in happened.changed
        return self._write(position, late=late, fresh=fresh, touched=self._touched(day, position, fresh=fresh))

    def _write(self, position: int, *, late: bool, fresh: bool, touched: str) -> bytes:
        number = position + (self.records if late else 0)
        return _template(self.kind, position % _TEMPLATES, int(fresh and not late)) % {
            b"id": self.id_at(position, late=late).encode(),
            b"sku": b"SKU-%07d" % number,
            b"number": b"%08d" % number,
            b"updated": self._updated(position, fresh=fresh).encode(),
            b"touched": touched.encode(),
        }

    def _updated(self, position: int, *, fresh: bool) -> str:
        return _stamp(self._moment(position, fresh=fresh))

    def _touched(self, day: int, position: int, *, fresh: bool) -> str:
        """The vendor's copy hears of a change an hour later. Nothing was touched after the account's first record."""
        if self.volatile and day == 2:
            return _stamp(self.today + timedelta(days=1, hours=3, seconds=position % 3600))
        return _stamp(self._moment(position, fresh=fresh) + timedelta(hours=1))

    def _moment(self, position: int, *, fresh: bool) -> datetime:
        if fresh:
            return self.today + timedelta(days=1, seconds=position % 3600)
        return self.today - timedelta(days=2 + position % 40, seconds=position % 7200)

    def _happened(self, day: int, start: int) -> Day:
        return _drawn(self.seed, self.kind, start, min(BLOCK, self.records - start)) if day == 2 else _NOTHING


@lru_cache(maxsize=4096)
def _drawn(seed: int, kind: str, start: int, size: int) -> Day:
    """1 % changed, 0.1 % gone, 0.1 % created; of fewer than a thousand records at least one each."""
    changes, moves = max(1, size // 100), max(1, size // 1000)
    drawn = Random(f"{seed}/{kind}/{start}").sample(range(size), min(size, changes + 2 * moves))
    gone, created, changed = drawn[:moves], drawn[moves : 2 * moves], drawn[2 * moves :]
    return Day(frozenset(changed), frozenset(gone), frozenset(created))


@cache
def _template(kind: str, variant: int, version: int) -> bytes:
    """A record's text with %(name)b for each mark, for bytes' own formatting."""
    text = msgspec.json.encode(shapes.record(kind, variant, version)).decode()
    return _MARK.sub(r"%(\1)b", text.replace("%", "%%")).encode()


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
