"""Records that the vendor tells in pieces, put together: members of one list's record added to another's.

Nothing is parsed beyond the outermost members, so that a malformed part reaches the mapping and not the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from planster_sync.errors import AnswerBroken
from planster_sync.mapping import salvage
from planster_sync.mapping.pages import split
from planster_sync.ports.source import SourceRecord

FindItems = Callable[[Sequence[str]], Mapping[str, str | None]]
"""Stock items of variants, by variant id."""

_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_BROKEN = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class _Inventory(msgspec.Struct):
    inventory_id: int | str | None = None


class _Part(msgspec.Struct):
    variant_id: int | str | None = None


class _Variant(msgspec.Struct):
    """As much of a variant as a bundle's components need."""

    id: int | str | None = None
    inventory: _Inventory | None = None
    bundle_definition: list[_Part] | None = None

    @property
    def parts(self) -> list[str]:
        return [str(part.variant_id) for part in self.bundle_definition or () if part.variant_id is not None]


_VARIANT = msgspec.json.Decoder(_Variant)


def members(record: bytes) -> dict[str, bytes]:
    """An object's members by name, unparsed; none where it is no object."""
    try:
        return {name: bytes(raw) for name, raw in _MEMBERS.decode(record).items()}
    except _BROKEN:
        pass
    try:
        return salvage.members(record)
    except AnswerBroken:
        return {}


def with_members(record: bytes, added: Mapping[str, bytes]) -> bytes:
    """The object with these members behind its own; unchanged where it is no object."""
    body = record.strip()
    if not added or not (body.startswith(b"{") and body.endswith(b"}")):
        return record
    own = body[1:-1].strip()
    return b"{" + b",".join(([own] if own else []) + [_pair(name, raw) for name, raw in added.items()]) + b"}"


def listed(pieces: Iterable[bytes]) -> bytes:
    """A list of unparsed values."""
    return b"[" + b",".join(pieces) + b"]"


def joined(records: Sequence[SourceRecord], others: Iterable[SourceRecord], names: Iterable[str]) -> list[SourceRecord]:
    """Each record with the named members of the other list's record that has the same id, where there is one."""
    wanted = tuple(names)
    beside = {other.id: members(other.raw) for other in others}
    return [
        _with(record, {name: part for name in wanted if (part := _of(beside, record).get(name))}) for record in records
    ]


def _of(beside: Mapping[str | None, dict[str, bytes]], record: SourceRecord) -> dict[str, bytes]:
    return beside.get(record.id, {}) if record.id is not None else {}


def _with(record: SourceRecord, added: Mapping[str, bytes]) -> SourceRecord:
    return SourceRecord(record.id, with_members(record.raw, added))


def united(records: Sequence[SourceRecord], others: Sequence[SourceRecord]) -> list[SourceRecord]:
    """Two lists of the same things as one: what only the other knows is added, also to records that both have."""
    known = {record.id for record in records}
    beside = {other.id: members(other.raw) for other in others}
    both = [_with(each, {k: v for k, v in _of(beside, each).items() if k not in members(each.raw)}) for each in records]
    return [*both, *(other for other in others if other.id not in known)]


def variants(products: Iterable[bytes], find: FindItems) -> list[SourceRecord]:
    """A record for each variant of these products, with the product as its member `product`.

    A product without variants is a record of its own. Bundles get the stock items of their components in
    `component_inventory`, looked up among these variants first.
    """
    found = [variant for product in products for variant in _variants_of(product)]
    seen = [_read(each.raw) for each in found]
    items = {str(each.id): _item(each) for each in seen if each.id is not None}
    missing = dict.fromkeys(part for each in seen for part in each.parts if part not in items)
    items.update(find(tuple(missing)) if missing else {})
    return [_with(record, _components(each, items)) for record, each in zip(found, seen, strict=True)]


def items_of(records: Iterable[SourceRecord]) -> dict[str, str | None]:
    """The stock items of variants, by variant id."""
    seen = (_read(each.raw) for each in records)
    return {str(each.id): _item(each) for each in seen if each.id is not None}


def _variants_of(product: bytes) -> Iterator[SourceRecord]:
    own = members(product)
    inside = own.pop("variants", b"[]")
    head = b"{" + b",".join(_pair(name, raw) for name, raw in own.items()) + b"}"
    try:
        parts = split(inside, records="", identity="id").records
    except AnswerBroken:  # no list of variants
        parts = ()
    for part in parts:
        yield _with(part, {"product": head})
    if not parts:
        (bare,) = split(listed((product,)), records="", identity="id", prefix="product/").records
        yield SourceRecord(bare.id, b'{"product":' + head + b"}")


def _components(variant: _Variant, items: Mapping[str, str | None]) -> dict[str, bytes]:
    known = {part: items.get(part) for part in variant.parts}
    return {"component_inventory": msgspec.json.encode(known)} if known else {}


def _read(raw: bytes) -> _Variant:
    try:
        return _VARIANT.decode(raw)
    except _BROKEN:
        return _Variant()


def _item(variant: _Variant) -> str | None:
    item = variant.inventory.inventory_id if variant.inventory else None
    return None if item is None else str(item)


def _pair(name: str, raw: bytes) -> bytes:
    return msgspec.json.encode(name) + b":" + raw
