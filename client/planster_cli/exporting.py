"""`planster export`: records into a file, or into a pipe."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from planster_cli import names
from planster_cli.asking import DataTypeName, Desk, desk
from planster_cli.words import records
from planster_client.exporting import Part


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
    if output is None:
        with _pipe(at.around.out.buffer) as opened:
            for part in parts:
                opened.write(part.content)
        return
    count = _into(at, Path(output), parts)
    words = "Everything" if count is None else records(count)
    at.form.answer({"file": output, "records": count}, f"{words} in {output}.")


def _into(at: Desk, file: Path, parts: Iterator[Part]) -> int | None:
    """How many records there were; None where nobody counted."""
    count: int | None = 0
    with at.screen.err.status("Waiting for the first part") as shown, _file(file) as opened:
        for part in parts:
            opened.write(part.content)
            count = None if count is None or part.records is None else count + part.records
            shown.update("Reading" if count is None else records(count))
    return count


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
