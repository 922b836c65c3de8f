"""The toy vendor under the connector contract."""

from __future__ import annotations

import json

from tests.connectors.toy import TOY_CAPABILITIES, ToyMapper, ToySettings, ToyWarehouse
from tests.contract.connector_suite import Subject


def _samples() -> dict[str, tuple[bytes, ...]]:
    warehouse = ToyWarehouse()
    warehouse.put_article(1, pieces=7)
    warehouse.put_job(5, parcels=("P1", "P2"))
    return {
        "articles": (json.dumps(warehouse.articles[1]).encode(),),
        "jobs": (json.dumps(warehouse.jobs[5]).encode(),),
    }


SUBJECT = Subject(
    capabilities=TOY_CAPABILITIES,
    mapper=ToyMapper(ToySettings()),
    samples=_samples(),
    personal={"articles": (), "jobs": ("buyer.name", "buyer.mail")},
    source_id=lambda _, record: str(record["no"]),
)
