"""Requests to an HTTP API of AWS: signed as AWS signs them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotoCredentials

from planster_sync.wire.gateway import signed_by
from planster_sync.wire.signing import LAMBDA, Credentials, Signer
from tests.fakes.clock import ManualClock

HOST = "lambda.eu-central-1.amazonaws.com"


@pytest.mark.parametrize("path", ["/v1/health", "/v1/o/PO%2F7%20%231/x", "/v1/%D0%9F~-._", "/v1/a+b=c,d"])
@pytest.mark.parametrize("body", [b"", b'{"reference":"PO-1"}'])
def test_signatures_are_botocores(path: str, body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = ManualClock()
    signer = Signer(lambda: Credentials("AKIA", "secret", "session"), "eu-central-1", HOST, LAMBDA)
    sent = {"content-type": "application/json"}

    ours = signed_by(signer, clock)("POST", path, sent, body)

    request = AWSRequest("POST", f"https://{HOST}{path}", headers=dict(sent), data=body)
    assert ours["authorization"] == _botocore(request, clock.now(), monkeypatch)


def _botocore(request: Any, now: datetime, monkeypatch: pytest.MonkeyPatch) -> str:
    auth = SigV4Auth(BotoCredentials("AKIA", "secret", "session"), "lambda", "eu-central-1")
    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda: now.astimezone(UTC))
    auth.add_auth(request)
    return str(request.headers["Authorization"])
