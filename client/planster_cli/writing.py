"""`planster write`: inbound shipments, asked for and looked after."""

from __future__ import annotations

import click
from rich.text import Text

from planster_cli import names
from planster_cli.asking import Desk, desk
from planster_cli.exits import Exit
from planster_cli.reading import document
from planster_client.answers import Write


@click.group()
def write() -> None:
    """Create or change an inbound shipment in the warehouse system, and see what became of it."""


@write.command()
@names.integration()
@click.argument("file", metavar="FILE")
@desk
def create(at: Desk, integration: str, file: str) -> int:
    """Ask for a shipment; FILE is its JSON, - for standard input. Its reference makes it one request."""
    return _told(at, at.integration(integration).create_shipment(document(at.around, file)), waiting=Exit.DONE)


@write.command()
@names.integration()
@click.argument("shipment")
@click.argument("file", metavar="FILE")
@desk
def update(at: Desk, integration: str, shipment: str, file: str) -> int:
    """Ask for a change of SHIPMENT (its record id); FILE is the change as JSON, - for standard input."""
    return _told(
        at, at.integration(integration).change_shipment(shipment, document(at.around, file)), waiting=Exit.DONE
    )


@write.command()
@names.integration()
@click.argument("reference")
@desk
def status(at: Desk, integration: str, reference: str) -> int:
    """What became of a request: ends with 0 where it was done, 1 where it failed, 6 where it has not ended."""
    return _told(at, at.integration(integration).shipment_write(reference), waiting=Exit.UNFINISHED)


def _told(at: Desk, found: Write, waiting: Exit) -> int:
    at.answer(found, Text.assemble((f"{found.reference}: ", "bold"), found.state, f". {found.sentence}"))
    if found.state == "failed":
        return Exit.BAD_OUTCOME
    return Exit.DONE if found.state == "succeeded" else waiting
