"""`planster adjust`: corrections by hand, in force until the source speaks again."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import Any

import click
from rich.console import RenderableType
from rich.text import Text

from planster_cli import names
from planster_cli.asking import Desk, desk
from planster_cli.exits import Exit
from planster_cli.failures import Misused
from planster_cli.tables import table
from planster_cli.verifying import value
from planster_cli.words import ago, number, records
from planster_client.answers import Adjustment, BulkAdjustment

AdjustableName = click.Choice(("inventory_levels", "products"))


@click.group()
def adjust() -> None:
    """Correct stock and products by hand. A correction ends when a sync has read the record's source after it."""


@adjust.command()
@names.integration()
@click.argument("data_type", type=AdjustableName, metavar="DATA_TYPE")
@click.argument("fields", nargs=-1, required=True, metavar="FIELD=VALUE...")
@click.option("--record", metavar="ID", help="The record by its id.")
@click.option("--sku", metavar="SKU", help="The record by its SKU, where one only has it.")
@click.option("--warehouse", "warehouse_id", metavar="ID", help="Whose stock, where several warehouses hold it.")
@click.option("--reason", required=True, help="Why; kept with the correction.")
@desk
def one(at: Desk, integration: str, data_type: str, fields: Sequence[str], reason: str, **which: str | None) -> None:
    """Correct one record, at once.

    A VALUE is JSON where it can be read as such (8, true, null, ["a"]), else a text.
    """
    told = {name: each for name, each in which.items() if each is not None}
    if ("record" in told) == ("sku" in told):
        raise Misused("Which record?", "Name either --record or --sku.")
    made = at.integration(integration).adjust(data_type, dict(map(_field, fields)), reason, **told)
    shown = made.record
    words = ", ".join(f"{name} {value(shown.get(name))}" for name in made.adjustment.fields)
    at.answer(made, Text(f"{shown.get('sku') or made.adjustment.record} now has {words}."))


@adjust.command("csv")
@names.integration()
@click.argument("data_type", type=AdjustableName, metavar="DATA_TYPE")
@click.argument("file", metavar="FILE")
@click.option("--reason", required=True, help="Why, for each line that names no reason of its own.")
@click.option("--apply", "effect", flag_value="apply", default="dry_run", help="Put it in force.")
@desk
def many(at: Desk, integration: str, data_type: str, file: str, reason: str, effect: str | None) -> int:
    """Correct many records by a CSV FILE, all lines or none.

    Its first line names the columns: id or sku, warehouse_id where needed, the fields, and reason where it differs.
    A FILE of - is the standard input. Without --apply it is a dry run: each line is judged, and nothing changes.
    Ends with 1 where a line is wrong.
    """
    text = _csv_in(at, file)
    judged = at.integration(integration).adjust_many(data_type, text, reason, effect or "dry_run")
    at.answer(judged, *_judgement(judged, text))
    return Exit.BAD_OUTCOME if judged.errors else Exit.DONE


@adjust.command("list")
@names.integration()
@click.argument("data_type", type=AdjustableName, metavar="DATA_TYPE")
@click.option("--record", metavar="ID", help="All corrections of one record, the ended ones too.")
@desk
def show(at: Desk, integration: str, data_type: str, record: str | None) -> None:
    """The corrections in force."""
    place = at.integration(integration)
    if record is None:
        found = list(place.adjustments(data_type))
        at.answers([each.document for each in found], _corrections(at, found))
        return
    history = place.adjustment_history(data_type, record)
    at.answer(history, _corrections(at, [*([history.in_force] if history.in_force else []), *history.ended]))


@adjust.command()
@names.integration()
@click.argument("data_type", type=AdjustableName, metavar="DATA_TYPE")
@click.argument("record")
@desk
def withdraw(at: Desk, integration: str, data_type: str, record: str) -> None:
    """Take the correction of a RECORD back."""
    history = at.integration(integration).withdraw(data_type, record)
    at.answer(history, Text(f"{record} says again what the source said."))


def _field(told: str) -> tuple[str, Any]:
    name, is_there, text = told.partition("=")
    if not is_there or not name:
        raise Misused(f"{told} is no correction.", "Write it as on_hand=8.")
    try:
        return name, json.loads(text)
    except ValueError:
        return name, text


def _csv_in(at: Desk, file: str) -> str:
    try:
        return at.around.text_of(file)
    except UnicodeDecodeError as error:
        raise Misused(f"{file} is not text in UTF-8.", "Save it as CSV in UTF-8.") from error


def _judgement(judged: BulkAdjustment, text: str) -> Iterator[RenderableType]:
    wrong = {error.line for error in judged.errors}
    if judged.errors:
        made = table("line", "what it says", "what is wrong", numbers=("line",), wide="what is wrong")
        said = _lines(text)
        for error in judged.errors:
            words = Text.assemble((error.what, "red"), ("\n→ ", "dim"), error.remedy)
            made.add_row(str(error.line), Text(said.get(error.line, ""), style="dim"), words)
        yield made
    else:
        yield _changes(judged)
    yield _verdict(judged, len(wrong))


def _verdict(judged: BulkAdjustment, wrong: int) -> Text:
    if judged.applied:
        return Text(f"✔ {records(len(judged.changes))} corrected.", style="green")
    if wrong:
        return Text(f"✖ {number(wrong)} of {number(judged.lines)} lines are wrong; nothing was changed.", style="red")
    return Text(f"{records(len(judged.changes))} would be corrected; nothing was changed yet: --apply does it.")


def _changes(judged: BulkAdjustment) -> RenderableType:
    made = table("record", "field", "before", "after", numbers=("before", "after"))
    for change in judged.changes:
        for index, (name, after) in enumerate(change.fields.items()):
            before = Text(value(change.before.get(name)), style="dim")
            made.add_row(change.record if index == 0 else "", name, before, value(after))
    return made


def _lines(text: str) -> dict[int, str]:
    """What a line says, shortened; numbered as the API does: by the line at which it begins, names are 1."""
    reader = csv.reader(io.StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    found, begins = {}, 1
    for cells in reader:
        found[begins] = ", ".join(cells)[:40]
        begins = reader.line_num + 1
    return found


def _corrections(at: Desk, found: Sequence[Adjustment]) -> RenderableType:
    if not found:
        return Text("No correction is in force.")
    made = table("record", "fields", "by", "made", "ended", "reason", wide="reason")
    for each in found:
        fields = ", ".join(f"{name} {value(new)}" for name, new in each.fields.items())
        ended = f"{ago(each.ended_at, at.around.now())}, {each.ended_how}" if each.ended_at else "in force"
        made.add_row(each.record, fields, each.author, ago(each.made_at, at.around.now()), ended, each.reason)
    return made
