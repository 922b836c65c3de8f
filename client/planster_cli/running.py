"""`planster runs` and `planster cancel`: what was synced, and stopping what is at work."""

from __future__ import annotations

from itertools import islice

import click
from rich.text import Text

from planster_cli import names, run_pictures
from planster_cli.asking import Desk, desk
from planster_cli.exits import Exit
from planster_cli.following import follow

STATES = ("queued", "running", "succeeded", "succeeded_with_warnings", "failed", "cancelled")


@click.command()
@names.integration()
@click.argument("run", required=False)
@click.option("--state", type=click.Choice(STATES), help="Only runs in this state.")
@click.option("--trigger", type=click.Choice(("schedule", "catch_up", "manual")), help="Only runs that began so.")
@click.option("--last", "count", type=click.IntRange(1, 10_000), default=20, show_default=True, help="So many runs.")
@click.option("--follow", "is_followed", is_flag=True, help="Show how far RUN is, until it has ended.")
@desk
def runs(
    at: Desk, integration: str, run: str | None, state: str | None, trigger: str | None, count: int, is_followed: bool
) -> int:
    """The syncs of INTEGRATION, newest first; or one RUN with its tasks. They are kept for 90 days.

    One run ends with 1 where it failed or was cancelled, with 6 where it has not ended.
    """
    place = at.integration(integration)
    if run is None:
        found = list(islice(place.runs(state, trigger, page=min(count, 100)), count))
        at.answers([each.document for each in found], run_pictures.history(found, at.around.now()))
        return Exit.DONE
    if is_followed:
        return follow(at, place, run)
    seen = place.run(run)
    at.answer(seen, *run_pictures.ended(seen, at.around.now()))
    if not seen.is_final:
        return Exit.UNFINISHED
    return Exit.DONE if seen.is_good else Exit.BAD_OUTCOME


@click.command()
@names.integration()
@click.argument("run")
@desk
def cancel(at: Desk, integration: str, run: str) -> None:
    """Stop a RUN: what has not begun never does, what is at work stops within minutes, what is stored stays."""
    accepted = at.integration(integration).cancel(run)
    at.answer(accepted, Text(accepted.message))
