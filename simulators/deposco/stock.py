"""V1: stock by Bright Order's route or by the one of every tenant. Blank answers with status 200 are failures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simulators.business.spec import Record
from simulators.deposco.answers import StockPage, plainly
from simulators.deposco.catalogue import MEASURES
from simulators.deposco.names import UNIT
from simulators.serving.account import Account
from simulators.serving.asking import known_parameters
from simulators.serving.exchange import Answer, rendered
from simulators.serving.simulation import Call

DEFAULT_SIZE, FULL_SIZE = 100, 100
KNOWN = frozenset({*MEASURES, "inTransitQty"})


def availability(call: Call[Account]) -> Answer:
    """`/enterpriseinventory/{businessUnit}/availability`: only the measures that are asked for."""
    asked = known_parameters(
        call.request,
        {"measures", "itemNumbers", "facilityNumbers", "pageNumber", "pageSize"},
        lambda name: plainly(400, f"Parameter {name} is not supported"),
    )
    if call.ids["unit"] != UNIT:
        raise plainly(400, f"Business unit {call.ids['unit']} was not found")
    measures = _measures(asked)
    houses = frozenset(filter(None, asked.get("facilityNumbers", "").split(",")))
    items = [_measured(each, measures, houses) for each in call.account.lists["stock"].records()]
    if "itemNumbers" in asked:
        wanted = set(asked["itemNumbers"].split(","))
        found = [each for each in items if each["itemNumber"] in wanted]
        return Answer(200, rendered([{"enterpriseInventory": found}]), content_type="application/xml")
    size = _whole(asked, "pageSize", DEFAULT_SIZE)
    return StockPage(items, _whole(asked, "pageNumber", 1), size, is_xml=False).answer()


def full(call: Call[Account]) -> Answer:
    """`/inventory/full`, in XML whatever is accepted."""
    asked = known_parameters(
        call.request, {"pageNo", "startActivityTime"}, lambda name: plainly(400, f"Parameter {name} is not supported")
    )
    size = int(call.account.spec.settings.get("full_rows", FULL_SIZE))
    items = call.account.lists["stock"].records()
    return StockPage(items, _whole(asked, "pageNo", 1), size, is_xml=True).answer()


def _measures(asked: Mapping[str, str]) -> Sequence[str]:
    measures = asked.get("measures", "").split(",")
    for each in measures:
        if each not in KNOWN:
            raise plainly(400, f"Measure {each} is not configured")
    return measures


def _measured(item: Record, measures: Sequence[str], houses: frozenset[str]) -> Record:
    facilities = [
        {"facility": each["facility"], **{name: each[name] for name in measures if name in each}}
        for each in item["facilities"]
        if not houses or each["facility"] in houses
    ]
    totals = {name: item[name] for name in measures}
    return {"itemId": item["itemId"], "itemNumber": item["itemNumber"], **totals, "facilities": facilities}


def _whole(asked: Mapping[str, str], name: str, default: int) -> int:
    given = asked.get(name, str(default))
    if not given.isdigit() or int(given) < 1:
        raise plainly(400, f"Parameter {name} must be a positive number")
    return int(given)
