"""Reading one source record by dotted path, exactly and without guessing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from planster_sync.errors import RecordInvalid

_DECODER = msgspec.json.Decoder(float_hook=Decimal)


def invalid(path: str, why: str) -> RecordInvalid:
    """The error of a field that does not fit; `why` completes "The field x ..." and holds no value."""
    return RecordInvalid(f"The field {path or '(whole record)'} {why}.", path=path)


class Fields:
    """One object of a source record. Paths are dotted and relative to it; an absent field reads as null.

    Every reader takes what is usual first: a record is read some sixty times, and an error's path only once.
    """

    __slots__ = ("_above", "_step", "_values")

    def __init__(self, values: Mapping[str, Any], step: str = "", above: Fields | None = None) -> None:
        self._values = values
        self._step = step
        self._above = above

    def path(self, name: str) -> str:
        """The path of a field from the record's root, for errors."""
        own = f"{self._step}.{name}" if self._step else name
        return self._above.path(own) if self._above else own

    def value(self, name: str) -> Any:
        """Whatever is there; null where it, or something on the way to it, is absent or null."""
        found = self._values.get(name)
        return self._along(name) if found is None and "." in name else found

    def text(self, name: str) -> str | None:
        """Text unchanged; null for an empty one."""
        found = self._values.get(name)
        if type(found) is str:
            return found or None
        return self._text(name, self.value(name))

    def identifier(self, name: str) -> str | None:
        """An id as text; vendors send text or whole numbers. Null for an empty one."""
        found = self.value(name)
        return str(found) if type(found) is int else self._text(name, found)

    def required_id(self, name: str) -> str:
        found = self.identifier(name)
        if found is None:
            raise invalid(self.path(name), "is missing")
        return found

    def flag(self, name: str) -> bool | None:
        found = self.value(name)
        if found is None or isinstance(found, bool):
            return found
        raise invalid(self.path(name), "is not true or false")

    def child(self, name: str) -> Fields:
        """The object inside; an empty one where it is absent or null."""
        found = self.value(name)
        return Fields({}, name, self) if found is None else self._object(found, name)

    def has(self, name: str) -> bool:
        """Whether there is something other than null."""
        return self.value(name) is not None

    def children(self, name: str) -> tuple[Fields, ...]:
        """The objects of a list, in its order; none where it is absent or null."""
        return tuple([self._object(item, f"{name}.{index}") for index, item in enumerate(self._list(name))])

    def entries(self, name: str) -> tuple[tuple[str, Fields], ...]:
        """The objects of a map by their keys, ordered by key; none where it is absent or null."""
        found = self.value(name)
        if found is None:
            return ()
        if not isinstance(found, dict):
            raise invalid(self.path(name), "is not an object")
        return tuple([(key, self._object(found[key], f"{name}.{key}")) for key in sorted(found)])

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of a list, in its order, empty ones and nulls left out."""
        found = self._list(name)
        for index, item in enumerate(found):
            if item is not None and not isinstance(item, str):
                raise invalid(self.path(f"{name}.{index}"), "is not a text")
        return tuple([item for item in found if item])

    def _along(self, name: str) -> Any:
        found: Any = self._values
        for step in name.split("."):
            if found is None:
                return None
            if not isinstance(found, dict):
                raise invalid(self.path(name), "lies inside something that is not an object")
            found = found.get(step)
        return found

    def _text(self, name: str, found: Any) -> str | None:
        if found is None or found == "":
            return None
        if not isinstance(found, str):
            raise invalid(self.path(name), "is not a text")
        return found

    def _list(self, name: str) -> list[Any]:
        found = self.value(name)
        if found is None:
            return []
        if not isinstance(found, list):
            raise invalid(self.path(name), "is not a list")
        return found

    def _object(self, item: Any, step: str) -> Fields:
        if not isinstance(item, dict):
            raise invalid(self.path(step), "is not an object")
        return Fields(item, step, self)


def decoded(raw: bytes) -> Fields:
    """Parses one source record; numbers stay exact (int or Decimal).

    Raises:
        RecordInvalid: not JSON, not UTF-8, not an object, nested too deep.
    """
    try:
        found = _DECODER.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise invalid("", "is not valid JSON") from error
    if not isinstance(found, dict):
        raise invalid("", "is not an object")
    return Fields(found)
