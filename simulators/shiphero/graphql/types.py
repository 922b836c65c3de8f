"""A schema: types with their fields, inputs, enumerations and scalars, read from a text in schema language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulators.shiphero.graphql.tokens import Reader


@dataclass(frozen=True, slots=True)
class TypeRef:
    """A type as it is named: `String!` is required, `[String]` a list (`items` are its items' type)."""

    name: str
    required: bool = False
    items: TypeRef | None = None

    def __str__(self) -> str:
        return f"{f'[{self.items}]' if self.items else self.name}{'!' if self.required else ''}"


@dataclass(frozen=True, slots=True)
class Member:
    """A field of a type or an input, with the arguments that it takes."""

    type: TypeRef
    arguments: Mapping[str, TypeRef] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Schema:
    """`objects` and `inputs` by name, each with its members; `enums` with their words; the rest are scalars."""

    objects: Mapping[str, Mapping[str, Member]]
    inputs: Mapping[str, Mapping[str, Member]]
    enums: Mapping[str, frozenset[str]]
    scalars: frozenset[str]

    def root(self, kind: str) -> Mapping[str, Member]:
        return self.objects[kind.capitalize()]


BUILT_IN = frozenset({"String", "Int", "Float", "Boolean", "ID"})


def type_ref(reader: Reader) -> TypeRef:
    """A type's name, with its brackets and its mark."""
    if reader.takes("["):
        items = type_ref(reader)
        reader.expects("]")
        return TypeRef("", reader.takes("!"), items)
    return TypeRef(reader.name(), reader.takes("!"))


def schema_of(text: str) -> Schema:
    """The schema that a text describes.

    Raises:
        SyntaxProblem: it is not in schema language.
        ValueError: it names a type that is not there.
    """
    reader = Reader(text)
    objects: dict[str, Mapping[str, Member]] = {}
    inputs: dict[str, Mapping[str, Member]] = {}
    enums: dict[str, frozenset[str]] = {}
    scalars = set(BUILT_IN)
    while reader.ahead.kind != "end":
        kind, name = reader.name(), reader.name()
        if kind == "scalar":
            scalars.add(name)
        elif kind == "enum":
            enums[name] = frozenset(_words(reader))
        else:
            {"type": objects, "input": inputs}[kind][name] = _members(reader)
    found = Schema(objects, inputs, enums, frozenset(scalars))
    _require_whole(found)
    return found


def _words(reader: Reader) -> list[str]:
    reader.expects("{")
    found: list[str] = []
    while not reader.takes("}"):
        found.append(reader.name())
    return found


def _members(reader: Reader) -> Mapping[str, Member]:
    reader.expects("{")
    found: dict[str, Member] = {}
    while not reader.takes("}"):
        name = reader.name()
        arguments: dict[str, TypeRef] = {}
        if reader.takes("("):
            while not reader.takes(")"):
                given = reader.name()
                reader.expects(":")
                arguments[given] = type_ref(reader)
        reader.expects(":")
        found[name] = Member(type_ref(reader), arguments)
    return found


def _require_whole(schema: Schema) -> None:
    known = {*schema.objects, *schema.inputs, *schema.enums, *schema.scalars}
    for members in (*schema.objects.values(), *schema.inputs.values()):
        for member in members.values():
            for each in (member.type, *member.arguments.values()):
                named = each
                while named.items is not None:
                    named = named.items
                if named.name not in known:
                    raise ValueError(f"no type {named.name}")
