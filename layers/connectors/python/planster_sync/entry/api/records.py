"""Planster's copy of the records, page by page, by SKU, by change, and one by one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import unquote

from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import Field

from planster_sync.entry.api import cursors
from planster_sync.entry.api.integrations import existing
from planster_sync.entry.api.paths import After, DataTypeName, IntegrationId, Limit, OrganisationId, RecordId
from planster_sync.entry.api.shop import ApiShop, RecordPage
from planster_sync.entry.api.views import Instant, View
from planster_sync.errors import InvalidRequest, NotFound, Unsupported
from planster_sync.model.data_types import DataType
from planster_sync.ports.stores import RecordKey

UpdatedSince = Annotated[
    Instant | None,
    Query(
        description="Only what changed in Planster's copy at or after this moment, oldest change first, tombstones "
        "(`deleted_at`) too. The index lags by moments: ask again from a minute before the last answer."
    ),
]
Sku = Annotated[str | None, Query(min_length=1, max_length=512, description="Only records that carry this SKU.")]

LARGEST_PAGE_BYTES = 4_000_000
"""Lambda answers with 6 MB at most (AWS: Lambda quotas), the escapes of JSON within JSON included."""


class RecordList(View):
    """Records as unified fields, with `read_at`, `changed_at` and, where they apply, `deleted_at`, `quarantined_at`."""

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
    ) -> RecordList:
        """Live records of one data type; with `updated_since`, what changed, tombstones included."""
        self._check(organisation, integration, data_type)
        if sku is not None:
            return self._by_sku(organisation, integration, data_type, sku, (after, updated_since))
        since = updated_since.isoformat() if updated_since else ""
        scope = ("records", organisation, integration, data_type.value, since)
        cursor = cursors.opened(scope, after) if after else None
        page = self._page(organisation, integration, data_type, updated_since, limit, cursor)
        while limit > 1 and _size(page) > LARGEST_PAGE_BYTES:
            limit //= 2
            page = self._page(organisation, integration, data_type, updated_since, limit, cursor)
        following = cursors.sealed(scope, page.cursor) if page.cursor is not None else None
        return RecordList(records=list(page.records), after=following)

    def show(
        self, organisation: OrganisationId, integration: IntegrationId, data_type: DataTypeName, record: RecordId
    ) -> dict[str, Any]:
        """One record, a tombstone too.

        API Gateway decodes the path and other hosts do not, so an id that is not found as it stands is tried decoded.
        """
        self._check(organisation, integration, data_type)
        for name in dict.fromkeys((record, unquote(record))):
            found = self.shop.records.get(organisation, integration, RecordKey(data_type, name))
            if found is not None:
                return found
        raise NotFound("There is no such record in Planster's copy.", remedy="Check the id, or sync the data type.")

    def _page(
        self,
        organisation: str,
        integration: str,
        data_type: DataType,
        since: Instant | None,
        limit: int,
        cursor: str | None,
    ) -> RecordPage:
        reader = self.shop.records
        if since is None:
            return reader.page(organisation, integration, data_type, limit=limit, cursor=cursor)
        return reader.changed_since(organisation, integration, data_type, since=since, limit=limit, cursor=cursor)

    def _by_sku(
        self, organisation: str, integration: str, data_type: DataType, sku: str, others: tuple[object, ...]
    ) -> RecordList:
        if any(other is not None for other in others):
            raise InvalidRequest(
                "`sku` cannot be combined with `after` or `updated_since`.", remedy="Ask by SKU alone."
            )
        found = self.shop.records.by_sku(organisation, integration, sku)
        return RecordList(records=[record for record in found if record["data_type"] == data_type], after=None)

    def _check(self, organisation: str, integration: str, data_type: DataType) -> None:
        capabilities = self.shop.capabilities(existing(self.shop, organisation, integration).connector)
        if capabilities.read_of(data_type) is None:
            raise Unsupported(f"{capabilities.title} does not serve {data_type.value}.")


def _size(page: RecordPage) -> int:
    return len(json.dumps(page.records))
