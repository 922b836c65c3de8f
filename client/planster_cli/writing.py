"""`planster write`: inbound shipments, asked for and looked after."""

from __future__ import annotations

import click
from rich.text import Text

from planster_cli import names
from planster_cli.asking import Desk, desk
from planster_cli.exits import Exit
from planster_cli.reading import document
from planster_client.answers import Trial, Write


@click.group()
def write() -> None:
    """Create or change an inbound shipment in the warehouse system, and see what became of it."""


@write.command()
@names.integration()
@click.argument("file", metavar="FILE")
@click.option("--dry-run", "is_trial", is_flag=True, help="Say what would be refused, and send nothing.")
@desk
def create(at: Desk, integration: str, file: str, is_trial: bool) -> int:
    """Ask for a shipment; FILE is its JSON, - for standard input. Its reference makes it one request."""
    place, draft = at.integration(integration), document(at.around, file)
    if is_trial:
        return _tried(at, place.try_create_shipment(draft))
    return _told(at, place.create_shipment(draft), waiting=Exit.DONE)


@write.command()
@names.integration()
@click.argument("shipment")
@click.argument("file", metavar="FILE")
@click.option("--dry-run", "is_trial", is_flag=True, help="Say what would be refused, and send nothing.")
@desk
def update(at: Desk, integration: str, shipment: str, file: str, is_trial: bool) -> int:
    """Ask for a change of SHIPMENT (its record id); FILE is the change as JSON, - for standard input."""
    place, change = at.integration(integration), document(at.around, file)
    if is_trial:
        return _tried(at, place.try_change_shipment(shipment, change))
    return _told(at, place.change_shipment(shipment, change), waiting=Exit.DONE)


@write.command()
@names.integration()
@click.argument("reference")
@desk
def status(at: Desk, integration: str, reference: str) -> int:
    """What became of a request: ends with 0 where it was done, 1 where it failed, 6 where it has not ended."""
    return _told(at, at.integration(integration).shipment_write(reference), waiting=Exit.UNFINISHED)


def _tried(at: Desk, found: Trial) -> int:
    at.answer(found, Text.assemble((f"{found.reference}: ", "bold"), found.sentence))
    return Exit.DONE


def _told(at: Desk, found: Write, waiting: Exit) -> int:
    at.answer(found, Text.assemble((f"{found.reference}: ", "bold"), found.state, f". {found.sentence}"))
    if found.state == "failed":
        return Exit.BAD_OUTCOME
    return Exit.DONE if found.state == "succeeded" else waiting
