"""A boto3 client, or what looks like one, behind the seam that the adapters speak to."""

from __future__ import annotations

import json
from typing import Any

from botocore import xform_name
from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as ConnectionLost

from planster_sync.wire.endpoint import NoAnswer, Refused


class AsEndpoint:
    """What botocore raises becomes what the seam raises."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def call(self, operation: str, body: bytes) -> bytes:
        try:
            answer = getattr(self._client, xform_name(operation))(**json.loads(body))
        except ClientError as error:
            told = error.response.get("Error", {})
            raise Refused(str(told.get("Code")), str(told.get("Message")), b"{}") from error
        except (ConnectionLost, HTTPClientError) as error:
            raise NoAnswer(type(error).__name__) from error
        return json.dumps(answer or {}, default=str).encode()
