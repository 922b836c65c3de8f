"""What the deployed API does not even read."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

import pytest

from local_cloud.deployment import Deployment
from planster_sync.entry.api.gate import LARGEST_BODY

pytestmark = pytest.mark.cloud

SYNC = "/v1/organisations/alder/integrations/nothing/sync"


def answered(deployment: Deployment, body: bytes, kind: str) -> tuple[int, str]:
    headers = {**deployment.proof("alder"), "content-type": kind}
    request = urllib.request.Request(f"{deployment.api_url}{SYNC}", body, headers)
    with pytest.raises(urllib.error.HTTPError) as refused, urllib.request.urlopen(request):
        pass
    with refused.value as answer:
        return answer.code, json.load(answer)["code"]


@pytest.mark.parametrize("kind", ["application/json", "application/octet-stream", "application/x-www-form-urlencoded"])
def test_a_body_over_a_megabyte_is_refused_as_text_and_as_bytes(deployment: Deployment, kind: str) -> None:
    """API Gateway hands bytes over in base64, which is longer."""
    largest = b'{"data_types": []' + b" " * (LARGEST_BODY - 18) + b"}"

    assert len(largest) == LARGEST_BODY
    assert answered(deployment, largest + b" ", kind) == (413, "request_too_large")
    assert answered(deployment, largest, kind)[0] in (404, 415, 422)
