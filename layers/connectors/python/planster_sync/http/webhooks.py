"""Sends a webhook: signed, once, to a checked address, following nothing.

Source of headers and signature: Standard Webhooks (standardwebhooks.com), "Webhook metadata" and "Signature scheme".
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from planster_sync.errors import AnswerBroken, NotFound, SettingsInvalid
from planster_sync.http.addresses import AddressPolicy, Origin
from planster_sync.http.limits import AnswerLimits
from planster_sync.http.messages import NoAnswer, Request, Transport
from planster_sync.http.transport import RequestsTransport
from planster_sync.http.webhook_addresses import target_of
from planster_sync.model.runs import Problem
from planster_sync.model.webhooks import Delivery, Reply, Target
from planster_sync.ports.platform import Clock

SECONDS = 10.0
"""Of one attempt, connection and answer together."""
LIMITS = AnswerLimits(connect=5.0, read=SECONDS, total=SECONDS, past_deadline=0.0, size=64 * 1024)
_MARK = "whsec_"

Connect = Callable[[Origin], Transport]


def sign(secret: str, id_: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over `id.timestamp.body`, in base64 behind the scheme's version."""
    key = b64decode(secret.removeprefix(_MARK))
    signed = b".".join((id_.encode(), str(timestamp).encode(), body))
    return f"v1,{b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()}"


@dataclass(frozen=True, slots=True)
class WebhookSender:
    """`secret_of` gives a target's secret by its number; `transport` makes what carries requests to one origin."""

    secret_of: Callable[[str, int], str]
    transport: Connect
    clock: Clock
    limits: AnswerLimits = LIMITS

    def __call__(self, target: Target, delivery: Delivery, at: datetime) -> Reply:
        try:
            request = self._request(target, delivery, at)
            carrier = self.transport(target_of(target.url)[0])
        except (SettingsInvalid, NotFound) as wrong:
            return Reply(None, _problem(wrong.what) if isinstance(wrong, NotFound) else _CLOSED)
        try:
            answer = carrier.exchange(request, self.clock.now() + timedelta(seconds=self.limits.total))
        except SettingsInvalid:
            return Reply(None, _CLOSED)
        except (NoAnswer, AnswerBroken) as failed:
            return Reply(None, _problem(_why(failed)))
        finally:
            carrier.close()
        if 200 <= answer.status < 300:
            return Reply(answer.status)
        return Reply(answer.status, _refused(answer.status))

    def _request(self, target: Target, delivery: Delivery, at: datetime) -> Request:
        """Signed with every valid secret, the newest first."""
        body, timestamp = delivery.body.encode(), int(at.timestamp())
        secrets: Sequence[str] = [self.secret_of(target.id, each.number) for each in target.valid_secrets(at)]
        headers = {
            "content-type": "application/json",
            "user-agent": "planster-sync-webhooks/1",
            "accept-encoding": "identity",
            "webhook-id": delivery.id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": " ".join(sign(secret, delivery.id, timestamp, body) for secret in secrets),
        }
        return Request("POST", target_of(target.url)[1], headers=headers, body=body)


def sender(
    secret_of: Callable[[str, int], str], addresses: AddressPolicy, clock: Clock, limits: AnswerLimits = LIMITS
) -> WebhookSender:
    """Over real sockets, to addresses that are checked when the connection is opened."""
    return WebhookSender(secret_of, lambda origin: RequestsTransport(origin, addresses, limits, clock), clock, limits)


_REMEDY = "Mend the receiver; what failed is tried again for 22 hours."
_CLOSED = Problem(
    "webhook_address_closed",
    "The webhook's address leads into a network that may not be reached from here.",
    "Register the webhook with a public https address.",
    retryable=True,
)


def _problem(what: str) -> Problem:
    return Problem("webhook_unreachable", what, _REMEDY, retryable=True)


def _refused(status: int) -> Problem:
    """A redirect is an answer as any other that is not 2xx."""
    what = f"The receiver answered {status}; only 2xx counts, and redirects are not followed."
    return Problem("webhook_refused", what, _REMEDY, retryable=True)


def _why(failed: NoAnswer | AnswerBroken) -> str:
    if isinstance(failed, AnswerBroken):
        return "The receiver's answer could not be read; a short one without compression is best."
    if isinstance(failed.reason, TimeoutError) or "Timeout" in type(failed.reason).__name__:
        return f"The receiver did not answer within {SECONDS:.0f} seconds."
    return "The receiver could not be reached, or broke the connection off."
