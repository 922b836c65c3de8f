"""The words in which the coverage tables give their rules."""

from __future__ import annotations

from planster_sync.ports.source import Origin, taken

Table = dict[str, Origin]

LOWER = "in lower case"
UTC = "UTC"
DATE = "midnight in the setting zone"
DAY = "the calendar day as written"
FIRST = "the first that is there"
BASE = "in the setting currency"
WORD = "by table, unknown words become other"
STEPS = "the first step of the table that knows its word"
NAMED = "the id of the location of that name, else the name"

ID: Table = {"id": taken("ID", rule=LOWER)}
PLACE: Table = {"region": taken("State"), "postal_code": taken("Postcode"), "country": taken("Country")}


def location(name: str) -> Origin:
    return taken(name, "Places", rule=NAMED)
