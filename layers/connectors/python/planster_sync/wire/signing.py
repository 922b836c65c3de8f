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
from urllib.parse import quote


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
SNS = Service("sns", "", "", "SNS")
S3 = Service("s3", "", "", "S3")
LAMBDA = Service("lambda", "", "", "LAMBDA")
"""No JSON services: what their requests say is in their method and path."""


@dataclass(frozen=True, slots=True)
class Credentials:
    access_key: str
    secret_key: str
    token: str | None = None


class Signer:
    """Signs for one host in one region. `credentials` is asked each time: some kinds are renewed now and then."""

    def __init__(
        self, credentials: Callable[[], Credentials], region: str, host: str, service: Service = DYNAMODB
    ) -> None:
        self.service = service
        self._credentials = credentials
        self._region = region
        self._host = host
        self._content_type = f"application/x-amz-json-{service.version}"
        self._key: tuple[tuple[str, str], bytes] = (("", ""), b"")

    def headers(self, operation: str, body: bytes, now: datetime) -> dict[str, str]:
        """Those of an operation of a JSON service, the signature among them; `now` in UTC."""
        named = {"content-type": self._content_type, "x-amz-target": f"{self.service.api}.{operation}"}
        return self.signed("POST", "/", "", named, sha256(body).hexdigest(), now)

    def signed(
        self, method: str, path: str, query: str, headers: Mapping[str, str], digest: str, now: datetime
    ) -> dict[str, str]:
        """All headers, the signature among them. Path and query in the encoding in which they are sent.

        Names in `headers` are in small letters, and each is signed; `digest` is SHA-256 of the body in hexadecimal.
        """
        credentials = self._credentials()
        moment = f"{now:%Y%m%dT%H%M%SZ}"
        own = {"host": self._host, "x-amz-date": moment}
        if credentials.token:
            own["x-amz-security-token"] = credentials.token
        signed = dict(sorted({**headers, **own}.items()))
        scope = f"{moment[:8]}/{self._region}/{self.service.name}/aws4_request"
        names = ";".join(signed)
        lines = "".join([f"{name}:{value}\n" for name, value in signed.items()])
        request = f"{method}\n{path}\n{query}\n{lines}\n{names}\n{digest}"
        to_sign = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{sha256(request.encode()).hexdigest()}"
        signature = hmac.new(self._key_of(credentials, moment[:8]), to_sign.encode(), sha256).hexdigest()
        by = f"{credentials.access_key}/{scope}"
        signed["authorization"] = f"AWS4-HMAC-SHA256 Credential={by}, SignedHeaders={names}, Signature={signature}"
        return signed

    def address(self, path: str, asked: Mapping[str, str], seconds: int, now: datetime) -> str:
        """Path and query of a GET that needs no headers, for so many seconds.

        `asked` are further parameters of the query, which the signature covers. AWS: S3 API reference, "Authenticating
        Requests: Using Query Parameters".
        """
        credentials, moment = self._credentials(), f"{now:%Y%m%dT%H%M%SZ}"
        scope = f"{moment[:8]}/{self._region}/{self.service.name}/aws4_request"
        proof = {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": f"{credentials.access_key}/{scope}",
            "X-Amz-Date": moment,
            "X-Amz-Expires": str(seconds),
            "X-Amz-SignedHeaders": "host",
            **({"X-Amz-Security-Token": credentials.token} if credentials.token else {}),
            **asked,
        }
        query = "&".join(f"{name}={quote(value, safe='-._~')}" for name, value in sorted(proof.items()))
        request = f"GET\n{path}\n{query}\nhost:{self._host}\n\nhost\nUNSIGNED-PAYLOAD"
        to_sign = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{sha256(request.encode()).hexdigest()}"
        signature = hmac.new(self._key_of(credentials, moment[:8]), to_sign.encode(), sha256).hexdigest()
        return f"{path}?{query}&X-Amz-Signature={signature}"

    def _key_of(self, credentials: Credentials, day: str) -> bytes:
        made_for, key = self._key
        if made_for != (credentials.secret_key, day):
            key = f"AWS4{credentials.secret_key}".encode()
            for part in (day, self._region, self.service.name, "aws4_request"):
                key = hmac.digest(key, part.encode(), "sha256")
            self._key = ((credentials.secret_key, day), key)
        return key
