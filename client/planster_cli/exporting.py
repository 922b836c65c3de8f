"""`planster export`: records into a file, or into a pipe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from planster_cli import names
from planster_cli.asking import DataTypeName, Desk, desk
from planster_cli.words import number


@click.command()
@names.integration()
@click.argument("data_type", type=DataTypeName, metavar="DATA_TYPE")
@click.option("--format", "file_format", type=click.Choice(("csv", "ndjson")), default="csv", show_default=True)
@click.option("--output", "-o", metavar="FILE", help="Left out: the standard output.")
@click.option("--sku", help="Only records that carry this SKU.")
@click.option("--warehouse", metavar="ID", help="Only records of this warehouse.")
@click.option("--status", metavar="WORD", help="Only records in this status.")
@click.option("--updated-since", metavar="TIME", help="Only what changed since, as 2026-05-01T00:00:00Z.")
@desk
def export(
    at: Desk, integration: str, data_type: str, file_format: str, output: str | None, **filters: str | None
) -> None:
    """The records of a data type as CSV for spreadsheets or NDJSON for programs.

    A file is there when it is whole: until then it bears the name with .part behind it.
    """
    parts = at.integration(integration).export(data_type, file_format, **filters)
    records, is_counted = 0, True
    with _file(Path(output)) if output else _pipe(at.around.out.buffer) as opened:
        for part in parts:
            opened.write(part.content)
            records, is_counted = records + (part.records or 0), is_counted and part.records is not None
            if at.is_for_people and at.screen.err.is_terminal:
                at.screen.err.print(f"\r{number(records)} records", end="", style="dim")
    if output:
        place = {"file": output, "records": records if is_counted else None}
        words = f"{number(records) + ' records' if is_counted else 'Everything'} in {output}."
        at.form.answer(place, words)


@contextmanager
def _file(name: Path) -> Iterator[BinaryIO]:
    beside = name.with_name(f"{name.name}.part")
    try:
        with beside.open("wb") as opened:
            yield opened
        beside.replace(name)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def _pipe(stream: BinaryIO) -> Iterator[BinaryIO]:
    yield stream
    stream.flush()
