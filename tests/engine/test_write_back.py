"""Write-back: one request, one shipment, whatever gets lost; refusals in words; nothing goes on for ever."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from planster_sync.errors import (
    AnswerBroken,
    Conflict,
    CredentialsRejected,
    FieldsInvalid,
    InvalidRequest,
    SourceUnavailable,
    StoreBusy,
    SyncError,
    Throttled,
    Unsupported,
    WriteRefused,
)
from planster_sync.model.integrations import IntegrationStatus
from planster_sync.ports.write_backs import WriteBack, WriteMessage, WriteState
from planster_sync.ports.writing import DraftLine, InboundShipmentChange, InboundShipmentDraft
from tests.fakes.clock import ManualClock
from tests.fakes.writable_vendor import WritableVendor, failing, lost, moved_on, unreached
from tests.fakes.write_desk import WriteDesk

DRAFT = InboundShipmentDraft("PO-1", (DraftLine(12, sku="SOAP"), DraftLine(3, sku="TOWEL")), warehouse_id="wh-1")
LATER = InboundShipmentChange(expected_at="2026-05-01T00:00:00Z")


def desk(**changes: Any) -> tuple[WriteDesk, WritableVendor]:
    clock = ManualClock()
    vendor = WritableVendor(clock, **changes)
    return WriteDesk(vendor, clock), vendor


def test_a_shipment_is_created_once_and_its_id_is_kept() -> None:
    system, vendor = desk()

    asked = system.create(DRAFT)
    outcome = system.until_ended("PO-1")

    assert asked.state is WriteState.REQUESTED
    assert (outcome.state, outcome.shipment_id, outcome.problem) == (WriteState.SUCCEEDED, "asn-1", None)
    assert vendor.shipments["asn-1"]["lines"] == {"SOAP": 12, "TOWEL": 3}
    assert vendor.creations == 1


def test_nothing_is_sent_while_it_is_only_asked_for() -> None:
    system, vendor = desk()

    system.create(DRAFT)

    assert (vendor.creations, vendor.finds) == (0, 0)
    assert [sent.message for sent in system.queue.sent] == [WriteMessage("org1", "int1", "PO-1")]


@pytest.mark.parametrize("fault", [lost, unreached], ids=["acted", "never-arrived"])
@pytest.mark.parametrize("times", [1, 3])
def test_a_lost_answer_is_settled_by_looking_before_anything_is_sent_again(fault: Any, times: int) -> None:
    system, vendor = desk()
    vendor.faults = [fault] * times

    system.create(DRAFT)
    outcome = system.until_ended("PO-1")

    assert outcome.state is WriteState.SUCCEEDED
    assert vendor.creations == len(vendor.shipments) == 1
    assert outcome.shipment_id in vendor.shipments


def test_an_answer_that_makes_no_sense_is_a_lost_one() -> None:
    system, vendor = desk()

    def garbled(act: Any) -> Any:
        act()
        raise AnswerBroken("The source's answer has no record.")

    vendor.faults = [garbled]
    system.create(DRAFT)

    assert system.until_ended("PO-1").state is WriteState.SUCCEEDED
    assert vendor.creations == 1


def test_while_the_outcome_is_unknown_the_row_says_so_and_why() -> None:
    system, vendor = desk()
    vendor.faults = [lost]
    system.create(DRAFT)

    system.work(messages=1)

    outcome = system.outcome("PO-1")
    assert outcome.state is WriteState.UNKNOWN
    assert outcome.problem is not None
    assert outcome.problem.code == "source_unavailable"
    assert outcome.wait_until is not None
    assert outcome.wait_until > system.clock.now()


def test_a_vendor_that_asks_to_wait_for_long_is_left_to_the_sweep() -> None:
    system, vendor = desk()
    until = system.clock.now()
    vendor.faults = [failing(Throttled("Too many.", until=system.clock.now().replace(hour=5)))]
    system.create(DRAFT)

    system.work(messages=1)

    assert system.queue.sent == []
    assert system.until_ended("PO-1").state is WriteState.SUCCEEDED
    assert (system.clock.now() - until).total_seconds() >= 3 * 3600


def test_a_message_that_comes_twice_does_nothing_more() -> None:
    system, vendor = desk()
    system.create(DRAFT)
    again = system.queue.sent[0].message
    system.work()

    assert system.worker().handle(again) is None
    assert vendor.creations == 1


def test_a_message_that_comes_while_a_worker_is_at_it_comes_back_after_its_lease() -> None:
    system, vendor = desk()
    system.create(DRAFT)
    message = system.queue.sent[0].message
    answers: list[float | None] = []
    vendor.looking = lambda: answers.append(system.worker().handle(message))

    system.worker().handle(message)

    assert answers == [system.timings.lease]
    assert vendor.creations == 1


def test_a_message_for_nothing_is_refused() -> None:
    system, _ = desk()

    with pytest.raises(InvalidRequest):
        system.worker().handle(WriteMessage("org1", "int1", "PO-9"))


def test_a_message_whose_request_was_erased_with_its_integration_is_dropped() -> None:
    system, _ = desk()
    system.set_status(IntegrationStatus.DISCONNECTING)
    while_erasing = system.worker().handle(WriteMessage("org1", "int1", "PO-9"))
    system.integrations.remove("org1", "int1")

    assert while_erasing is None
    assert system.worker().handle(WriteMessage("org1", "int1", "PO-9")) is None


def test_the_same_request_again_joins_the_first_and_gives_its_outcome() -> None:
    system, vendor = desk()
    first = system.create(DRAFT)

    joined = system.create(replace(DRAFT, lines=list(DRAFT.lines)))
    system.work()
    assert system.outcome("PO-1").attempt == 1
    ended = system.create(DRAFT)

    assert joined == first
    assert (ended.state, ended.shipment_id) == (WriteState.SUCCEEDED, "asn-1")
    assert vendor.creations == 1
    assert system.queue.sent == []


def test_the_same_reference_for_something_else_is_a_conflict() -> None:
    system, _ = desk()
    system.create(DRAFT)

    with pytest.raises(Conflict, match="PO-1"):
        system.create(replace(DRAFT, warehouse_id="wh-2"))


def test_a_number_that_the_warehouse_has_already_is_not_taken_for_ours() -> None:
    system, vendor = desk()
    vendor.create_inbound_shipment(replace(DRAFT, lines=(DraftLine(1, sku="SOAP"),)))

    system.create(DRAFT)
    outcome = system.until_ended("PO-1")

    assert outcome.state is WriteState.FAILED
    assert outcome.problem is not None
    assert (outcome.problem.code, outcome.in_doubt) == ("conflict", False)
    assert len(vendor.shipments) == 1


def test_a_refusal_ends_it_in_the_vendors_words_and_the_corrected_one_may_be_sent_under_the_same_reference() -> None:
    system, vendor = desk()
    system.create(replace(DRAFT, lines=(DraftLine(1, sku="UNKNOWN"),)))
    refused = system.until_ended("PO-1")

    system.create(DRAFT)
    corrected = system.until_ended("PO-1")

    assert refused.state is WriteState.FAILED
    assert refused.problem is not None
    assert (refused.problem.code, refused.problem.retryable) == ("write_refused", False)
    assert "UNKNOWN" in refused.problem.what
    assert corrected.state is WriteState.SUCCEEDED
    assert vendor.creations == 1


def test_a_refused_request_that_is_sent_again_as_it_was_gives_the_refusal() -> None:
    system, _ = desk()
    wrong = replace(DRAFT, lines=(DraftLine(1, sku="UNKNOWN"),))
    system.create(wrong)
    refused = system.until_ended("PO-1")

    assert system.create(wrong) == refused
    assert system.queue.sent == []


def test_what_never_gets_through_ends_in_doubt_within_bounded_time_and_may_be_asked_again() -> None:
    system, vendor = desk()
    begun = system.clock.now()
    soon = SourceUnavailable("The warehouse system did not confirm the change.", until=begun)
    vendor.faults = [failing(soon)] * system.timings.max_stalls
    system.create(DRAFT)

    outcome = system.until_ended("PO-1")
    hours = (system.clock.now() - begun).total_seconds() / 3600
    system.create(DRAFT)
    again = system.until_ended("PO-1")

    assert outcome.problem is not None
    assert (outcome.state, outcome.in_doubt) == (WriteState.FAILED, True)
    assert (outcome.problem.code, outcome.problem.retryable) == ("outcome_unknown", True)
    assert "PO-1" in outcome.problem.remedy
    assert 3 < hours < 10
    assert again.state is WriteState.SUCCEEDED
    assert vendor.creations == 1


def test_one_that_ended_in_doubt_is_looked_for_when_it_is_asked_again() -> None:
    system, vendor = desk()
    vendor.faults = [lost]
    vendor.looking = _blind(vendor, after=1)
    system.create(DRAFT)
    assert system.until_ended("PO-1").in_doubt

    vendor.looking = lambda: None
    system.set_status(IntegrationStatus.ACTIVE)
    system.create(DRAFT)

    assert system.until_ended("PO-1").state is WriteState.SUCCEEDED
    assert vendor.creations == 1


def _blind(vendor: WritableVendor, *, after: int) -> Any:
    def look() -> None:
        if vendor.finds > after:
            raise CredentialsRejected("The warehouse system refused the credentials.")

    return look


def test_a_number_that_our_own_lost_creation_has_taken_is_found_when_the_vendors_search_shows_it() -> None:
    """The vendor keeps numbers apart by itself, and its search lags behind."""
    system, vendor = desk()
    taken = Conflict("The number is taken.")
    vendor.faults = [lost, failing(taken), failing(taken)]
    vendor.blind_looks = 5
    system.create(DRAFT)

    outcome = system.until_ended("PO-1")

    assert (outcome.state, outcome.shipment_id, outcome.attempt) == (WriteState.SUCCEEDED, "asn-1", 4)
    assert vendor.creations == 1


def test_a_refusal_of_what_has_just_come_to_light_is_not_believed() -> None:
    system, vendor = desk()
    vendor.faults = [lost, failing(WriteRefused("There is such a number already."))]
    vendor.blind_looks = 2
    system.create(DRAFT)

    outcome = system.until_ended("PO-1")

    assert (outcome.state, outcome.shipment_id, outcome.attempt) == (WriteState.SUCCEEDED, "asn-1", 2)
    assert vendor.creations == 1


def test_a_number_that_stays_taken_unseen_ends_in_doubt() -> None:
    system, vendor = desk()
    vendor.faults = [lost, *[failing(Conflict("The number is taken."))] * 9]
    vendor.blind_looks = 99
    system.create(DRAFT)

    outcome = system.until_ended("PO-1")

    assert outcome.problem is not None
    assert (outcome.problem.code, outcome.in_doubt) == ("outcome_unknown", True)


def test_a_number_that_was_taken_before_anything_of_ours_is_a_plain_conflict() -> None:
    system, vendor = desk()
    vendor.faults = [failing(Conflict("The number is taken."))]
    system.create(DRAFT)

    outcome = system.until_ended("PO-1")

    assert outcome.problem is not None
    assert (outcome.problem.code, outcome.in_doubt, outcome.attempt) == ("conflict", False, 1)


def test_what_the_connected_system_does_not_offer_is_to_be_done_there() -> None:
    system, vendor = desk()
    vendor.faults = [failing(Unsupported("The connected warehouse system does not offer this operation."))]
    system.create(DRAFT)

    problem = system.until_ended("PO-1").problem
    assert problem is not None
    assert "in the warehouse system itself" in problem.remedy


def test_what_to_do_about_a_failure_fits_a_write_back_that_waits_and_one_that_ended() -> None:
    system, vendor = desk()
    down = SourceUnavailable("The warehouse system could not be reached.")
    vendor.looking = _failing_look(down)
    system.create(DRAFT)
    system.work(messages=1)
    waiting = system.outcome("PO-1").problem
    ended = system.until_ended("PO-1").problem

    assert waiting is not None
    assert ended is not None
    assert "tried again by itself" in waiting.remedy
    assert (ended.code, ended.remedy) == ("source_unavailable", "Send it again under the same reference.")


def _failing_look(error: SyncError) -> Any:
    def look() -> None:
        raise error

    return look


def test_refused_credentials_end_the_request_and_mark_the_integration() -> None:
    system, vendor = desk()
    vendor.looking = _blind(vendor, after=0)

    system.create(DRAFT)
    outcome = system.until_ended("PO-1")

    assert outcome.problem is not None
    assert outcome.problem.code == "credentials_rejected"
    assert system.integration.status is IntegrationStatus.NEEDS_REAUTH
    with pytest.raises(Conflict):
        system.create(replace(DRAFT, reference="PO-2"))


@pytest.mark.parametrize("status", [status for status in IntegrationStatus if status is not IntegrationStatus.ACTIVE])
def test_an_integration_that_was_paused_meanwhile_gets_nothing(status: IntegrationStatus) -> None:
    system, vendor = desk()
    system.create(DRAFT)
    system.set_status(status)

    outcome = system.until_ended("PO-1")

    assert (outcome.state, outcome.in_doubt) == (WriteState.FAILED, False)
    assert vendor.finds == 0


def test_an_outcome_is_given_also_while_the_integration_is_paused() -> None:
    system, _ = desk()
    system.create(DRAFT)
    ended = system.until_ended("PO-1")
    system.set_status(IntegrationStatus.PAUSED)

    assert system.create(DRAFT) == ended
    with pytest.raises(Conflict, match="paused"):
        system.create(replace(DRAFT, reference="PO-2"))


def test_a_removed_integration_ends_the_request() -> None:
    system, _ = desk()
    system.create(DRAFT)
    system.integrations.remove("org1", "int1")
    system.work()

    outcome = system.outcome("PO-1")
    assert outcome.problem is not None
    assert outcome.problem.code == "not_found"


def test_an_unknown_failure_is_tried_again_and_logged() -> None:
    system, vendor = desk()

    def bug(act: Any) -> Any:
        act()
        raise RuntimeError("a bug")

    vendor.faults = [bug]
    system.create(DRAFT)

    assert system.until_ended("PO-1").state is WriteState.SUCCEEDED
    assert vendor.creations == 1
    assert system.journal.named("internal")


def test_a_change_is_made_once_asked_for() -> None:
    system, vendor = desk()
    vendor.create_inbound_shipment(DRAFT)

    system.update("CHG-1", "asn-1", replace(LATER, lines=(DraftLine(20, sku="SOAP"),)))
    outcome = system.until_ended("CHG-1")

    assert outcome.state is WriteState.SUCCEEDED
    assert vendor.shipments["asn-1"]["expected_at"] == "2026-05-01T00:00:00Z"
    assert vendor.shipments["asn-1"]["lines"] == {"SOAP": 20, "TOWEL": 3}


def test_a_change_whose_answer_was_lost_is_made_again_with_the_same_result() -> None:
    system, vendor = desk()
    vendor.create_inbound_shipment(DRAFT)
    vendor.faults = [lost]

    system.update("CHG-1", "asn-1", LATER)

    assert system.until_ended("CHG-1").state is WriteState.SUCCEEDED
    assert vendor.shipments["asn-1"]["expected_at"] == "2026-05-01T00:00:00Z"


def test_a_change_that_met_another_is_tried_on_the_shipment_as_it_is_then() -> None:
    system, vendor = desk()
    vendor.create_inbound_shipment(DRAFT)
    vendor.faults = [moved_on]

    system.update("CHG-1", "asn-1", LATER)

    assert system.until_ended("CHG-1").state is WriteState.SUCCEEDED
    assert vendor.updates == 1


def test_a_change_that_meets_another_every_time_ends_as_a_conflict() -> None:
    system, vendor = desk()
    vendor.create_inbound_shipment(DRAFT)
    vendor.faults = [moved_on] * 99

    system.update("CHG-1", "asn-1", LATER)
    outcome = system.until_ended("CHG-1")

    assert outcome.problem is not None
    assert (outcome.problem.code, outcome.in_doubt) == ("conflict", False)
    assert outcome.attempt == system.timings.max_attempts


def test_a_change_of_what_is_not_there_is_told_so() -> None:
    system, _ = desk()

    system.update("CHG-1", "asn-9", LATER)

    problem = system.until_ended("CHG-1").problem
    assert problem is not None
    assert problem.code == "not_found"


@pytest.mark.parametrize("error", [StoreBusy("Busy."), RuntimeError("bug")], ids=["busy", "bug"])
def test_what_fails_after_the_end_does_not_open_the_request_again(error: Exception) -> None:
    system, vendor = desk()
    vendor.create_inbound_shipment(DRAFT)

    def refuse(write: WriteBack) -> None:
        raise error

    system.writes.free_shipment = refuse  # type: ignore[method-assign]
    system.update("CHG-1", "asn-1", LATER)

    assert system.until_ended("CHG-1").state is WriteState.SUCCEEDED
    assert (vendor.updates, system.outcome("CHG-1").attempt) == (1, 1)
    assert system.queue.sent == []


def test_an_older_change_never_undoes_a_newer_one() -> None:
    """The older one's answer is lost, the newer one is made meanwhile, then the older one is tried again."""
    system, vendor = desk()
    vendor.create_inbound_shipment(DRAFT)
    vendor.faults = [unreached]
    system.update("CHG-1", "asn-1", LATER)
    system.work(messages=1)
    older = system.queue.drain()
    system.clock.advance(system.timings.lease + 1)

    system.update("CHG-2", "asn-1", InboundShipmentChange(expected_at="2026-06-01T00:00:00Z"))
    newer = system.until_ended("CHG-2")
    system.queue.send_writes([sent.message for sent in older])
    outcome = system.until_ended("CHG-1")

    assert newer.state is WriteState.SUCCEEDED
    assert outcome.state is WriteState.FAILED
    assert vendor.shipments["asn-1"]["expected_at"] == "2026-06-01T00:00:00Z"


