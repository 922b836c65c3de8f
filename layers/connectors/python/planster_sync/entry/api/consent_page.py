"""The plain page on which a person ends who was sent back by a vendor: no script, no style, nothing to load."""

from __future__ import annotations

from html import escape
from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

MEDIA_TYPE = "text/html"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def page(status: HTTPStatus, title: str, sentence: str) -> Response[str]:
    """The address held a code: the page leads nowhere by itself, and tells no other site where it came from."""
    body = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} - Planster Sync</title></head><body><main><h1>{escape(title)}</h1>"
        f'<p>{escape(sentence)}</p><p><a href="/console">To Planster Sync</a></p></main></body></html>'
    )
    return Response(status.value, f"{MEDIA_TYPE}; charset=utf-8", body, headers=dict(_HEADERS))
