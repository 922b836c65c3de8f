"""The API as one application: every route, the tenant's wall around them, and a problem document for every error."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, NamedTuple

from aws_lambda_powertools.event_handler import Response, content_types

from planster_sync.entry.api import document
from planster_sync.entry.api.adjustments import AdjustmentRoutes
from planster_sync.entry.api.caller import own_organisation
from planster_sync.entry.api.changes import ChangeRoutes
from planster_sync.entry.api.checking import CheckRoutes
from planster_sync.entry.api.disconnecting import DisconnectingRoutes
from planster_sync.entry.api.exports import MEDIA_TYPES, ExportRoutes
from planster_sync.entry.api.held import HeldRoutes
from planster_sync.entry.api.integrations import IntegrationRoutes
from planster_sync.entry.api.problems import Problems
from planster_sync.entry.api.quarantine import QuarantineRoutes
from planster_sync.entry.api.records import RecordRoutes
from planster_sync.entry.api.routing import ApiResolver, json_body
from planster_sync.entry.api.runs import RunRoutes
from planster_sync.entry.api.settings import SettingsRoutes
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.api.sync_now import SyncRoutes
from planster_sync.entry.api.unchanged import tell_unchanged
from planster_sync.entry.api.verifying import VerifyRoutes
from planster_sync.entry.api.views import Alive
from planster_sync.entry.api.writes import WriteRoutes

INTEGRATIONS = "/v1/organisations/<organisation>/integrations"
INTEGRATION = f"{INTEGRATIONS}/<integration>"
DISCONNECTIONS = "/v1/organisations/<organisation>/disconnections"
STATUS = "/v1/organisations/<organisation>/status"


class _Route(NamedTuple):
    method: str
    rule: str
    function: Callable[..., Any]
    name: str
    answers: HTTPStatus = HTTPStatus.OK
    media_types: tuple[str, ...] = ()


def build_app(shop: ApiShop) -> ApiResolver:
    """Built once per environment; `resolve(event, context)` answers one HTTP API event (payload version 2)."""
    app = ApiResolver(
        enable_validation=True,
        response_validation_error_http_code=HTTPStatus.INTERNAL_SERVER_ERROR,
        json_body_deserializer=json_body,
    )
    app.use([own_organisation, tell_unchanged])
    Problems(app, shop.clock, shop.journal).register()
    for route in _routes(shop, app):
        app.route(
            route.rule,
            route.method,
            operation_id=route.name,
            status_code=route.answers,
            responses=document.files(route.media_types),
            cache_control="no-store",
            summary=document.summary(route.function),
            description=document.description(route.function),
        )(route.function)
    app.route("/v1/openapi.json", "GET", include_in_schema=False)(lambda: _openapi(app))
    return app


def _routes(shop: ApiShop, app: ApiResolver) -> list[_Route]:
    integrations, runs, records = IntegrationRoutes(shop), RunRoutes(shop), RecordRoutes(shop)
    held, quarantine, syncs = HeldRoutes(shop), QuarantineRoutes(shop), SyncRoutes(shop, app)
    settings, disconnecting = SettingsRoutes(shop), DisconnectingRoutes(shop, app)
    writes, accepted = WriteRoutes(shop, app), HTTPStatus.ACCEPTED
    return [
        _Route("GET", "/v1/health", alive, "health"),
        _Route("GET", STATUS, integrations.status_page, "getStatus"),
        _Route("GET", INTEGRATIONS, integrations.list_all, "listIntegrations"),
        _Route("GET", INTEGRATION, integrations.show, "getIntegration"),
        _Route("GET", f"{INTEGRATION}/settings", settings.show, "getSettings"),
        _Route("PATCH", f"{INTEGRATION}/settings", settings.change, "changeSettings"),
        _Route("POST", f"{INTEGRATION}/pause", settings.pause, "pauseIntegration"),
        _Route("POST", f"{INTEGRATION}/resume", settings.resume, "resumeIntegration"),
        _Route("POST", f"{INTEGRATION}/disconnect", disconnecting.disconnect, "disconnect", accepted),
        _Route("GET", DISCONNECTIONS, disconnecting.list_all, "listDisconnections"),
        _Route("POST", f"{INTEGRATION}/sync", syncs.sync, "syncNow", accepted),
        _Route("GET", f"{INTEGRATION}/sync/expected", syncs.expected, "expectSync"),
        _Route("POST", f"{INTEGRATION}/runs/<run>/cancel", syncs.cancel, "cancelRun", accepted),
        _Route("GET", f"{INTEGRATION}/runs", runs.list_all, "listRuns"),
        _Route("GET", f"{INTEGRATION}/runs/<run>", runs.show, "getRun"),
        _Route("GET", f"{INTEGRATION}/held", held.list_all, "listHeldDeletions"),
        _Route("POST", f"{INTEGRATION}/held/<data_type>/approve", held.approve, "approveHeldDeletion"),
        _Route("POST", f"{INTEGRATION}/held/<data_type>/reject", held.reject, "rejectHeldDeletion"),
        _Route("GET", f"{INTEGRATION}/quarantine/<data_type>", quarantine.list_all, "listQuarantine"),
        _Route("POST", f"{INTEGRATION}/quarantine/<data_type>/retry", quarantine.retry, "retryQuarantine"),
        _Route("GET", f"{INTEGRATION}/records/<data_type>", records.list_all, "listRecords"),
        _Route("GET", f"{INTEGRATION}/records/<data_type>/<record>", records.show, "getRecord"),
        _Route("POST", f"{INTEGRATION}/inbound-shipments", writes.create, "createInboundShipment", accepted),
        _Route(
            "PATCH", f"{INTEGRATION}/inbound-shipments/<shipment>", writes.update, "changeInboundShipment", accepted
        ),
        _Route("POST", f"{INTEGRATION}/inbound-shipments/dry-run", writes.try_create, "tryInboundShipment"),
        _Route(
            "POST", f"{INTEGRATION}/inbound-shipments/<shipment>/dry-run", writes.try_update, "tryInboundShipmentChange"
        ),
        _Route("GET", f"{INTEGRATION}/inbound-shipment-writes/<reference>", writes.show, "getInboundShipmentWrite"),
        *_about_records(shop, app),
        _Route("POST", f"{INTEGRATION}/check", CheckRoutes(shop).check, "checkConnection"),
        _Route("POST", f"{INTEGRATION}/verify", VerifyRoutes(shop, app).verify, "verifySource"),
    ]


def _about_records(shop: ApiShop, app: ApiResolver) -> list[_Route]:
    changes, exports, adjustments = ChangeRoutes(shop), ExportRoutes(shop), AdjustmentRoutes(shop, app)
    adjusted = f"{INTEGRATION}/adjustments/<data_type>"
    return [
        _Route("GET", f"{INTEGRATION}/changes/<data_type>", changes.list_all, "listChanges"),
        _Route(
            "GET",
            f"{INTEGRATION}/exports/<data_type>",
            exports.export,
            "exportRecords",
            media_types=tuple(MEDIA_TYPES.values()),
        ),
        _Route("POST", f"{INTEGRATION}/adjustments", adjustments.make, "adjustRecord", HTTPStatus.CREATED),
        _Route("POST", f"{INTEGRATION}/adjustments/bulk", adjustments.make_many, "adjustRecords"),
        _Route("GET", adjusted, adjustments.list_all, "listAdjustments"),
        _Route("GET", f"{adjusted}/<record>", adjustments.show, "getAdjustments"),
        _Route("DELETE", f"{adjusted}/<record>", adjustments.withdraw, "withdrawAdjustment"),
    ]


def alive() -> Alive:
    """Says that the function answers; looks at no store."""
    return Alive(status="ok")


def _openapi(app: ApiResolver) -> Response[str]:
    return Response(200, content_types.APPLICATION_JSON, document.openapi(app))
