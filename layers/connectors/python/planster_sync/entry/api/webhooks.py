"""Webhooks of an organisation: registered, tested, listed, removed, and what became of their deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated
from urllib.parse import quote

from aws_lambda_powertools.event_handler import Response, content_types
from aws_lambda_powertools.event_handler.openapi.params import Body, Path

from planster_sync.entry.api import cursors
from planster_sync.entry.api.paths import After, Limit, OrganisationId
from planster_sync.entry.api.routing import ApiResolver
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.api.webhook_views import (
    DeliveryList,
    DeliveryView,
    WebhookList,
    WebhookRemoved,
    WebhookRequest,
    WebhookView,
    WebhookWithSecret,
)

WebhookId = Annotated[str, Path(min_length=1, max_length=128, description="One of the organisation's webhooks.")]


@dataclass(frozen=True, slots=True)
class WebhookRoutes:
    shop: ApiShop
    app: ApiResolver

    def list_all(self, organisation: OrganisationId) -> WebhookList:
        """Every webhook of the organisation; secrets are not shown."""
        return WebhookList(webhooks=[WebhookView.of(each) for each in self.shop.webhooks.targets(organisation)])

    def register(
        self, organisation: OrganisationId, ask: Annotated[WebhookRequest, Body()]
    ) -> Response[WebhookWithSecret]:
        """Registers an address; the answer holds the secret that its deliveries are signed with, once."""
        by = self.app.caller.subject
        target, secret = self.shop.webhooks.register(organisation, ask.url, ask.kinds, by)
        self.shop.journal.event("webhook_registered", organisation=organisation, webhook=target.id)
        body = WebhookWithSecret.made(target, secret)
        headers = {"Location": _address(organisation, target.id)}
        return Response(HTTPStatus.CREATED, content_types.APPLICATION_JSON, body, headers=headers)

    def show(self, organisation: OrganisationId, webhook: WebhookId) -> WebhookView:
        """One webhook; its secret is not shown."""
        return WebhookView.of(self.shop.webhooks.target(organisation, webhook))

    def remove(self, organisation: OrganisationId, webhook: WebhookId) -> WebhookRemoved:
        """Ends it: its address and secrets are erased, and what is on its way to it is not sent any more."""
        self.shop.webhooks.remove(organisation, webhook)
        self.shop.journal.event("webhook_removed", organisation=organisation, webhook=webhook)
        return WebhookRemoved(id=webhook, message="It is told no more.")

    def rotate(self, organisation: OrganisationId, webhook: WebhookId) -> WebhookWithSecret:
        """Makes a fresh secret, shown once; the one before stays valid for a day."""
        target, secret = self.shop.webhooks.rotate(organisation, webhook)
        self.shop.journal.event("webhook_secret_rotated", organisation=organisation, webhook=webhook)
        return WebhookWithSecret.made(target, secret)

    def resume(self, organisation: OrganisationId, webhook: WebhookId) -> WebhookView:
        """Lets a webhook that was switched off be told again, from now on."""
        return WebhookView.of(self.shop.webhooks.resume(organisation, webhook))

    def test(self, organisation: OrganisationId, webhook: WebhookId) -> Response[DeliveryView]:
        """Sends a test within moments, once; the deliveries say what became of it."""
        delivery = self.shop.webhooks.test(organisation, webhook)
        headers = {"Location": f"{_address(organisation, webhook)}/deliveries"}
        return Response(202, content_types.APPLICATION_JSON, DeliveryView.of(delivery), headers=headers)

    def deliveries(
        self, organisation: OrganisationId, webhook: WebhookId, limit: Limit = 20, after: After = None
    ) -> DeliveryList:
        """What was sent and what waits, newest first."""
        scope = ("deliveries", organisation, webhook)
        position = cursors.opened(scope, after) if after else None
        found, following = self.shop.webhooks.deliveries(organisation, webhook, limit, position)
        return DeliveryList(
            deliveries=[DeliveryView.of(each) for each in found],
            after=cursors.sealed(scope, following) if following is not None else None,
        )


def _address(organisation: str, webhook: str) -> str:
    return f"/v1/organisations/{quote(organisation, safe='')}/webhooks/{quote(webhook, safe='')}"
