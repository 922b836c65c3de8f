"""Checks an operation against a schema, and puts its variables in place. Source: GraphQL specification, section 5."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from simulators.shiphero.graphql.documents import Field, Operation, Variable, Word
from simulators.shiphero.graphql.types import Member, Schema, TypeRef

_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?")
_DECIMAL = re.compile(r"-?\d+(?:\.\d+)?")

SCALARS: Mapping[str, Callable[[Any], bool]] = MappingProxyType(
    {
        "String": lambda value: isinstance(value, str),
        "ID": lambda value: isinstance(value, str | int) and not isinstance(value, bool),
        "Int": lambda value: type(value) is int and -(2**31) <= value < 2**31,
        "BigInt": lambda value: type(value) is int,
        "Float": lambda value: type(value) in (int, float),
        "Boolean": lambda value: isinstance(value, bool),
        "ISODateTime": lambda value: isinstance(value, str) and _ISO.fullmatch(value) is not None,
        "DateTime": lambda value: isinstance(value, str) and _ISO.fullmatch(value) is not None and len(value) > 19,
        "Decimal": lambda value: type(value) in (int, float) or _DECIMAL.fullmatch(str(value)) is not None,
        "Money": lambda value: type(value) in (int, float) or _DECIMAL.fullmatch(str(value)) is not None,
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an operation cannot be executed, and where it says so."""

    message: str
    at: tuple[int, int] | None = None


def checked(schema: Schema, operation: Operation, given: Mapping[str, Any]) -> tuple[tuple[Field, ...], list[Problem]]:
    """The operation's fields with the variables' values in their arguments, and everything that is wrong with it."""
    checking = _Checking(schema, operation, given)
    fields = checking.fields(schema.objects[operation.kind.capitalize()], operation.kind.capitalize(), operation.fields)
    unused = operation.variables.keys() - checking.used
    problems = [*checking.problems, *(Problem(f'Variable "${name}" is never used.') for name in sorted(unused))]
    return fields, problems


class _Checking:
    def __init__(self, schema: Schema, operation: Operation, given: Mapping[str, Any]) -> None:
        self._schema = schema
        self._declared = operation.variables
        self._given = given
        self.problems: list[Problem] = []
        self.used: set[str] = set()
        for name, declared in operation.variables.items():
            self._note(None, f'Variable "${name}"', declared.type, given.get(name, declared.default))

    def fields(self, members: Mapping[str, Member], owner: str, asked: tuple[Field, ...]) -> tuple[Field, ...]:
        return tuple(self._field(members, owner, each) for each in asked)

    def _field(self, members: Mapping[str, Member], owner: str, asked: Field) -> Field:
        member = members.get(asked.name)
        if member is None and asked.name != "__typename":
            self._say(f"Cannot query field '{asked.name}' on type '{owner}'.", asked)
        if member is None:
            return asked
        inside, name = asked.fields, _named(member.type)
        is_object = name in self._schema.objects
        if is_object != bool(inside):
            self._say(
                f"Field '{asked.name}' of type '{member.type}' {_MUST[is_object]} a selection of subfields.", asked
            )
        elif is_object:
            inside = self.fields(self._schema.objects[name], name, inside)
        return replace(asked, arguments=self._arguments(member, asked), fields=inside)

    def _arguments(self, member: Member, asked: Field) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, value in asked.arguments.items():
            if name not in member.arguments:
                self._say(f"Unknown argument '{name}' on field '{asked.name}'.", asked)
                continue
            found[name] = self._filled(value, member.arguments[name], asked)
            self._note(asked, f"Argument '{name}'", member.arguments[name], found[name])
        for name, type_ in member.arguments.items():
            if type_.required and name not in asked.arguments:
                self._say(f"Argument '{name}' of type '{type_}' is required, but it was not provided.", asked)
        return found

    def _filled(self, value: Any, type_: TypeRef, asked: Field) -> Any:
        """The value with variables in place; a variable's type must be the argument's."""
        if isinstance(value, Variable):
            declared = self._declared.get(value.name)
            self.used.add(value.name)
            if declared is None:
                self._say(f"Variable '${value.name}' is not defined.", asked)
                return None
            if str(declared.type).rstrip("!") != str(type_).rstrip("!") or (type_.required > declared.type.required):
                self._say(
                    f"Variable '${value.name}' of type '{declared.type}' stands where '{type_}' is expected.", asked
                )
            return self._given.get(value.name, declared.default)
        if isinstance(value, list):
            return [self._filled(each, type_.items or type_, asked) for each in value]
        if isinstance(value, dict):
            members = self._schema.inputs.get(_named(type_), {})
            return {
                name: self._filled(each, members[name].type if name in members else type_, asked)
                for name, each in value.items()
            }
        return value.name if isinstance(value, Word) else value

    def _note(self, asked: Field | None, what: str, type_: TypeRef, value: Any) -> None:
        for why in self._misfits(type_, value):
            self._say(f"{what} got an invalid value: {why}.", asked)

    def _misfits(self, type_: TypeRef, value: Any) -> Iterator[str]:
        if value is None:
            if type_.required:
                yield f"expected a non-null '{type_}'"
        elif type_.items is not None:
            for each in value if isinstance(value, list) else [value]:
                yield from self._misfits(type_.items, each)
        elif type_.name in self._schema.inputs:
            yield from self._input_misfits(type_.name, value)
        elif type_.name in self._schema.enums:
            if value not in self._schema.enums[type_.name]:
                yield f"value does not exist in '{type_.name}' enum"
        elif not SCALARS[type_.name](value):
            yield f"expected '{type_}'"

    def _input_misfits(self, name: str, value: Any) -> Iterator[str]:
        members = self._schema.inputs[name]
        if not isinstance(value, dict):
            yield f"expected an object '{name}'"
            return
        for unknown in sorted(value.keys() - members.keys()):
            yield f"field '{unknown}' is not defined by type '{name}'"
        for field, member in members.items():
            yield from self._misfits(member.type, value.get(field))

    def _say(self, message: str, asked: Field | None) -> None:
        self.problems.append(Problem(message, asked.at if asked else None))


_MUST = {True: "must have", False: "must not have"}


def _named(type_: TypeRef) -> str:
    while type_.items is not None:
        type_ = type_.items
    return type_.name
