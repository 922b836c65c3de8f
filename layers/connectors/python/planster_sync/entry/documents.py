"""The reference tables that people read, made from the declarations that the code obeys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from planster_sync.connectors import registry
from planster_sync.model.catalog import RECORDS, fields_of
from planster_sync.model.data_types import DataType
from planster_sync.ports.source import Capabilities, Read

NONE = "-"
BEGIN, END = "<!-- generated: begin -->", "<!-- generated: end -->"


def connector_reference(declared: Sequence[Capabilities]) -> str:
    """docs/connectors.md: what each connector serves, how, and which unified fields it fills."""
    return _text(
        [
            "# Connectors",
            "",
            "Made by `planster connectors --markdown` from the connectors' own declarations. The number is how many of",
            "the data type's fields are filled.",
            "",
            *_matrix(declared),
            *(
                line
                for capabilities in declared
                for line in ("", f"## {capabilities.title}", "", *_facts(capabilities))
            ),
            "",
            "## Fields",
            "",
            "What each field means is in [data-model.md](data-model.md).",
            *_fields(declared),
        ]
    )


def coverage(capabilities: Capabilities) -> str:
    """The part of a vendor's README that follows from its declaration."""
    lines = [*_facts(capabilities), "", *_row("data type", "filled", "not filled"), *_rule(3)]
    for data_type in DataType:
        if data_type in capabilities.exemptions:
            lines += _row(data_type, f"not served: {capabilities.exemptions[data_type]}", "")
        else:
            filled = capabilities.fills[data_type]
            paths = [note.path for note in fields_of(data_type)]
            lines += _row(
                data_type,
                ", ".join(path for path in paths if path in filled),
                ", ".join(path for path in paths if path not in filled) or NONE,
            )
    return _text(lines)


def model_reference() -> str:
    """docs/data-model.md: every field of every unified record."""
    lines = [
        "# Data model",
        "",
        "Made by `planster model` from the records' own descriptions. Paths pass through lists: `lines.sku` is the SKU",
        "of each line. A null field is unknown, which is not 0; a list that is empty has nothing, or nothing is told.",
        "Money is `{amount, currency}` with an exact decimal text; a word is `{value, vendor}`: ours, the source's.",
    ]
    for data_type, record in RECORDS.items():
        summary = " ".join((record.__doc__ or "").split())
        lines += ["", f"## {data_type}", "", summary, "", *_row("field", "kind", "meaning"), *_rule(3)]
        for note in fields_of(data_type):
            lines += _row(f"`{note.path}`", note.kind, note.description)
    return _text(lines)


def all_declared() -> list[Capabilities]:
    """Every registered connector's declaration, by name."""
    return [registry.capabilities(name) for name in registry.names()]


def _matrix(declared: Sequence[Capabilities]) -> Iterator[str]:
    yield from _row("data type", *(each.title for each in declared))
    yield from _rule(1 + len(declared))
    for data_type in DataType:
        yield from _row(data_type, *(_served(each, data_type) for each in declared))
    yield from _row("writes", *(", ".join(sorted(each.writes)) or "none" for each in declared))


def _served(capabilities: Capabilities, data_type: DataType) -> str:
    read = capabilities.read_of(data_type)
    if read is None:
        return f"no: {capabilities.exemptions.get(data_type, 'not declared')}"
    count = f"{len(capabilities.fills[data_type])}/{len(fields_of(data_type))}"
    own = next(iter(read.feeds)) is data_type
    return f"{read.style}, {count}" if own else f"{read.style} with {read.name}, {count}"


def _facts(capabilities: Capabilities) -> Iterator[str]:
    yield f"Requests: {capabilities.rate.per_second:g} a second ({capabilities.rate.source})."
    yield (
        f"Mapping version {capabilities.mapping_version}; mappings depend on these settings: "
        + (", ".join(sorted(capabilities.mapping_settings)) or "none")
        + "."
    )
    yield ""
    yield from _row("credential or setting", "default", "meaning")
    yield from _rule(3)
    for form in (capabilities.credentials, capabilities.settings):
        for name, info in form.model_fields.items():
            default = "required" if info.is_required() else f"`{info.default}`" if info.default is not None else "none"
            yield from _row(f"`{name}`", default, info.description or "")
    yield ""
    yield from _row("read", "feeds", "style", "page", "overlap", "lag", "deletion proven by", "volatile")
    yield from _rule(8)
    for read in capabilities.reads.values():
        yield from _row(*_read(read))


def _read(read: Read) -> tuple[str, ...]:
    feeds = ", ".join(f"{data_type} ({sharing})" for data_type, sharing in read.feeds.items())
    spans = tuple(f"{span.total_seconds() / 60:g} min" if span else NONE for span in (read.overlap, read.lag))
    return (
        read.name,
        feeds,
        read.style,
        str(read.page_size),
        *spans,
        read.deletion,
        ", ".join(sorted(read.volatile)) or NONE,
    )


def _fields(declared: Sequence[Capabilities]) -> Iterator[str]:
    for data_type in DataType:
        yield from ("", f"### {data_type}", "")
        yield from _row("field", *(each.title for each in declared))
        yield from _rule(1 + len(declared))
        for note in fields_of(data_type):
            marks = ("yes" if note.path in each.fills.get(data_type, ()) else NONE for each in declared)
            yield from _row(f"`{note.path}`", *marks)


def _row(*cells: str) -> Iterator[str]:
    yield f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _rule(columns: int) -> Iterator[str]:
    yield f"|{' --- |' * columns}"


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"
