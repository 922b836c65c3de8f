"""Reading one source record by dotted path, exactly and without guessing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import msgspec
from pydantic import ValidationError

from planster_sync.errors import RecordInvalid

_DECODER = msgspec.json.Decoder(float_hook=Decimal)


def invalid(path: str, why: str) -> RecordInvalid:
    """The error of a field that does not fit; `why` completes "The field x ..." and holds no value."""
    return RecordInvalid(f"The field {path or '(whole record)'} {why}.", path=path)


class Fields:
    """One object of a source record. Paths are dotted and relative to it; an absent field reads as null."""

    __slots__ = ("_path", "_values")

    def __init__(self, values: Mapping[str, Any], path: str = "") -> None:
        self._values = values
        self._path = path

    def path(self, name: str) -> str:
        """The path of a field from the record's root, for errors."""
        return f"{self._path}.{name}" if self._path else name

    def value(self, name: str) -> Any:
        """Whatever is there; null where it, or something on the way to it, is absent or null."""
        if "." not in name:
            return self._values.get(name)
        found: Any = self._values
        for step in name.split("."):
            if found is None:
                return None
            if not isinstance(found, Mapping):
                raise invalid(self.path(name), "lies inside something that is not an object")
            found = found.get(step)
        return found

    def text(self, name: str) -> str | None:
        """Text unchanged; null for an empty one."""
        found = self.value(name)
        if found is None or found == "":
            return None
        if not isinstance(found, str):
            raise invalid(self.path(name), "is not a text")
        return found

    def identifier(self, name: str) -> str | None:
        """An id as text; vendors send text or whole numbers. Null for an empty one."""
        found = self.value(name)
        if isinstance(found, int) and not isinstance(found, bool):
            return str(found)
        return self.text(name)

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
            return Fields({}, self.path(name))
        if not isinstance(found, Mapping):
            raise invalid(self.path(name), "is not an object")
        return Fields(found, self.path(name))

    def has(self, name: str) -> bool:
        """Whether there is something other than null."""
        return self.value(name) is not None

    def children(self, name: str) -> tuple[Fields, ...]:
        """The objects of a list, in its order; none where it is absent or null."""
        return tuple(self._object(item, f"{name}.{index}") for index, item in enumerate(self._list(name)))

    def entries(self, name: str) -> tuple[tuple[str, Fields], ...]:
        """The objects of a map by their keys, ordered by key; none where it is absent or null."""
        found = self.value(name)
        if found is None:
            return ()
        if not isinstance(found, Mapping):
            raise invalid(self.path(name), "is not an object")
        return tuple((key, self._object(found[key], f"{name}.{key}")) for key in sorted(found))

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of a list, in its order, empty ones and nulls left out."""
        found = self._list(name)
        for index, item in enumerate(found):
            if item is not None and not isinstance(item, str):
                raise invalid(self.path(f"{name}.{index}"), "is not a text")
        return tuple(item for item in found if item)

    def _list(self, name: str) -> list[Any]:
        found = self.value(name)
        if found is None:
            return []
        if not isinstance(found, list):
            raise invalid(self.path(name), "is not a list")
        return found

    def _object(self, item: Any, name: str) -> Fields:
        if not isinstance(item, Mapping):
            raise invalid(self.path(name), "is not an object")
        return Fields(item, self.path(name))


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


@contextmanager
def refusing_misfits() -> Iterator[None]:
    """Turns a unified record's own refusal of a value into `RecordInvalid` with the unified field's path."""
    try:
        yield
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        path = ".".join(str(step) for step in first["loc"])
        raise RecordInvalid(f"The unified field {path} does not take the source's value.", path=path) from None
