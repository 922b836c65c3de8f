"""Reading one source record by dotted path, exactly and without guessing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

import msgspec

from planster_sync.errors import RecordInvalid

Made = TypeVar("Made")

_DECODER = msgspec.json.Decoder(float_hook=Decimal)


def invalid(path: str, why: str) -> RecordInvalid:
    """The error of a field that does not fit; `why` completes "The field x ..." and holds no value."""
    return RecordInvalid(f"The field {path or '(whole record)'} {why}.", path=path)


class Fields(msgspec.Struct, gc=False):
    """One object of a source record. Paths are dotted and relative to it; an absent field reads as null.

    `values` are its members, `name` the field that holds it, `place` its index or key there, `above` what holds that.
    Readers take first what is usual: a record is read some sixty times, the path of an error only once.
    """

    values: Mapping[str, Any]
    name: str = ""
    above: Fields | None = None
    place: int | str | None = None

    def path(self, name: str) -> str:
        """The path of a field from the record's root, for errors."""
        inside = name if self.place is None else f"{self.place}.{name}"
        own = f"{self.name}.{inside}" if self.name else inside
        return self.above.path(own) if self.above else own

    def value(self, name: str) -> Any:
        """Whatever is there; null where it, or something on the way to it, is absent or null."""
        found = self.values.get(name)
        return self._along(name) if found is None and "." in name else found

    def text(self, name: str) -> str | None:
        """Text unchanged; null for an empty one."""
        found = self.values.get(name)
        if found is None and "." in name:
            found = self._along(name)
        if found is None or isinstance(found, str):
            return found or None
        raise invalid(self.path(name), "is not a text")

    def identifier(self, name: str) -> str | None:
        """An id as text; vendors send text or whole numbers. Null for an empty one."""
        found = self.values.get(name)
        if isinstance(found, str):
            return found or None
        whole = self.value(name)
        return str(whole) if type(whole) is int else self.text(name)

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
        if found is None:
            return Fields({}, name, self)
        if not isinstance(found, dict):
            raise invalid(self.path(name), "is not an object")
        return Fields(found, name, self)

    def has(self, name: str) -> bool:
        """Whether there is something other than null."""
        return self.value(name) is not None

    def each(self, name: str, make: Callable[[Fields], Made]) -> tuple[Made, ...]:
        """What `make` makes of each object of a list, in its order; none where the list is absent or null."""
        return tuple([make(item) for item in self.children(name)])

    def children(self, name: str) -> tuple[Fields, ...]:
        """The objects of a list, in its order; none where it is absent or null."""
        return tuple([self._object(name, index, item) for index, item in enumerate(self._list(name))])

    def entries(self, name: str) -> tuple[tuple[str, Fields], ...]:
        """The objects of a map by their keys, ordered by key; none where it is absent or null."""
        found = self.value(name)
        if found is None:
            return ()
        if not isinstance(found, dict):
            raise invalid(self.path(name), "is not an object")
        return tuple([(key, self._object(name, key, found[key])) for key in sorted(found)])

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of a list, in its order, empty ones and nulls left out."""
        found = self._list(name)
        for index, item in enumerate(found):
            if item is not None and not isinstance(item, str):
                raise invalid(self.path(f"{name}.{index}"), "is not a text")
        return tuple([item for item in found if item])

    def _along(self, name: str) -> Any:
        found: Any = self.values
        for step in name.split("."):
            if found is None:
                return None
            if not isinstance(found, dict):
                raise invalid(self.path(name), "lies inside something that is not an object")
            found = found.get(step)
        return found

    def _list(self, name: str) -> list[Any]:
        found = self.value(name)
        if found is None:
            return []
        if not isinstance(found, list):
            raise invalid(self.path(name), "is not a list")
        return found

    def _object(self, name: str, place: int | str, item: Any) -> Fields:
        if not isinstance(item, dict):
            raise invalid(self.path(f"{name}.{place}"), "is not an object")
        return Fields(item, name, self, place)


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
