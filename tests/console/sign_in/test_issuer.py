"""Issuers that fail, or are not what they say."""

from __future__ import annotations

from typing import Any

import pytest

from planster_sync.aws.settings import VendorNetwork
from planster_sync.errors import SignInFailed, SourceUnavailable
from tests.console.sign_in.browsing import Browser, Console
from tests.console.sign_in.small_issuer import SmallIssuer
from tests.fakes.clock import ManualClock


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"authorization_endpoint": None},
        {"authorization_endpoint": "https://evil.example/authorize"},
        {"authorization_endpoint": "http://10.0.0.1/authorize"},
        {"authorization_endpoint": "http://127.0.0.1/authorize?a=b\r\nSet-Cookie: c=d"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": None},
        {"token_endpoint": "ftp://127.0.0.1/token"},
    ],
    ids=lambda document: repr(document)[1:60],
)
def test_an_issuer_that_describes_itself_wrongly_is_not_used(
    browser: Browser, issuer: SmallIssuer, document: dict[str, Any]
) -> None:
    issuer.says = document

    with pytest.raises(SignInFailed):
        browser.sent_to_issuer()


@pytest.mark.parametrize("address", ["http://169.254.169.254/token", "http://10.1.2.3/token", "https://evil.example/t"])
def test_no_code_is_sent_to_an_address_that_is_not_open(browser: Browser, issuer: SmallIssuer, address: str) -> None:
    issuer.says = {"token_endpoint": address}

    with pytest.raises(SignInFailed):
        browser.signs_in()


def test_an_issuer_on_this_machine_is_refused_where_the_network_is_public(
    issuer: SmallIssuer, clock: ManualClock
) -> None:
    console = Console(issuer, clock, network=VendorNetwork.PUBLIC)

    with pytest.raises(SignInFailed):
        Browser(console).sent_to_issuer()

    assert issuer.asked == []


def test_an_issuer_that_is_down_is_named_and_asked_again(browser: Browser, issuer: SmallIssuer) -> None:
    issuer.status = 503

    with pytest.raises(SourceUnavailable, match="sign-in service"):
        browser.sent_to_issuer()
    issuer.status = 200

    assert browser.signs_in() == "/console"
