"""`planster check`: the connection, tried now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import click
from rich.console import RenderableType
from rich.text import Text

from planster_cli import names
from planster_cli.advice import what_to_do
from planster_cli.asking import Desk, desk
from planster_cli.exits import Exit
from planster_cli.tables import table
from planster_cli.words import VERDICT, look, marked, plain
from planster_client.answers import Check


@click.command()
@names.integration()
@desk
def check(at: Desk, integration: str) -> int:
    """Try the credentials of INTEGRATION and each data type's permission; within ten seconds.

    Ends with 1 where something does not work.
    """
    found = at.integration(integration).check()
    at.answer(found, *pictures(found, at.around.now()))
    return Exit.DONE if found.works else Exit.BAD_OUTCOME


def pictures(found: Check, now: datetime) -> Iterator[RenderableType]:
    """The verdict, each data type's, and what to do where something does not work."""
    worst = look(VERDICT, "works" if found.works else found.credentials.verdict)
    mark, style = (worst.mark, worst.style) if found.works or found.credentials.verdict != "works" else ("▲", "yellow")
    yield Text.assemble((f"{mark} ", style), (found.sentence, "bold"))
    made = table("what was tried", "verdict")
    made.add_row("credentials", marked(VERDICT, found.credentials.verdict))
    for each in found.data_types:
        made.add_row(plain(each.data_type), marked(VERDICT, each.verdict))
    yield Text()
    yield made
    tried = (found.credentials, *found.data_types)
    yield from what_to_do((([each.data_type or "credentials"], each.problem) for each in tried if each.problem), now)
