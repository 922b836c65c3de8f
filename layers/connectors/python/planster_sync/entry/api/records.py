"""Planster's copy of the records, page by page, by SKU, by change, and one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import unquote

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from planster_sync.entry.api.filters import Wanted
from planster_sync.entry.api.integrations import existing
from planster_sync.entry.api.paths import (
    After,
    DataTypeName,
    IntegrationId,
    Limit,
    OrganisationId,
    RecordId,
    Sku,
    StatusWord,
    WarehouseName,
)
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.api.views import AskedInstant, View
from planster_sync.entry.api.walks import Walk
from planster_sync.errors import NotFound, Unsupported
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Integration
from planster_sync.ports.stores import RecordKey

UpdatedSince = Annotated[
    AskedInstant | None,
    Query(
        description="Only what changed in Planster's copy at or after this moment, oldest change first, tombstones "
        "(`deleted_at`) too. The index lags by moments: ask again from a minute before the last answer."
    ),
]


class RecordList(View):
    """Records as unified fields, with `read_at`, `changed_at` and, where they apply, `deleted_at`, `quarantined_at`.

    `adjustment` says which fields were corrected by hand, by whom and why, and what the source had said.
    """

    records: list[dict[str, Any]]
    after: str | None = Field(
        description="The cursor of the next page; null at the end. A page may be shorter than `limit`."
    )


@dataclass(frozen=True, slots=True)
class RecordRoutes:
    shop: ApiShop

    def list_all(
        self,
        organisation: OrganisationId,
        integration: IntegrationId,
        data_type: DataTypeName,
        limit: Limit = 50,
        after: After = None,
        updated_since: UpdatedSince = None,
        sku: Sku = None,
        warehouse: WarehouseName = None,
        status: StatusWord = None,
    ) -> RecordList:
        """Live records of one data type; with `updated_since`, what changed, tombstones included."""
        serving(self.shop, organisation, integration, data_type)
        walk = walk_of(organisation, integration, Wanted(data_type, sku, warehouse, status), updated_since)
        position = walk.opened(after)
        if walk.wanted.is_by_own_sku and updated_since is None:
            return RecordList(records=by_sku(self.shop, walk), after=None)
        found = walk.page(self.shop.records, limit, position)
        return RecordList(records=found.records, after=walk.sealed(found.position))

    def show(
        self, organisation: OrganisationId, integration: IntegrationId, data_type: DataTypeName, record: RecordId
    ) -> dict[str, Any]:
        """One record, a tombstone too.

        API Gateway decodes the path and other hosts do not, so an id that is not found as it stands is tried decoded.
        """
        serving(self.shop, organisation, integration, data_type)
        return stored(self.shop, organisation, integration, data_type, record)


def serving(shop: ApiShop, organisation: str, integration: str, data_type: DataType) -> Integration:
    """The integration, which serves the data type.

    Raises:
        NotFound: this organisation has none of that id.
        Unsupported: its connector has no such data type.
    """
    found = existing(shop, organisation, integration)
    capabilities = shop.capabilities(found.connector)
    if capabilities.read_of(data_type) is None:
        raise Unsupported(f"{capabilities.title} does not serve {data_type.value}.")
    return found


def stored(shop: ApiShop, organisation: str, integration: str, data_type: DataType, record: str) -> dict[str, Any]:
    """The record as it is shown, its id as it stands or decoded.

    Raises:
        NotFound: neither was ever stored.
    """
    for name in dict.fromkeys((record, unquote(record))):
        found = shop.records.get(organisation, integration, RecordKey(data_type, name))
        if found is not None:
            return found
    raise NotFound("There is no such record in Planster's copy.", remedy="Check the id, or sync the data type.")


def walk_of(organisation: str, integration: str, wanted: Wanted, since: datetime | None) -> Walk:
    wanted.check()
    return Walk(organisation, integration, wanted, since)


def by_sku(shop: ApiShop, walk: Walk) -> list[dict[str, Any]]:
    """Live records that carry the SKU themselves, by the index; a bounded number, never paged."""
    wanted = walk.wanted
    found = shop.records.by_sku(walk.organisation, walk.integration, wanted.sku or "")
    return [record for record in found if record["data_type"] == wanted.data_type and wanted.suits(record)]
