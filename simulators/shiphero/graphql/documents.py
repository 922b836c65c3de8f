"""Documents: one operation with its variables and its fields. Fragments and directives are not read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulators.shiphero.graphql.tokens import Reader
from simulators.shiphero.graphql.types import TypeRef, type_ref


@dataclass(frozen=True, slots=True)
class Variable:
    """`$name` where a value stands."""

    name: str


@dataclass(frozen=True, slots=True)
class Word:
    """A bare name where a value stands: a member of an enumeration."""

    name: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field that is asked for; `key` is what the answer calls it."""

    key: str
    name: str
    arguments: Mapping[str, Any]
    fields: tuple[Field, ...]
    at: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Declared:
    """A variable's type, and its default."""

    type: TypeRef
    default: Any


@dataclass(frozen=True, slots=True)
class Operation:
    """`kind` is query or mutation."""

    kind: str
    variables: Mapping[str, Declared]
    fields: tuple[Field, ...]


def operation_of(text: str) -> Operation:
    """The one operation of a document.

    Raises:
        SyntaxProblem: it is no GraphQL, has several operations or none, or fragments.
    """
    return _Document(text).operation()


class _Document:
    def __init__(self, text: str) -> None:
        self._reader = Reader(text)

    def operation(self) -> Operation:
        reader, kind, variables = self._reader, "query", {}
        if reader.ahead.kind == "name":
            kind = reader.name()
            if kind not in {"query", "mutation"}:
                raise reader.problem(f"Unexpected Name {kind!r}")
            if reader.ahead.kind == "name":
                reader.name()
            variables = self._variables()
        found = Operation(kind, variables, self._fields())
        if reader.ahead.kind != "end":
            raise reader.problem(f"Unexpected {reader.ahead.text!r}: one operation per request, without fragments")
        return found

    def _variables(self) -> dict[str, Declared]:
        found: dict[str, Declared] = {}
        if not self._reader.takes("("):
            return found
        while not self._reader.takes(")"):
            self._reader.expects("$")
            name = self._reader.name()
            self._reader.expects(":")
            type_ = type_ref(self._reader)
            found[name] = Declared(type_, self._value() if self._reader.takes("=") else None)
        return found

    def _fields(self) -> tuple[Field, ...]:
        self._reader.expects("{")
        found: list[Field] = []
        while not self._reader.takes("}"):
            found.append(self._field())
        if not found:
            raise self._reader.problem("Expected a field")
        return tuple(found)

    def _field(self) -> Field:
        at = self._reader.position(self._reader.ahead.at)
        name = key = self._reader.name()
        if self._reader.takes(":"):
            name = self._reader.name()
        arguments = self._arguments()
        return Field(key, name, arguments, self._fields() if self._reader.sees("{") else (), at)

    def _arguments(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self._reader.takes("("):
            while not self._reader.takes(")"):
                name = self._reader.name()
                self._reader.expects(":")
                found[name] = self._value()
        return found

    def _value(self) -> Any:
        reader = self._reader
        if reader.takes("$"):
            return Variable(reader.name())
        if reader.takes("["):
            items: list[Any] = []
            while not reader.takes("]"):
                items.append(self._value())
            return items
        if reader.takes("{"):
            return self._object()
        if reader.ahead.kind in {"text", "block", "int", "float"}:
            return reader.next().value
        word = reader.name()
        return {"null": None, "true": True, "false": False}.get(word, Word(word))

    def _object(self) -> dict[str, Any]:
        members: dict[str, Any] = {}
        while not self._reader.takes("}"):
            name = self._reader.name()
            self._reader.expects(":")
            members[name] = self._value()
        return members
