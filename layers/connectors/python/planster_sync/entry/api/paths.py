"""The parts of an address, with the bounds that every route puts on them."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query

from planster_sync.entry.api.cursors import LONGEST
from planster_sync.model.data_types import DataType

LARGEST_PAGE = 100

OrganisationId = Annotated[str, Path(min_length=1, max_length=128, description="The tenant.")]
IntegrationId = Annotated[str, Path(min_length=1, max_length=128, description="One connected account of it.")]
ConnectorName = Annotated[str, Path(min_length=1, max_length=64, description="One of the connectors' names.")]
RunId = Annotated[str, Path(min_length=1, max_length=128, description="A sync run of the integration.")]
DataTypeName = Annotated[DataType, Path(description="One of the thirteen data types.")]
RecordId = Annotated[
    str, Path(min_length=1, max_length=3072, description="The source's own id, URL-encoded; it may hold slashes.")
]
ShipmentId = Annotated[
    str, Path(min_length=1, max_length=3072, description="The shipment's record id, URL-encoded; it may hold slashes.")
]
WriteReference = Annotated[
    str, Path(min_length=1, max_length=512, description="The request's reference, URL-encoded; it may hold slashes.")
]
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="The most items that a page may have.")]
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="The caller's own name for this request: repeated within a day, it starts nothing anew.",
    ),
]
After = Annotated[
    str | None, Query(min_length=1, max_length=LONGEST, description="The cursor that the page before gave.")
]
Sku = Annotated[
    str | None,
    Query(min_length=1, max_length=512, description="Only records that carry this SKU, themselves or on a line."),
]
WarehouseName = Annotated[
    str | None, Query(min_length=1, max_length=1024, description="Only records of the warehouse with this id.")
]
StatusWord = Annotated[
    str | None, Query(min_length=1, max_length=64, description="Only records in this status; one of Planster's words.")
]
