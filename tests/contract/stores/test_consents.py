"""Begun consents: found by their state alone, once, within their time, whatever stands in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Schedule
from planster_sync.ports.connecting import Consent, Way
from tests.contract.stores.backends import Stores
from tests.contract.stores.samples import NOON

CONSENT = Consent(
    organisation="acme",
    integration="warehouse-1",
    connector="toy",
    way=Way.OAUTH,
    asked_by="user-1",
    expires_at=NOON + timedelta(minutes=10),
    reconnects=False,
    name="Main",
    schedule=Schedule("Europe/Berlin", (3,)),
    disabled=frozenset({DataType.BILLS}),
    settings={"page_limit": 5, "zone": None},
)


def test_a_state_gives_its_consent_once(stores: Stores) -> None:
    state = stores.consents.keep(CONSENT)

    taken = [stores.consents.take(state, NOON) for _ in range(2)]

    assert taken == [CONSENT, None]


def test_a_consent_is_found_until_it_is_taken(stores: Stores) -> None:
    consent = replace(CONSENT, returns_to="/console/connect/return")
    state = stores.consents.keep(consent)

    found = [stores.consents.find(state, NOON) for _ in range(2)]
    taken = stores.consents.take(state, NOON)

    assert (found, taken) == ([consent, consent], consent)
    assert stores.consents.find(state, NOON) is None


def test_a_state_ends_at_its_time(stores: Stores) -> None:
    state = stores.consents.keep(CONSENT)

    assert stores.consents.find(state, CONSENT.expires_at) is None
    assert stores.consents.take(state, CONSENT.expires_at) is None


@pytest.mark.parametrize(
    "text", ["", ".", "..", "a.b", "YWNtZQ.d2FyZWhvdXNlLTE.guess", "é.ü.x", "%.%.%", "A.A.A", "x" * 1024]
)
def test_another_text_is_no_state(stores: Stores, text: str) -> None:
    stores.consents.keep(CONSENT)

    assert (stores.consents.find(text, NOON), stores.consents.take(text, NOON)) == (None, None)


def test_states_of_several_consents_are_apart(stores: Stores) -> None:
    other = replace(CONSENT, organisation="acme#warehouse-1", integration="ü", reconnects=True)
    first, second = stores.consents.keep(CONSENT), stores.consents.keep(other)

    assert (stores.consents.take(second, NOON), stores.consents.take(first, NOON)) == (other, CONSENT)
