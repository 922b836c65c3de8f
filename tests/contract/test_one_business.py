"""One business, read through every vendor: the same stock per SKU, whichever warehouse system shows it."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from planster_sync.connectors import registry
from planster_sync.model.data_types import DataType
from planster_sync.ports.source import ReadRequest
from simulators.business.business import Business
from simulators.business.spec import BusinessSpec
from tests.contract.over_http.simulated import SIZE, Meeting
from tests.contract.test_connectors_over_http import SIMULATED


@pytest.mark.parametrize("name", registry.names())
def test_every_vendor_shows_the_same_stock_of_a_sku(name: str) -> None:
    with ExitStack() as closing:
        meeting = Meeting(name, SIMULATED[name], closing)
        connector = meeting.connector()
        read = registry.capabilities(name).read_of(DataType.INVENTORY_LEVELS)
        assert read is not None
        mapped = [
            record
            for page in connector.pages(ReadRequest(read.name))
            for each in page.records
            for record in connector.map(read.name, each.raw).owned
            if record.data_type is DataType.INVENTORY_LEVELS
        ]
        business = Business(BusinessSpec(1, SIZE, {}), meeting.clock.now().replace(hour=0))

    shown = {each.get("sku"): each.get("on_hand") for each in (record.attributes() for record in mapped)}
    wanted = {item["sku"]: item["onhand"] for item in business.records("inventory") if item["sku"]}
    assert {sku: shown.get(sku) for sku in wanted} == wanted
