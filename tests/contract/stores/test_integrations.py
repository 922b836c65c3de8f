"""Integrations: what is due, who moves it on, and the status page."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from planster_sync.model.integrations import IntegrationStatus
from planster_sync.model.runs import StreamKey
from planster_sync.model.streams import Stream
from tests.contract.stores.backends import Stores
from tests.contract.stores.samples import NOON, PROBLEM, integration

TOMORROW = NOON + timedelta(days=1)


def test_an_integration_comes_back_as_it_was_put(stores: Stores) -> None:
    made = integration(secret="/planster/dev/integrations/acme/warehouse-1", last_slot_at=NOON, problem=PROBLEM)

    stores.integrations.put(made)

    assert stores.integrations.get("acme", "warehouse-1") == made
    assert stores.integrations.get("acme", "warehouse-2") is None


def test_due_integrations_come_oldest_first(stores: Stores) -> None:
    for place in range(8):
        stores.integrations.put(integration(f"w-{place}", due_at=NOON + timedelta(seconds=place)))
    stores.integrations.put(integration("never", due_at=None))

    due = stores.integrations.due(NOON + timedelta(seconds=5), 3)

    assert [found.id for found in due] == ["w-0", "w-1", "w-2"]


def test_a_slot_is_moved_on_once(stores: Stores) -> None:
    read = integration()
    stores.integrations.put(read)

    first = stores.integrations.slot_done(read, last_slot_at=NOON, due_at=TOMORROW)
    second = stores.integrations.slot_done(read, last_slot_at=NOON, due_at=TOMORROW)

    assert (first, second) == (True, False)
    assert stores.integrations.get("acme", "warehouse-1") == replace(read, last_slot_at=NOON, due_at=TOMORROW)
    assert not stores.integrations.due(NOON, 10)
    assert [found.id for found in stores.integrations.due(TOMORROW, 10)] == ["warehouse-1"]


def test_a_first_slot_is_given_to_an_integration_without_one(stores: Stores) -> None:
    read = integration(due_at=None, last_slot_at=NOON)
    stores.integrations.put(read)

    assert stores.integrations.slot_done(read, last_slot_at=None, due_at=TOMORROW)
    assert stores.integrations.get("acme", "warehouse-1") == replace(read, due_at=TOMORROW)


def test_the_slot_of_an_unknown_integration_is_not_moved(stores: Stores) -> None:
    assert not stores.integrations.slot_done(integration(), last_slot_at=NOON, due_at=TOMORROW)
    assert not stores.integrations.slot_done(integration(due_at=None), last_slot_at=NOON, due_at=TOMORROW)
    assert stores.integrations.get("acme", "warehouse-1") is None


def test_rejected_credentials_are_noted_until_the_integration_works_again(stores: Stores) -> None:
    stores.integrations.put(integration())

    stores.integrations.needs_reauth("acme", "warehouse-1", PROBLEM, NOON)

    waiting = stores.integrations.get("acme", "warehouse-1")
    stores.integrations.active_again("acme", "warehouse-1")
    assert waiting == integration(status=IntegrationStatus.NEEDS_REAUTH, needs_reauth_at=NOON, problem=PROBLEM)
    assert stores.integrations.get("acme", "warehouse-1") == integration()


def test_a_paused_integration_stays_paused(stores: Stores) -> None:
    paused = integration(status=IntegrationStatus.PAUSED)
    stores.integrations.put(paused)

    stores.integrations.needs_reauth("acme", "warehouse-1", PROBLEM, NOON)
    stores.integrations.active_again("acme", "warehouse-1")

    assert stores.integrations.get("acme", "warehouse-1") == paused


@pytest.mark.parametrize("organisation", ["acme", "a#INT", "a%23"])
def test_the_status_page_shows_every_integration_of_one_organisation_with_its_streams(
    stores: Stores, organisation: str
) -> None:
    for owner in (organisation, "other"):
        for name in ("w-1", "w-10", "w-1#STREAM#x"):
            stores.integrations.put(integration(name, organisation=owner))
            _finished(stores, StreamKey(owner, name, "products"))
            _finished(stores, StreamKey(owner, name, "orders"))

    page = stores.integrations.status_page(organisation)

    assert {found.organisation for found, _ in page} == {organisation}
    assert [(found.id, sorted(stream.key.read for stream in streams)) for found, streams in page] == [
        ("w-1", ["orders", "products"]),
        ("w-1#STREAM#x", ["orders", "products"]),
        ("w-10", ["orders", "products"]),
    ]
    assert all(stream.key.integration == found.id for found, streams in page for stream in streams)


def _finished(stores: Stores, key: StreamKey) -> None:
    lease, _ = stores.streams.take(key, run="run-1", segment=0, holder="h", now=NOON, seconds=400)
    stores.streams.finish(lease, Stream(key, last_success_at=NOON))
