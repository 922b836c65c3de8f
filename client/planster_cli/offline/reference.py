"""`planster connectors`, `model`, `cost` and `scale`: what is declared, described, measured and to be expected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import click

from planster_cli.near import Near, near
from planster_cli.offline.refusals import told
from planster_sync.connectors import registry
from planster_sync.entry import documents
from planster_sync.entry.cost import facts, report
from planster_sync.entry.cost.bill import Model
from planster_sync.entry.scale import report as scales
from planster_sync.model.catalog import RECORDS, fields_of
from planster_sync.ports.source import Capabilities


@click.command()
@click.option("--markdown", is_flag=True, help="Print docs/connectors.md.")
@click.option("--connector", metavar="NAME", help="Print one connector's coverage, as in its README.")
@near
def connectors(at: Near, markdown: bool, connector: str | None) -> None:
    """What the connectors offer: data types, how each is read, fields, writes."""
    with told():
        declared = [registry.capabilities(connector)] if connector else documents.all_declared()
    if connector:
        text = documents.coverage(declared[0])
    else:
        text = documents.connector_reference(declared) if markdown else documents.overview(declared)
    at.form.document([_offer(each) for each in declared], text)


@click.command()
@near
def model(at: Near) -> None:
    """The fields of every unified record, as docs/data-model.md."""
    fields = {
        str(data_type): [
            {"path": note.path, "kind": note.kind, "meaning": note.description} for note in fields_of(data_type)
        ]
        for data_type in RECORDS
    }
    at.form.document(fields, documents.model_reference())


@click.command()
@click.option("--integrations", type=click.IntRange(min=0), default=report.INTEGRATIONS, show_default=True, metavar="N")
@click.option("--profile", default="typical", metavar="NAME", help=f"{', '.join(facts.PROFILES)}, or a file.")
@click.option("--markdown", is_flag=True, help="Print the tables of docs/cost.md.")
@near
def cost(at: Near, integrations: int, profile: str, markdown: bool) -> None:
    """What the service costs on AWS in a month."""
    with told():
        chosen = report.model_of(profile)
        text = report.tables(report.all_models()) if markdown else report.bill(chosen, integrations)
    at.form.document(_bill(chosen, integrations), text)


@click.command()
@click.option("--integrations", type=click.IntRange(min=1), default=report.INTEGRATIONS, show_default=True, metavar="N")
@click.option("--profile", default="typical", metavar="NAME", help=f"{', '.join(facts.PROFILES)}, or a file.")
@click.option("--markdown", is_flag=True, help="Print the tables of docs/scale.md.")
@near
def scale(at: Near, integrations: int, profile: str, markdown: bool) -> None:
    """What breaks first when there are so many integrations, and what moves it."""
    with told():
        chosen = scales.scale_of(profile)
        text = scales.tables() if markdown else scales.outlook(chosen, integrations)
    at.form.document(scales.facts_of(chosen, integrations), text)


def _offer(declared: Capabilities) -> dict[str, Any]:
    served = {}
    for data_type in declared.data_types:
        read = declared.read_of(data_type)
        if read is not None:
            served[str(data_type)] = {
                "read": read.name,
                "style": str(read.style),
                "fields": sorted(declared.fills.get(data_type, ())),
            }
    return {
        "name": declared.name,
        "title": declared.title,
        "data_types": served,
        "writes": _names(sorted(declared.writes)),
        "requests_per_second": declared.rate.per_second,
    }


def _names(words: Sequence[object]) -> list[str]:
    return list(map(str, words))


def _bill(chosen: Model, integrations: int) -> dict[str, Any]:
    lines = [
        {"title": line.title, "quantity": line.quantity, "unit": line.unit, "dollars": line.dollars}
        for line in chosen.lines(integrations)
    ]
    return {"integrations": integrations, "lines": lines, "dollars": chosen.dollars(integrations)}
