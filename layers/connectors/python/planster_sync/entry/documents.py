"""The reference tables that people read, made from the declarations that the code obeys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from planster_sync.connectors import registry
from planster_sync.model.catalog import RECORDS, fields_of
from planster_sync.model.data_types import DataType
from planster_sync.ports.source import Capabilities, Origin, Read, WriteOperation

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


def overview(declared: Sequence[Capabilities]) -> str:
    """What a terminal shows: the capability matrix, then the field coverage, in aligned columns."""
    head = ("", *(each.name for each in declared))
    matrix = [head, *((str(data_type), *(_brief(each, data_type) for each in declared)) for data_type in DataType)]
    matrix += [
        (str(operation), *(_mark(operation in each.writes) for each in declared)) for operation in WriteOperation
    ]
    fields = [
        (f"{data_type}.{note.path}", *(_mark(note.path in each.fills.get(data_type, ())) for each in declared))
        for data_type in DataType
        for note in fields_of(data_type)
    ]
    legend = "snapshot, incremental: how it is read; +: with another read; n/m: fields filled of those there are"
    return _text([*_aligned(matrix), "", legend, "", *_aligned([head, *fields])])


def _brief(capabilities: Capabilities, data_type: DataType) -> str:
    read = capabilities.read_of(data_type)
    if read is None:
        return NONE
    count = f"{len(capabilities.fills[data_type])}/{len(fields_of(data_type))}"
    return f"{read.style}{'' if next(iter(read.feeds)) is data_type else '+'} {count}"


def _mark(is_there: object) -> str:
    return "yes" if is_there else NONE


def _aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def coverage(capabilities: Capabilities) -> str:
    """The part of a vendor's README that follows from its declaration: facts, reads, where each field comes from."""
    lines = list(_facts(capabilities))
    for data_type in DataType:
        lines += ["", f"### {data_type}", ""]
        if data_type in capabilities.fills:
            lines += _origins(data_type, capabilities.fills[data_type])
        else:
            lines.append(f"Not served: {capabilities.exemptions[data_type]}.")
    return _text(lines)


def _origins(data_type: DataType, filled: Mapping[str, Origin]) -> Iterator[str]:
    """One row for each unified field, what is not available last and in one line."""
    yield from _row("unified field", "from", "rule")
    yield from _rule(3)
    paths = [note.path for note in fields_of(data_type)]
    for path in paths:
        if path in filled:
            fields = ", ".join(f"`{field}`" for field in filled[path].fields)
            yield from _row(f"`{path}`", fields or NONE, filled[path].rule or "as it is")
    missing = ", ".join(f"`{path}`" for path in paths if path not in filled)
    if missing:
        yield from ("", f"Not available: {missing}.")


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
    yield from _writes(capabilities)
    yield from _row(
        "read", "feeds", "style", "page", "overlap", "lag", "deletion proven by", "volatile", "history from a day on"
    )
    yield from _rule(9)
    for read in capabilities.reads.values():
        yield from _row(*_read(read))


def _writes(capabilities: Capabilities) -> Iterator[str]:
    if not capabilities.writes:
        return
    yield from _row("write", "must be given", "may be given")
    yield from _rule(3)
    for operation, rules in sorted(capabilities.writes.items()):
        yield from _row(operation, ", ".join(sorted(rules.required)), ", ".join(sorted(rules.accepted)) or NONE)
    yield ""


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
        _mark(read.has_history),
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
