"""The house's events and digests: each change once, whatever dies or comes twice, and nothing where nothing changed."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from planster_sync.errors import CredentialsRejected, StoreBusy
from planster_sync.model.data_types import DataType
from planster_sync.model.webhooks import Kind
from tests.engine.saboteur import Plan, Watched
from tests.engine.world import Killed, World
from tests.fakes.house_office import HouseOffice


def refuse() -> None:
    raise CredentialsRejected("The warehouse system refuses the credentials of jane@example.com, key sk_live_1.")


def settled() -> HouseOffice:
    """Two nights are told; all is well."""
    office = HouseOffice(World())
    office.world.source.fill(12)
    for _ in range(2):
        office.world.night()
        office.look()
    return office


def broken(office: HouseOffice) -> None:
    office.world.connecting = refuse
    office.world.night()


def kinds(office: HouseOffice) -> list[Kind]:
    return [kind for kind, _ in office.told]


def test_a_new_accounts_first_words_are_told() -> None:
    office = HouseOffice(World())
    office.world.source.fill(3)

    office.world.night()
    office.look()

    assert sorted(kinds(office)) == [Kind.RUN_COMPLETED, Kind.STATE_CHANGED]
    assert [subject for subject, _, _ in office.topic.published] == ["Planster Sync: all that changed is well"]


def test_an_ordinary_night_tells_its_run_and_no_digest() -> None:
    office = settled()
    told, digests = len(office.told), len(office.topic.published)

    office.world.night()
    office.look()
    office.look()

    assert kinds(office)[told:] == [Kind.RUN_COMPLETED]
    assert len(office.topic.published) == digests


def test_a_digest_says_what_changed_and_what_to_do_and_nothing_that_people_or_vendors_wrote() -> None:
    office = settled()
    broken(office)

    office.look()

    subject, text, organisation = office.topic.published[-1]
    assert (subject, organisation) == ("Planster Sync: one integration to look at", "org1")
    assert "int1 (Scripted) is out of date or cannot be synced." in text
    assert "not synced until somebody acts: orders, order shipments" in text
    assert "What to do: " in text
    assert re.search(r"\nDigest \S+$", text)
    assert "Main warehouse" not in text
    assert all(len(line) < 1000 and line.isprintable() for line in text.splitlines())


def test_one_digest_for_an_organisation_and_a_look_and_none_for_the_repeated_look() -> None:
    office = settled()
    second = replace(office.world.integration, id="int2", name="Other", due_at=None)
    office.world.stores.integrations.put(second)
    office.look()
    before = len(office.topic.published)
    broken(office)
    office.world.stores.integrations.pause("org1", "int2")

    for _ in range(3):
        office.look()

    (digest,) = office.topic.published[before:]
    assert "int1 (Scripted)" in digest[1]
    assert "int2 (Scripted)" in digest[1]


def test_a_change_in_one_organisation_is_told_to_no_other() -> None:
    office = settled()
    office.world.stores.integrations.put(replace(office.world.integration, organisation="org2"))
    before = len(office.topic.published)
    broken(office)

    office.look()

    assert {organisation for _, _, organisation in office.topic.published[before:]} == {"org1"}


def test_held_deletions_are_told_once_and_again_where_the_number_is_another() -> None:
    office = settled()
    orders = dict(office.world.source.orders)
    office.world.source.orders = dict(list(orders.items())[:4])
    for _ in range(2):
        office.world.night()
        office.look()
    office.world.source.orders.clear()
    office.world.night()
    office.look()

    held = [detail["data"]["data_types"] for kind, detail in office.told if kind is Kind.DELETION_HELD]

    counts = [{each["data_type"]: each["count"] for each in one} for one in held]
    assert [each["orders"] for each in counts] == [8, 12]
    assert all(each["live"] == 12 for one in held for each in one if each["data_type"] == DataType.ORDERS)


@pytest.mark.parametrize("call", range(1, 23))
@pytest.mark.parametrize("done", [True, False], ids=["after", "before"])
def test_a_worker_that_dies_anywhere_loses_nothing_and_tells_under_the_same_id(call: int, done: bool) -> None:
    office = settled()
    told, digests = len(office.told), len(office.topic.published)
    broken(office)
    plan = Plan(call, done=done)
    office.watch = lambda part: Watched(part, plan)
    with suppress(Killed):
        office.look()
    office.watch = lambda part: part
    office.queue.drain()
    for _ in range(6):
        office.world.clock.advance(timedelta(minutes=20).total_seconds())
        office.look()
        office.tick()

    events = office.told[told:]
    by_id = {detail["id"]: (kind, detail) for kind, detail in events}
    assert sorted(kind for kind, _ in by_id.values()) == [Kind.ACTION_NEEDED, Kind.RUN_COMPLETED, Kind.STATE_CHANGED]
    assert len(events) <= len(by_id) + 1
    texts = [text for _, text, _ in office.topic.published[digests:]]
    assert len(set(texts)) == 1
    assert len(texts) <= 2


def test_a_topic_that_is_busy_is_tried_again_and_the_events_are_told_meanwhile() -> None:
    office = settled()
    broken(office)
    publish, digests = office.topic.publish, len(office.topic.published)

    def busy(subject: str, text: str, organisation: str) -> None:
        raise StoreBusy("The topic for digests is busy.")

    office.topic.publish = busy  # type: ignore[method-assign]
    with pytest.raises(StoreBusy):
        office.look()
    office.topic.publish = publish  # type: ignore[method-assign]
    office.world.clock.advance(timedelta(minutes=20).total_seconds())
    office.tick()

    assert len(office.topic.published) == digests + 1
