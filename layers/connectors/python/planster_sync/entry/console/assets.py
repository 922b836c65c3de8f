"""Style, script and icon under names that change with their content, so that a browser may keep them for good."""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from http import HTTPStatus
from pathlib import Path

from aws_lambda_powertools.event_handler import Response

from planster_sync.errors import NotFound

FOREVER = "public, max-age=31536000, immutable"
_FOLDER = Path(__file__).parent / "static"
_KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


def address(name: str) -> str:
    """Where a page finds an asset: `console.css` as `/console/static/console.<digest>.css`."""
    return f"/console/static/{_served()[name]}"


def asset(name: str) -> Response[str]:
    """An asset by its served name.

    Raises:
        NotFound: there is none of that name and content.
    """
    found = next((real for real, served in _served().items() if served == name), None)
    if found is None:
        raise NotFound("There is no such file.", remedy="Load the page anew: the console was updated.")
    path = _FOLDER / found
    headers = {"Cache-Control": FOREVER}
    return Response(HTTPStatus.OK.value, _KINDS[path.suffix], path.read_text("utf-8"), headers=headers, compress=True)


@cache
def _served() -> dict[str, str]:
    files = sorted(path for path in _FOLDER.iterdir() if path.suffix in _KINDS)
    return {path.name: f"{path.stem}.{_digest(path)}{path.suffix}" for path in files}


def _digest(path: Path) -> str:
    return blake2b(path.read_bytes(), digest_size=6).hexdigest()
