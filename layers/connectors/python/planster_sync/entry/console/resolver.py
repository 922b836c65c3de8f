"""The console's resolver: the API's, with the headers that every page carries."""

from __future__ import annotations

from typing import Any

from planster_sync.entry.api.routing import ApiResolver

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": CONTENT_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""On every answer, an error's too. Without a referrer a browser would hide the origin that forms are checked by."""


class ConsoleResolver(ApiResolver):
    """Answers one HTTP API event (payload version 2) with a page."""

    def resolve(self, event: Any, context: Any) -> dict[str, Any]:
        answer = super().resolve(event, context)
        return {**answer, "headers": {**HEADERS, **answer.get("headers", {})}}
