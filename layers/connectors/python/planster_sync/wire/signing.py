"""Signature Version 4.

Source: AWS IAM User Guide, "Create a signed AWS API request". The day's key is kept, so that a request costs two
hashes and one HMAC.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Service:
    """`name` is the one in signatures and host names, `api` stands before each operation, `version` is JSON's.

    `variable` is how AWS_ENDPOINT_URL_* names the service (AWS: Service-specific endpoints).
    """

    name: str
    api: str
    version: str
    variable: str


DYNAMODB = Service("dynamodb", "DynamoDB_20120810", "1.0", "DYNAMODB")
SQS = Service("sqs", "AmazonSQS", "1.0", "SQS")
SSM = Service("ssm", "AmazonSSM", "1.1", "SSM")
EVENTS = Service("events", "AWSEvents", "1.1", "EVENTBRIDGE")
SECRETS = Service("secretsmanager", "secretsmanager", "1.1", "SECRETS_MANAGER")


@dataclass(frozen=True, slots=True)
class Credentials:
    access_key: str
    secret_key: str
    token: str | None = None


class Signer:
    """Signs for one host in one region. `credentials` is asked each time: some kinds are renewed now and then."""

    def __init__(self, service: str, credentials: Callable[[], Credentials], region: str, host: str) -> None:
        self._service = service
        self._credentials = credentials
        self._region = region
        self._host = host
        self._key: tuple[tuple[str, str], bytes] = (("", ""), b"")

    def signed(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> dict[str, str]:
        """All headers, the signature among them. Path and query in the encoding in which they are sent, `now` in UTC.

        Names in `headers` are in small letters; each is signed.
        """
        credentials = self._credentials()
        moment, digest = f"{now:%Y%m%dT%H%M%SZ}", sha256(body).hexdigest()
        own = {"host": self._host, "x-amz-content-sha256": digest, "x-amz-date": moment}
        if credentials.token:
            own["x-amz-security-token"] = credentials.token
        signed = dict(sorted({**headers, **own}.items()))
        scope = f"{moment[:8]}/{self._region}/{self._service}/aws4_request"
        names = ";".join(signed)
        lines = "".join(f"{name}:{value}\n" for name, value in signed.items())
        request = f"{method}\n{path}\n{query}\n{lines}\n{names}\n{digest}"
        to_sign = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{sha256(request.encode()).hexdigest()}"
        signature = hmac.new(self._key_of(credentials, moment[:8]), to_sign.encode(), sha256).hexdigest()
        by = f"{credentials.access_key}/{scope}"
        signed["authorization"] = f"AWS4-HMAC-SHA256 Credential={by}, SignedHeaders={names}, Signature={signature}"
        return signed

    def _key_of(self, credentials: Credentials, day: str) -> bytes:
        made_for, key = self._key
        if made_for != (credentials.secret_key, day):
            key = f"AWS4{credentials.secret_key}".encode()
            for part in (day, self._region, self._service, "aws4_request"):
                key = hmac.digest(key, part.encode(), "sha256")
            self._key = ((credentials.secret_key, day), key)
        return key
