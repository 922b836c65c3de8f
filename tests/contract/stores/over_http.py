"""moto behind real HTTP on the loopback address, for what speaks to AWS without boto3.

moto catches calls of boto3 and of requests in this process: what arrives here is passed on by requests.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import requests

from tests.fakes.loopback import Asked, Reply, served

_PASSED_ON = ("authorization", "content-type", "if-none-match", "x-amz-date", "x-amz-security-token", "x-amz-target")
_HANDED_BACK = ("content-disposition", "etag")


@contextmanager
def moto_over_http(service: str) -> Iterator[str]:
    """Serves moto's `service` (the address that AWS has it at) while moto is in force; gives the address."""

    def relay(asked: Asked) -> Reply:
        headers = {name: asked.headers[name] for name in _PASSED_ON if name in asked.headers}
        address = service.rstrip("/") + asked.target
        answer = requests.request(asked.method, address, data=asked.body, headers=headers, timeout=10)
        handed = {name: answer.headers[name] for name in _HANDED_BACK if name in answer.headers}
        return Reply(answer.content, answer.status_code, handed)

    with served(relay, "moto") as address:
        yield address
