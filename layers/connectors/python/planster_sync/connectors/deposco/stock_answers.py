"""V1's answers about stock in one shape: XML or JSON, under any content type, with lists of one and marked nulls.

Both become the JSON of `/enterpriseinventory` or `/inventory/full`, one slice per item.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.parsers import expat

import msgspec

from planster_sync.connectors.deposco.assumptions import STOCK_ROOTS
from planster_sync.errors import AnswerBroken
from planster_sync.mapping.pages import inner, single, split
from planster_sync.ports.source import SourceRecord

_LISTS = ("enterpriseInventory", "itemInventory")
_DECODER = msgspec.json.Decoder()


def stock_records(body: bytes) -> Sequence[SourceRecord]:
    """The items of one answer, told apart by its first character: JSON comes labelled as XML, and the reverse.

    Raises:
        AnswerBroken: it is neither, or holds no list of items.
    """
    text = body.strip()
    if text.startswith(b"<"):
        return _xml_records(text)
    return tuple(_marks_resolved(record) for record in _json_records(text))


def _json_records(text: bytes) -> Sequence[SourceRecord]:
    if text.startswith(b"["):  # asked for single items, the vendor puts its object into a list
        slices = split(text, records="").records
        return tuple(record for piece in slices for record in _json_records(piece.raw))
    for root in sorted(STOCK_ROOTS):
        try:
            text = inner(text, root)
            break
        except AnswerBroken:
            continue
    for name in _LISTS:
        try:
            held = inner(text, name)
        except AnswerBroken:
            continue
        if held.startswith(b"{"):
            return (single(text, record=name, identity="itemNumber"),)
        return split(text, records=name, identity="itemNumber").records
    raise AnswerBroken("The source's answer has no list of stock.", detail=f"none of {', '.join(_LISTS)}")


def _marks_resolved(record: SourceRecord) -> SourceRecord:
    """The record without what the vendor's bridge from XML leaves in it: `@` before names, `{"@nil": "true"}`."""
    if b'"@' not in record.raw:
        return record
    try:
        plain = _unmarked(msgspec.json.decode(record.raw))
    except msgspec.MsgspecError:
        return record  # the mapping refuses it
    return _named(plain)


def _unmarked(value: Any) -> Any:
    if isinstance(value, list):
        return [_unmarked(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "@nil" in value:
        return None
    return {name.removeprefix("@"): _unmarked(inside) for name, inside in value.items()}


def _named(item: Any) -> SourceRecord:
    number = item.get("itemNumber") if isinstance(item, dict) else None
    return SourceRecord(str(number) if number else None, msgspec.json.encode(item))


def _xml_records(text: bytes) -> Sequence[SourceRecord]:
    root, tree = _Tree().parsed(text)
    items = tree.get("itemInventory", []) if isinstance(tree, dict) else []
    if not items and root not in STOCK_ROOTS:
        raise AnswerBroken("The source's answer has no list of stock.", detail=f"XML element {root:.40}")
    found = items if isinstance(items, list) else [items]
    return tuple(_named(item) for item in found)


class _Tree:
    """XML as nested dicts by local names: a name that repeats holds a list, an element without children its text."""

    def __init__(self) -> None:
        self._open: list[tuple[str, dict[str, Any], list[str]]] = []
        self._found: tuple[str, Any] = ("", None)
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._refuse

    def parsed(self, text: bytes) -> tuple[str, Any]:
        """The root's name and what is in it.

        Raises:
            AnswerBroken: it is not well-formed, or declares entities.
        """
        try:
            self._parser.Parse(text, True)
        except expat.ExpatError as error:
            raise AnswerBroken("The source's answer cannot be read.", detail="XML that is not well-formed") from error
        return self._found

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        nil = any(each.rpartition(" ")[2] == "nil" and value == "true" for each, value in attributes.items())
        self._open.append((name.rpartition(" ")[2], {}, ["nil"] if nil else []))

    def _text(self, text: str) -> None:
        self._open[-1][2].append(text)

    def _end(self, _: str) -> None:
        name, members, texts = self._open.pop()
        value: Any = members or "".join(texts).strip() or None
        if texts[:1] == ["nil"] and not members:
            value = None
        if not self._open:
            self._found = (name, value)
            return
        around = self._open[-1][1]
        if name not in around:
            around[name] = value
        elif isinstance(around[name], list):
            around[name].append(value)
        else:
            around[name] = [around[name], value]

    def _refuse(self, *_: Any) -> None:
        raise AnswerBroken("The source's answer cannot be read.", detail="XML with a document type")
