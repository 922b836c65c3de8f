"""The API as one application: every route, the tenant's wall around them, and a problem document for every error."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, NamedTuple

from aws_lambda_powertools.event_handler import Response, content_types

from planster_sync.entry.api import document
from planster_sync.entry.api.adjustments import AdjustmentRoutes
from planster_sync.entry.api.caller import Scope
from planster_sync.entry.api.changes import ChangeRoutes
from planster_sync.entry.api.checking import CheckRoutes
from planster_sync.entry.api.connecting import ConnectRoutes
from planster_sync.entry.api.consent_page import MEDIA_TYPE as PAGE
from planster_sync.entry.api.consenting import ConsentRoutes
from planster_sync.entry.api.diagnosing import DiagnoseRoutes
from planster_sync.entry.api.disconnecting import DisconnectingRoutes
from planster_sync.entry.api.export_files import ExportFileRoutes
from planster_sync.entry.api.exports import MEDIA_TYPES, ExportRoutes
from planster_sync.entry.api.freshness import FreshnessRoutes
from planster_sync.entry.api.gate import Gate
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
from planster_sync.entry.api.telling import ModelsAsTheyAre
from planster_sync.entry.api.unchanged import tell_unchanged
from planster_sync.entry.api.verifying import VerifyRoutes
from planster_sync.entry.api.views import Alive
from planster_sync.entry.api.webhooks import WebhookRoutes
from planster_sync.entry.api.writes import WriteRoutes

INTEGRATIONS = "/v1/organisations/<organisation>/integrations"
INTEGRATION = f"{INTEGRATIONS}/<integration>"
DISCONNECTIONS = "/v1/organisations/<organisation>/disconnections"
WEBHOOKS = "/v1/organisations/<organisation>/webhooks"
STATUS = "/v1/organisations/<organisation>/status"
FRESHNESS = "/v1/organisations/<organisation>/freshness"
CONNECTORS = "/v1/organisations/<organisation>/connectors"
CONSENT = "/v1/organisations/<organisation>/connect/<connector>"
END_CONSENT = "endConsent"
READ, OPERATE, ADMIN = Scope.READ, Scope.OPERATE, Scope.ADMIN


class _Route(NamedTuple):
    method: str
    rule: str
    function: Callable[..., Any]
    name: str
    needs: Scope | None
    answers: HTTPStatus = HTTPStatus.OK
    media_types: tuple[str, ...] = ()


def build_app(shop: ApiShop) -> ApiResolver:
    """Built once per environment; `resolve(event, context)` answers one HTTP API event (payload version 2)."""
    app = ApiResolver(
        enable_validation=True,
        response_validation_error_http_code=HTTPStatus.INTERNAL_SERVER_ERROR,
        json_body_deserializer=json_body,
    )
    app.answer_by(ModelsAsTheyAre(has_response_validation_error=True))
    app.use([tell_unchanged])
    Problems(app, shop.clock, shop.journal).register()
    routes = _routes(shop, app)
    needs = {route.name: route.needs for route in routes}
    app.admit_by(Gate(needs, shop.anonymous, shop.quotas, proven_otherwise=frozenset({END_CONSENT})).admit)
    for route in routes:
        app.route(
            route.rule,
            route.method,
            operation_id=route.name,
            status_code=route.answers,
            responses=document.files(route.media_types),
            cache_control="no-store",
            summary=document.summary(route.function),
            description=document.description(route.function),
            openapi_extensions=document.needs(route.needs),
        )(route.function)
    app.route("/v1/openapi.json", "GET", include_in_schema=False)(lambda: _openapi(app))
    return app


def _routes(shop: ApiShop, app: ApiResolver) -> list[_Route]:
    integrations, runs, records = IntegrationRoutes(shop), RunRoutes(shop), RecordRoutes(shop)
    held, quarantine, syncs = HeldRoutes(shop), QuarantineRoutes(shop), SyncRoutes(shop, app)
    settings, disconnecting = SettingsRoutes(shop), DisconnectingRoutes(shop, app)
    writes, accepted = WriteRoutes(shop, app), HTTPStatus.ACCEPTED
    return [
        _Route("GET", "/v1/health", alive, "health", None),
        _Route("GET", STATUS, integrations.status_page, "getStatus", READ),
        _Route("GET", INTEGRATIONS, integrations.list_all, "listIntegrations", READ),
        _Route("GET", INTEGRATION, integrations.show, "getIntegration", READ),
        _Route("GET", f"{INTEGRATION}/settings", settings.show, "getSettings", READ),
        _Route("PATCH", f"{INTEGRATION}/settings", settings.change, "changeSettings", ADMIN),
        _Route("POST", f"{INTEGRATION}/pause", settings.pause, "pauseIntegration", ADMIN),
        _Route("POST", f"{INTEGRATION}/resume", settings.resume, "resumeIntegration", ADMIN),
        _Route("POST", f"{INTEGRATION}/disconnect", disconnecting.disconnect, "disconnect", ADMIN, accepted),
        _Route("GET", DISCONNECTIONS, disconnecting.list_all, "listDisconnections", READ),
        _Route("POST", f"{INTEGRATION}/sync", syncs.sync, "syncNow", OPERATE, accepted),
        _Route("GET", f"{INTEGRATION}/sync/expected", syncs.expected, "expectSync", READ),
        _Route("POST", f"{INTEGRATION}/runs/<run>/cancel", syncs.cancel, "cancelRun", OPERATE, accepted),
        _Route("GET", f"{INTEGRATION}/runs", runs.list_all, "listRuns", READ),
        _Route("GET", f"{INTEGRATION}/runs/<run>", runs.show, "getRun", READ),
        _Route("GET", f"{INTEGRATION}/held", held.list_all, "listHeldDeletions", READ),
        _Route("POST", f"{INTEGRATION}/held/<data_type>/approve", held.approve, "approveHeldDeletion", OPERATE),
        _Route("POST", f"{INTEGRATION}/held/<data_type>/reject", held.reject, "rejectHeldDeletion", OPERATE),
        _Route("GET", f"{INTEGRATION}/quarantine/<data_type>", quarantine.list_all, "listQuarantine", READ),
        _Route("POST", f"{INTEGRATION}/quarantine/<data_type>/retry", quarantine.retry, "retryQuarantine", OPERATE),
        _Route("GET", f"{INTEGRATION}/records/<data_type>", records.list_all, "listRecords", READ),
        _Route("GET", f"{INTEGRATION}/records/<data_type>/<record>", records.show, "getRecord", READ),
        _Route("POST", f"{INTEGRATION}/inbound-shipments", writes.create, "createInboundShipment", OPERATE, accepted),
        _Route(
            "PATCH",
            f"{INTEGRATION}/inbound-shipments/<shipment>",
            writes.update,
            "changeInboundShipment",
            OPERATE,
            accepted,
        ),
        _Route(
            "GET", f"{INTEGRATION}/inbound-shipment-writes/<reference>", writes.show, "getInboundShipmentWrite", READ
        ),
        _Route("POST", f"{INTEGRATION}/inbound-shipments/dry-run", writes.try_create, "tryInboundShipment", OPERATE),
        _Route(
            "POST",
            f"{INTEGRATION}/inbound-shipments/<shipment>/dry-run",
            writes.try_update,
            "tryInboundShipmentChange",
            OPERATE,
        ),
        *_about_mornings(shop),
        *_about_records(shop, app),
        *_about_webhooks(shop, app),
        _Route("GET", f"{INTEGRATION}/diagnose", DiagnoseRoutes(shop).diagnose, "diagnose", READ),
        *_about_connecting(shop, app),
        _Route("POST", f"{INTEGRATION}/check", CheckRoutes(shop).check, "checkConnection", OPERATE),
        _Route("POST", f"{INTEGRATION}/verify", VerifyRoutes(shop, app).verify, "verifySource", OPERATE),
    ]


def _about_mornings(shop: ApiShop) -> list[_Route]:
    mornings = FreshnessRoutes(shop)
    return [
        _Route("GET", FRESHNESS, mornings.page, "getFreshness", READ),
        _Route("GET", f"{INTEGRATION}/freshness", mornings.show, "getIntegrationFreshness", READ),
    ]


def _about_records(shop: ApiShop, app: ApiResolver) -> list[_Route]:
    changes, exports, adjustments = ChangeRoutes(shop), ExportRoutes(shop), AdjustmentRoutes(shop, app)
    files = ExportFileRoutes(shop, app)
    adjusted = f"{INTEGRATION}/adjustments/<data_type>"
    return [
        _Route("GET", f"{INTEGRATION}/changes/<data_type>", changes.list_all, "listChanges", READ),
        _Route("POST", f"{INTEGRATION}/export-files", files.ask, "askForExport", READ, HTTPStatus.ACCEPTED),
        _Route("GET", f"{INTEGRATION}/export-files/<export>", files.show, "getExport", READ),
        _Route(
            "GET",
            f"{INTEGRATION}/exports/<data_type>",
            exports.export,
            "exportRecords",
            READ,
            media_types=tuple(MEDIA_TYPES.values()),
        ),
        _Route("POST", f"{INTEGRATION}/adjustments", adjustments.make, "adjustRecord", OPERATE, HTTPStatus.CREATED),
        _Route("POST", f"{INTEGRATION}/adjustments/bulk", adjustments.make_many, "adjustRecords", OPERATE),
        _Route("GET", adjusted, adjustments.list_all, "listAdjustments", READ),
        _Route("GET", f"{adjusted}/<record>", adjustments.show, "getAdjustments", READ),
        _Route("DELETE", f"{adjusted}/<record>", adjustments.withdraw, "withdrawAdjustment", OPERATE),
    ]


def _about_webhooks(shop: ApiShop, app: ApiResolver) -> list[_Route]:
    webhooks, one = WebhookRoutes(shop, app), f"{WEBHOOKS}/<webhook>"
    return [
        _Route("GET", WEBHOOKS, webhooks.list_all, "listWebhooks", ADMIN),
        _Route("POST", WEBHOOKS, webhooks.register, "registerWebhook", ADMIN, HTTPStatus.CREATED),
        _Route("GET", one, webhooks.show, "getWebhook", ADMIN),
        _Route("DELETE", one, webhooks.remove, "removeWebhook", ADMIN),
        _Route("POST", f"{one}/rotate", webhooks.rotate, "rotateWebhookSecret", ADMIN),
        _Route("POST", f"{one}/resume", webhooks.resume, "resumeWebhook", ADMIN),
        _Route("POST", f"{one}/test", webhooks.test, "testWebhook", ADMIN, HTTPStatus.ACCEPTED),
        _Route("GET", f"{one}/deliveries", webhooks.deliveries, "listWebhookDeliveries", ADMIN),
    ]


def _about_connecting(shop: ApiShop, app: ApiResolver) -> list[_Route]:
    connecting, consents = ConnectRoutes(shop, app), ConsentRoutes(shop, app)
    return [
        _Route("GET", CONNECTORS, connecting.list_all, "listConnectors", READ),
        _Route("POST", INTEGRATIONS, connecting.connect, "connect", ADMIN, HTTPStatus.CREATED),
        _Route("POST", f"{INTEGRATION}/reconnect", connecting.reconnect, "reconnect", ADMIN),
        _Route("POST", f"{CONSENT}/begin", consents.begin, "beginConsent", ADMIN),
        _Route("POST", f"{CONSENT}/exchange", consents.exchange, "exchangeCode", ADMIN),
        _Route("GET", "/v1/connect/callback", consents.callback, END_CONSENT, None, media_types=(PAGE,)),
    ]


def alive() -> Alive:
    """Says that the function answers; looks at no store."""
    return Alive(status="ok")


def _openapi(app: ApiResolver) -> Response[str]:
    return Response(200, content_types.APPLICATION_JSON, document.openapi(app))