def test_a_field_that_the_vendor_left_out_is_named() -> None:
    system, _ = desk(unkept=frozenset({"supplier_name", "expected_at"}))

    system.create(replace(DRAFT, supplier_name="Mill Ltd", expected_at="2026-05-01T00:00:00Z"))

    assert system.until_ended("PO-1").not_kept == ("supplier_name", "expected_at")


def test_nothing_is_said_to_be_missing_where_all_was_kept() -> None:
    system, _ = desk()

    system.create(replace(DRAFT, supplier_name="Mill Ltd", expected_at="2026-05-01T00:00:00Z"))

    assert system.until_ended("PO-1").not_kept == ()


def test_nothing_is_found_under_a_reference_that_nobody_used_or_could_use() -> None:
    system, _ = desk()

    assert system.requests().find("org1", "int1", "PO-1") is None
    assert system.requests().find("org1", "int1", "x" * 5000) is None


@pytest.mark.parametrize("reference", ["", " CHG", "x" * 101])
def test_a_change_needs_a_name_of_its_own(reference: str) -> None:
    system, _ = desk()

    with pytest.raises(FieldsInvalid) as refusal:
        system.update(reference, "asn-1", LATER)
    assert set(refusal.value.fields) == {"reference"}


def test_a_lost_message_is_sent_by_the_sweep() -> None:
    system, vendor = desk()
    system.create(DRAFT)
    system.queue.drain()

    assert system.until_ended("PO-1").state is WriteState.SUCCEEDED
    assert vendor.creations == 1


def test_one_request_that_cannot_be_looked_after_does_not_stop_the_others() -> None:
    system, vendor = desk()
    system.create(DRAFT)
    system.create(replace(DRAFT, reference="PO-2"))
    system.queue.drain()
    system.clock.advance(3600)
    send, refusals = system.queue.send_writes, [SyncError("no"), RuntimeError("bug")]

    def refuse_first(messages: Any, **named: Any) -> None:
        if refusals and messages[0].reference == "PO-1":
            raise refusals.pop()
        send(messages, **named)

    system.queue.send_writes = refuse_first  # type: ignore[method-assign]
    swept = system.sweep()
    system.work()

    assert swept == 2
    assert system.outcome("PO-2").state is WriteState.SUCCEEDED
    assert system.until_ended("PO-1").state is WriteState.SUCCEEDED
    assert vendor.creations == 2
