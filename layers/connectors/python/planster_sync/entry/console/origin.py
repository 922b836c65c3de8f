"""Under which origin a browser sees the console: what forms must come from, and where the issuer sends it back to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from planster_sync.errors import InvalidRequest

_LOCAL = re.compile(r"(?:127\.0\.0\.1|(?:[a-z0-9-]+\.)*localhost)(?::[0-9]{1,5})?")
_HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::[0-9]{1,5})?")


def origin_of(event: Mapping[str, Any]) -> str:
    """Scheme and host of an HTTP API event: https, except on the browser's own machine.

    Raises:
        InvalidRequest: the request names no host that could be one.
    """
    headers = headers_of(event)
    host = headers.get("host", "").lower()
    if not _HOST.fullmatch(host):
        raise InvalidRequest("The console was asked for under an address that is none.", remedy="Check the address.")
    is_plain = _LOCAL.fullmatch(host) is not None and headers.get("x-forwarded-proto", "http") == "http"
    return f"{'http' if is_plain else 'https'}://{host}"


def headers_of(event: Mapping[str, Any]) -> dict[str, str]:
    """By their names in small letters, as API Gateway has them and other hosts do not."""
    return {str(name).lower(): str(value) for name, value in (event.get("headers") or {}).items()}
