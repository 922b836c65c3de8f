"""Every command: where it is, what the list says of it, and how it is used. Data only: nothing is loaded for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Entry(NamedTuple):
    """Where a command is, what the list says of it, and how it is used."""

    place: str
    summary: str
    example: str


SECTIONS: Mapping[str, Mapping[str, Entry]] = {
    "Look": {
        "status": Entry(
            "looking:status", "what is fresh, what is not, and whose move it is", "planster status main --watch"
        ),
        "freshness": Entry(
            "mornings:freshness", "how often the data was there by six in the morning", "planster freshness main"
        ),
        "runs": Entry(
            "running:runs",
            "the history of syncs; one of them with its tasks",
            "planster runs main --state failed --last 5",
        ),
        "verify": Entry(
            "verifying:verify",
            "stored records beside what the source says now",
            "planster verify main inventory_levels --sku MUG-1",
        ),
        "check": Entry(
            "checking:check", "do the credentials work, and may they read everything?", "planster check main"
        ),
        "export": Entry(
            "exporting:export",
            "records as CSV or NDJSON",
            "planster export main orders --updated-since 2026-05-01T00:00:00Z -o orders.csv",
        ),
        "diagnose": Entry(
            "diagnosing:diagnose",
            "one bundle for support, without secrets and personal data",
            "planster diagnose main -o main.json",
        ),
        "quarantine": Entry(
            "quarantine:quarantine",
            "source records that were set aside, and why",
            "planster quarantine list main products",
        ),
    },
    "Act": {
        "sync": Entry(
            "syncing:sync", "sync now; --follow shows how far it is", "planster sync main inventory_levels --follow"
        ),
        "cancel": Entry("running:cancel", "stop a run", "planster cancel main 20260302T020100Z-Ab3dE"),
        "adjust": Entry(
            "adjusting:adjust",
            "correct records by hand, one or a CSV of them",
            "planster adjust csv main inventory_levels count.csv --reason 'count of March' --apply",
        ),
        "held": Entry(
            "deciding:held",
            "deletions that wait for a person: list, approve, reject",
            "planster held approve main orders",
        ),
        "settings": Entry(
            "setting:settings",
            "hours, zone, data types; show or change them",
            "planster settings main --zone Europe/Berlin --hour 2 --off bills",
        ),
        "pause": Entry("setting:pause", "sync nothing until it is resumed", "planster pause main"),
        "resume": Entry("setting:resume", "go on after a pause", "planster resume main"),
        "write": Entry(
            "writing:write", "create or change an inbound shipment", "planster write create main shipment.json"
        ),
    },
    "Set up": {
        "connect": Entry(
            "connecting:connect",
            "connect an account of a warehouse system, and load it",
            "planster connect NAME_OF_CONNECTOR --name 'Main warehouse' --zone Europe/Berlin --hour 2 --follow",
        ),
        "reconnect": Entry(
            "connecting:reconnect",
            "new credentials of the same account",
            "planster reconnect main --credentials - < credentials.json",
        ),
        "webhooks": Entry(
            "calling:webhooks",
            "addresses that are told what happened",
            "planster webhooks add https://example.org/hook --kind run.completed",
        ),
        "target": Entry(
            "aiming:target",
            "the APIs and organisations that you work with",
            "planster target add demo --url https://API --organisation acme --issuer https://ISSUER --client-id ID",
        ),
        "login": Entry("entering:login", "begin a session", "planster login --browser"),
        "logout": Entry("entering:logout", "forget the session", "planster logout"),
        "completion": Entry(
            "completing:completion", "the script that completes commands in your shell", "planster completion zsh"
        ),
    },
    "Without an account": {
        "connectors": Entry(
            "offline.reference:connectors", "what the connectors offer", "planster connectors --connector NAME"
        ),
        "map": Entry(
            "offline.mapping:map_files",
            "turn a vendor's pages into unified records",
            "planster map --connector NAME --data-type orders page.json",
        ),
        "check-draft": Entry(
            "offline.drafts:check_draft",
            "check an inbound shipment against a connector's rules",
            "planster check-draft --connector NAME shipment.json",
        ),
        "model": Entry(
            "offline.reference:model", "the fields of every record, as docs/data-model.md", "planster model"
        ),
        "cost": Entry(
            "offline.reference:cost", "what the service costs on AWS in a month", "planster cost --integrations 1000"
        ),
        "scale": Entry(
            "offline.reference:scale", "what breaks first with so many", "planster scale --integrations 10000"
        ),
    },
}
COMMANDS: Mapping[str, Entry] = {name: entry for each in SECTIONS.values() for name, entry in each.items()}
