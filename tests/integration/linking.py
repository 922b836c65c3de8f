"""What a customer does in the dialogue of the vendor behind the handlers' tests."""

from __future__ import annotations

import json
from urllib.request import Request, urlopen


def installed(url: str, link_token: str) -> str:
    """The code with which the dialogue ends."""
    body = json.dumps({"link_token": link_token, "connection_id": "con-1"}).encode()
    headers = {"x-trackstar-api-key": "sim-api-key", "content-type": "application/json"}
    with urlopen(Request(f"{url}/link/install", body, headers)) as answer:
        return str(json.load(answer)["auth_code"])
