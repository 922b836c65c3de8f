"""`planster verify`: is the number wrong at the source, or only here?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click
from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from planster_cli import names
from planster_cli.advice import About, what_to_do
from planster_cli.asking import DataTypeName, Desk, desk
from planster_cli.exits import Exit
from planster_cli.failures import Misused
from planster_cli.tables import table
from planster_cli.words import OUTCOME, ago, look
from planster_client.answers import Definition, Verification, Verified

GOOD = frozenset({"same", "deleted"})


@click.command()
@names.integration()
@click.argument("data_type", type=DataTypeName, metavar="DATA_TYPE")
@click.option("--record", metavar="ID", help="One record by its id.")
@click.option("--sku", metavar="SKU", help="The records of this SKU.")
@click.option("--sample", type=click.IntRange(1, 10), metavar="N", help="So many records, others each time.")
@desk
def verify(at: Desk, integration: str, data_type: str, record: str | None, sku: str | None, sample: int | None) -> int:
    """Ask the warehouse system about stored records, and show what differs and what each field is taken from.

    Ends with 0 where all of them are the same, with 1 where one differs or could not be asked about.
    """
    which = {
        name: value for name, value in {"record": record, "sku": sku, "sample": sample}.items() if value is not None
    }
    if len(which) != 1:
        raise Misused("Which records?", "Name one of --record, --sku and --sample.")
    seen = at.integration(integration).verify(data_type, **which)
    at.answer(seen, *_pictures(seen, at.around.now()))
    return Exit.DONE if all(each.outcome in GOOD for each in seen.records) else Exit.BAD_OUTCOME


def _pictures(seen: Verification, now: datetime) -> Iterator[RenderableType]:
    for each in seen.records:
        found = look(OUTCOME, each.outcome)
        yield Text.assemble((f"{found.mark} {each.record}", f"bold {found.style}"), f"  {each.sentence}")
        yield Padding(Text(_last_change(each, now), style="dim"), (0, 0, 0, 2))
        if each.differences:
            yield Padding(_differences(each), (0, 0, 0, 2))
    yield from what_to_do(_troubles(seen), now)


def _troubles(seen: Verification) -> Iterator[About]:
    if seen.problem:
        yield ["the source"], seen.problem
    for each in seen.records:
        if each.problem:
            yield [each.record], each.problem


def _last_change(each: Verified, now: datetime) -> str:
    change = each.last_change
    by = f"by hand, by {change.adjusted_by}" if change.adjusted_by else f"by sync {change.run}" if change.run else ""
    return f"Last changed {ago(change.at, now)} {by}".rstrip() + "."


def _differences(each: Verified) -> RenderableType:
    made = table("field", "here", "at the source", "taken from", wide="taken from")
    for one in each.differences:
        made.add_row(one.path, value(one.stored), Text(value(one.source), style="bold"), _origin(one.definition))
    return made


def _origin(definition: Definition | None) -> Text:
    if definition is None:
        return Text("")
    rule = f" ({definition.rule})" if definition.rule else ""
    return Text(", ".join(definition.fields) + rule, style="dim")


def value(of: Any) -> str:
    """A text as it is, everything else as JSON; null is a field without a value."""
    if of is None:
        return "-"
    return of if isinstance(of, str) else json.dumps(of, ensure_ascii=False)
