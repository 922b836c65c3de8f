"""Signatures are those that botocore makes."""

from __future__ import annotations

from datetime import UTC, datetime
from unittest.mock import patch

import botocore.auth
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from hypothesis import given
from hypothesis import strategies as st

from planster_sync.wire.signing import Credentials, Signer

_NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=60)
_CREDENTIALS = st.builds(Credentials, _NAMES, _NAMES, st.none() | _NAMES)
_MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2099, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001  # bounds
_HOSTS = st.sampled_from(["dynamodb.eu-central-1.amazonaws.com", "127.0.0.1:4566", "localhost:8000"])
_REGIONS = st.sampled_from(["eu-central-1", "us-east-1", "cn-north-1"])
_OPERATIONS = st.sampled_from(["PutItem", "BatchWriteItem", "Query"])


def _by_botocore(
    credentials: Credentials, region: str, host: str, headers: dict[str, str], body: bytes, now: datetime
) -> str:
    request = AWSRequest("POST", f"http://{host}/", data=body)
    for name in ("content-type", "x-amz-target"):
        request.headers[name] = headers[name]
    theirs = BotocoreCredentials(credentials.access_key, credentials.secret_key, credentials.token)
    with patch.object(botocore.auth, "get_current_datetime", lambda: now.replace(tzinfo=None)):
        SigV4Auth(theirs, "dynamodb", region).add_auth(request)
    return str(request.headers["Authorization"])


@given(_CREDENTIALS, _REGIONS, _HOSTS, _OPERATIONS, st.binary(max_size=400), _MOMENTS)
def test_a_signature_is_the_one_that_botocore_makes(
    credentials: Credentials, region: str, host: str, operation: str, body: bytes, now: datetime
) -> None:
    headers = Signer(lambda: credentials, region, host).headers(operation, body, now)

    assert headers["authorization"] == _by_botocore(credentials, region, host, headers, body, now)


@given(st.lists(st.tuples(_CREDENTIALS, _MOMENTS), min_size=2, max_size=6))
def test_new_days_and_renewed_credentials_are_signed_with_their_own_key(
    uses: list[tuple[Credentials, datetime]],
) -> None:
    current = [uses[0][0]]
    one_for_all = Signer(lambda: current[0], "eu-central-1", "localhost")
    signed = []
    for credentials, now in uses:
        current[0] = credentials
        signed.append(one_for_all.headers("GetItem", b"{}", now))

    fresh = [_signed_anew(credentials, now) for credentials, now in uses]

    assert signed == fresh


def _signed_anew(credentials: Credentials, now: datetime) -> dict[str, str]:
    return Signer(lambda: credentials, "eu-central-1", "localhost").headers("GetItem", b"{}", now)
