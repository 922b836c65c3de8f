"""Secrets and personal data do not survive; what an engineer needs does."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planster_sync.http.redaction import REDACTED, redact, redact_mapping


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-DEF_123", "eyJ"),
        ("Authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
        ("sent bearer abcdefghij", "abcdefghij"),
        ('{"password": "two words"}', "two words"),
        ("{'client_secret': 'quiet'}", "quiet"),
        ('{\\"api_key\\": \\"quiet\\"}', "quiet"),
        ("x-api-key=quiet&page=2", "quiet"),
        ("https://user:quiet@wms.example.test/x", "quiet"),
        ("mail to jo.doe+x@shop.example.test now", "jo.doe"),
        ("q=jo%40shop.example.test", "shop.example"),
        ('"firstName": "Jolanda"', "Jolanda"),
        ("call +49 30 1234567", "1234567"),
        ("call (555) 123-4567", "123-4567"),
        ("call 5551234567", "5551234567"),
        ("key 3f2a9c0b7d1e4f5a6b7c8d9e0f1a2b3c", "3f2a9c"),
        ("key 1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed", "1b9d6bcd"),
        ("key q8Zr3TnW1xKp7VbL5mYc2HdJ", "q8Zr3"),
        ("ValueError: password=quiet", "quiet"),
        ("error:password: quiet", "quiet"),
        ("Note: api_key = quiet", "quiet"),
        ('detail: "client_secret=quiet"', "quiet"),
        ("address https://wms.example.test/x?token=quiet&page=2", "quiet"),
    ],
)
def test_secret_does_not_survive(text: str, secret: str) -> None:
    assert secret not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "GET /coreapi/v2/products/availabilityPerWarehouse: status 400, 312 bytes",
        '{"sku": "AB-1234", "quantity": 15, "updated_at": "2026-03-01T02:00:00Z"}',
        "warehouse_id: 4711, barcode 4006381333931",
        "ReadTimeout < TimeoutError",
    ],
)
def test_what_an_engineer_needs_stays(text: str) -> None:
    assert redact(text) == text


@given(st.binary(min_size=24, max_size=64), st.text(max_size=20))
def test_random_token_does_not_survive_as_a_credential(raw: bytes, before: str) -> None:
    token = base64.urlsafe_b64encode(raw).decode()

    assert token not in redact(f"{before} token={token}")


@given(st.text(max_size=200))
def test_redaction_is_stable(text: str) -> None:
    once = redact(text)

    assert redact(once) == once


def test_mapping_loses_credentials_and_persons_by_name() -> None:
    order = {
        "id": "o-1",
        "api_key": "quiet",
        "note": "mail jo@shop.example.test",
        "ship_to": {"name": "Jolanda", "street": "Way 1", "zip": "10115", "country": "DE"},
        "lines": [{"sku": "A", "quantity": 2, "phone": None}],
    }

    redacted = redact_mapping(order)

    assert redacted["ship_to"] == {"name": REDACTED, "street": REDACTED, "zip": "10115", "country": "DE"}
    assert redacted["lines"] == [{"sku": "A", "quantity": 2, "phone": None}]
    assert not {"quiet", "jo@shop", "Jolanda"} & set(json.dumps(redacted).split())
    assert (redacted["api_key"], redacted["note"]) == (REDACTED, f"mail {REDACTED}")
