"""Tokens that are not about this sign-in, or about nobody who may come in."""

from __future__ import annotations

from typing import Any

import pytest

from planster_sync.errors import SignInFailed
from tests.console.sign_in.browsing import Browser, Console
from tests.console.sign_in.small_issuer import SmallIssuer

FORGED: dict[str, dict[str, Any]] = {
    "another issuer's": {"iss": "https://evil.example"},
    "for another client": {"aud": "another"},
    "for several without saying for whom": {"aud": ["console", "another"]},
    "issued to another": {"aud": ["console", "another"], "azp": "another"},
    "for nobody": {"aud": None},
    "of another sign-in": {"nonce": "another"},
    "without a nonce": {"nonce": None},
    "about nobody": {"sub": None},
    "about an empty name": {"sub": ""},
    "about a number": {"sub": 7},
    "over": {"exp": 1},
    "without an end": {"exp": None},
    "ending at no number": {"exp": float("nan")},
    "never ending": {"exp": float("inf")},
    "ending at a word": {"exp": "2030"},
    "ending at yes": {"exp": True},
    "from the future": {"iat": 4_000_000_000, "exp": 4_000_000_300},
    "without a beginning": {"iat": None},
    "of another organisation than the access token's": {"organisation": "globex"},
}


@pytest.mark.parametrize("claims", FORGED.values(), ids=FORGED)
def test_an_id_token_lets_nobody_in_that_is(
    browser: Browser, console: Console, issuer: SmallIssuer, claims: dict[str, Any]
) -> None:
    issuer.identity = claims

    with pytest.raises(SignInFailed):
        browser.signs_in()

    assert console.sessions.rows == {}


@pytest.mark.parametrize("claims", [{"sub": "bob"}, {"iss": "https://evil.example"}])
def test_an_access_token_about_somebody_else_lets_nobody_in(
    browser: Browser, issuer: SmallIssuer, claims: dict[str, Any]
) -> None:
    issuer.access = claims

    with pytest.raises(SignInFailed):
        browser.signs_in()


@pytest.mark.parametrize("algorithm", ["none", "NONE", ""])
def test_a_token_that_says_it_is_not_signed_lets_nobody_in(
    browser: Browser, issuer: SmallIssuer, algorithm: str
) -> None:
    issuer.algorithm = algorithm

    with pytest.raises(SignInFailed):
        browser.signs_in()


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        {},
        {"id_token": None},
        {"id_token": 7},
        {"id_token": "a.b"},
        {"id_token": "a.b.c"},
        {"id_token": "bnVsbA.bnVsbA.c"},
        {"id_token": "é.é.é"},
        {"id_token": "x" * 20_000 + ".y.z"},
    ],
    ids=lambda answer: repr(answer)[:24],
)
def test_an_answer_without_a_token_lets_nobody_in(browser: Browser, issuer: SmallIssuer, answer: Any) -> None:
    issuer.answers = answer

    with pytest.raises(SignInFailed):
        browser.signs_in()

    assert browser.visitor is None


@pytest.mark.parametrize("claims", [{"organisation": None}, {"organisation": ""}, {"organisation": 7}])
def test_an_account_without_an_organisation_is_told_so(
    browser: Browser, issuer: SmallIssuer, claims: dict[str, Any]
) -> None:
    issuer.identity = issuer.access = claims

    with pytest.raises(SignInFailed, match="no organisation") as refused:
        browser.signs_in()

    assert "administrator" in refused.value.remedy


@pytest.mark.parametrize("scope", [None, "", "openid profile", 7])
def test_an_account_without_a_scope_is_told_so(browser: Browser, issuer: SmallIssuer, scope: Any) -> None:
    issuer.access = {"scope": scope}

    with pytest.raises(SignInFailed, match="may not do anything") as refused:
        browser.signs_in()

    assert "scope" in refused.value.remedy
