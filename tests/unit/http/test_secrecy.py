"""What is never sent, and what no failure tells: credentials, addresses, answers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planster_sync.errors import CredentialsRejected, InvalidRequest, SyncError
from planster_sync.http.client import HeaderAuth, Request
from tests.unit.http.scripted_vendor import ClientMaker, Exchange, Vendor, status

LIST = Request("GET", "/orders")
SECRET = "s3cr3t-Value-98aZ"


@pytest.mark.parametrize(
    "step",
    [status(401), status(400, SECRET.encode()), status(503, retry_after=SECRET), Exchange.reset],
    ids=["refused", "echoed", "header", "reset"],
)
def test_no_failure_carries_a_secret_or_the_answer(vendor: Vendor, make_client: ClientMaker, step: object) -> None:
    vendor.answers(step)  # type: ignore[arg-type]
    auth = HeaderAuth({"authorization": f"Bearer {SECRET}"})
    request = Request("POST", "/orders", params=[("q", SECRET)], body=SECRET.encode())

    with pytest.raises(SyncError) as raised:
        make_client(auth=auth).send(request, deadline=None)

    error = raised.value
    assert SECRET not in f"{error!r} {error.what} {error.remedy} {error.detail} {auth!r} {request!r}"
    assert error.__context__ is None
    assert error.__cause__ is None
    assert "/orders" in error.detail


def test_credential_that_cannot_be_sent_is_refused_without_being_quoted(make_client: ClientMaker) -> None:
    client = make_client(auth=HeaderAuth({"x-api-key": f"{SECRET}\r\nx-other: 1"}))

    with pytest.raises(CredentialsRejected) as raised:
        client.send(LIST, deadline=None)

    assert SECRET not in f"{raised.value!r}{raised.value.detail}"


@pytest.mark.parametrize("name", ["api_key", "access_token", "Token", "client-secret", "password", "Authorization"])
def test_credential_in_an_address_is_refused(vendor: Vendor, make_client: ClientMaker, name: str) -> None:
    with pytest.raises(InvalidRequest):
        make_client().send(replace(LIST, params=[(name, "x")]), deadline=None)

    assert vendor.paths == []


@pytest.mark.parametrize("name", ["page_token", "nextToken", "cursor", "continuation-token", "key"])
def test_page_token_is_no_credential(vendor: Vendor, make_client: ClientMaker, name: str) -> None:
    make_client().send(replace(LIST, params=[(name, "x")]), deadline=None)

    assert vendor.paths == [f"/api/orders?{name}=x"]


@pytest.mark.parametrize("path", ["orders", "/a/../b", "/a?token=1", "/a#b", "/a\\b", "/a b", "/a\r\nb", "//host/./x"])
def test_path_that_could_lead_elsewhere_is_refused(vendor: Vendor, make_client: ClientMaker, path: str) -> None:
    with pytest.raises(InvalidRequest):
        make_client().send(Request("GET", path), deadline=None)

    assert vendor.paths == []
