"""The template's own tables, as the simulated DynamoDB has them."""

from __future__ import annotations

from tests.contract.stores.tables import template
from tests.fakes.simulated_tables import table_layout

_RESOURCES = template()["Resources"]

LAYOUTS = (
    table_layout("control", _RESOURCES["ControlTable"]["Properties"]),
    table_layout("records", _RESOURCES["RecordsTable"]["Properties"]),
)
