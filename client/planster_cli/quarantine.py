"""`planster quarantine`: what was set aside, and having it looked at anew."""

from __future__ import annotations

from itertools import islice

import click
from rich.text import Text

from planster_cli import names
from planster_cli.asking import DataTypeName, Desk, desk
from planster_cli.tables import table
from planster_cli.words import ago


@click.group()
def quarantine() -> None:
    """Source records that could not be understood: list them with their reasons, or have them looked at anew."""


@quarantine.command("list")
@names.integration()
@click.argument("data_type", type=DataTypeName, metavar="DATA_TYPE")
@click.option("--first", "count", type=click.IntRange(1, 10_000), default=50, show_default=True, help="So many.")
@desk
def show(at: Desk, integration: str, data_type: str, count: int) -> None:
    """What was set aside, each with the field that is wrong and what to do."""
    found = list(islice(at.integration(integration).quarantine(data_type, page=min(count, 100)), count))
    made = table("source record", "field", "looked at", "what is wrong", wide="what is wrong")
    for each in found:
        wrong = Text.assemble(each.what, ("\n→ ", "dim"), each.remedy)
        made.add_row(each.source, each.path or "-", ago(each.at, at.around.now()), wrong)
    at.answers([each.document for each in found], made if found else Text("Nothing was set aside."))


@quarantine.command()
@names.integration()
@click.argument("data_type", type=DataTypeName, metavar="DATA_TYPE")
@desk
def retry(at: Desk, integration: str, data_type: str) -> None:
    """Have the next sync look at all of it anew, though it did not change at the source."""
    accepted = at.integration(integration).retry_quarantine(data_type)
    at.answer(accepted, Text(accepted.message))
