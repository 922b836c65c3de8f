"""Verify, check, set aside: why is a number wrong? Each answer is one action away from the integration's page."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from planster_sync.errors import CredentialsRejected, SourceUnavailable, StoreBusy
from planster_sync.model.runs import Problem
from planster_sync.ports.questions import CheckAnswer, CheckQuestion, LookUpAnswer, LookUpQuestion
from tests.console.known import READER, STRANGER
from tests.console.morning import morning
from tests.console.pages import form_to, forms_in, text_in
from tests.console.shelves import ASIDE, CORRECTED, DRIFTED, PLACE, VANISHED
from tests.console.visit import Console
from tests.engine.world import World
from tests.integration.api.caller import OverJson

HOME = f"/console/integrations/{PLACE}"
STOCK = {"data_type": "inventory_levels"}


@pytest.fixture(scope="module")
def console() -> Console:
    return Console(morning()[1])


class Silent(OverJson):
    """A worker that cannot ask: `problem` is what the source said, or None where it gives no answer itself."""

    def __init__(self, world: World, problem: Problem | None) -> None:
        super().__init__(world)
        self._problem = problem

    def check(self, question: CheckQuestion) -> CheckAnswer:
        if self._problem is None:
            raise StoreBusy("The worker gives no answer.")
        return CheckAnswer(problem=self._problem)

    def look_up(self, question: LookUpQuestion) -> LookUpAnswer:
        if self._problem is None:
            raise StoreBusy("The worker gives no answer.")
        return LookUpAnswer(problem=self._problem)


def with_worker(problem: Problem | None) -> Console:
    world, shop = morning()
    return Console(replace(shop, worker=Silent(world, problem)))


def test_each_step_of_a_planner_who_doubts_a_number_is_one_action_on_the_integrations_page(console: Console) -> None:
    page = console.get(HOME).text

    verify = form_to(page, "/verify")
    checked = console.post(f"{HOME}/check", form_to(page, "/check").fields)
    verified = console.post(f"{HOME}/verify", {**verify.fields, "sku": DRIFTED})
    correct = console.get(f"{HOME}/corrections/new?sku={DRIFTED}")
    assert "The connection works" in checked.text
    assert "Differs" in verified.text
    assert 'id="types"' in page
    assert f"{HOME}/corrections/new" in page
    assert correct.status == 200
    assert any(form.action == f"{HOME}/sync" and form.fields["mode"] == "auto" for form in forms_in(page))


def test_what_support_needs_is_a_file_without_secrets(console: Console) -> None:
    page = console.get(HOME).text

    seen = console.get(f"{HOME}/diagnosis")

    bundle = json.loads(seen.text)
    assert f'href="{HOME}/diagnosis"' in page
    assert seen.headers["content-disposition"].startswith('attachment; filename="planster-diagnosis-')
    assert bundle["status"]["id"] == PLACE
    assert "user-7" not in seen.text


def test_a_reader_is_offered_only_what_a_reader_may_do() -> None:
    page = Console(morning()[1], READER).get(HOME).text

    actions = {form.action for form in forms_in(page)}
    assert actions == {"/console/logout"}
    assert "See how old the data is" in page


def test_what_differs_comes_first_with_both_values_and_what_they_are_taken_from(console: Console) -> None:
    page = text_in(console.post(f"{HOME}/verify", {**STOCK, "sku": DRIFTED}).text)

    assert "On hand : differs 589 575 warehouse_products.*.on_hand sum over warehouses" in page
    assert page.index(": differs") < page.index("Committed")
    assert "Last changed here" in page


def test_what_has_vanished_says_what_to_do_and_offers_it(console: Console) -> None:
    seen = console.post(f"{HOME}/verify", {**STOCK, "sku": VANISHED})

    assert "no longer has the record" in seen.text
    assert form_to(seen.text, "/sync").fields["mode"] == "snapshot"


def test_a_correction_is_left_aside_and_told(console: Console) -> None:
    """The source still says what it said: the correction is no difference."""
    page = text_in(console.post(f"{HOME}/verify", {**STOCK, "record": f"acc/{CORRECTED.lower()}"}).text)

    assert "A correction by hand is in force" in page
    assert "On hand 589 589" in page
    assert ": differs" not in page


def test_an_empty_form_verifies_a_sample(console: Console) -> None:
    seen = console.post(f"{HOME}/verify", {"data_type": "products"})

    assert seen.text.count('class="card verified') == 5


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({**STOCK, "sku": "NOPE"}, 404),
        ({**STOCK, "record": "nope"}, 404),
        ({**STOCK, "sku": "x" * 600}, 422),
        ({"data_type": "nonsense", "sku": DRIFTED}, 422),
    ],
)
def test_what_cannot_be_verified_is_said_beside_the_form(console: Console, fields: dict[str, str], status: int) -> None:
    seen = console.post(f"{HOME}/verify", fields)

    assert seen.status == status
    assert "Not verified" in seen.text or fields["data_type"] == "nonsense"


def test_a_source_that_does_not_answer_is_no_error_of_the_page() -> None:
    silent = with_worker(Problem.of(SourceUnavailable("The warehouse system did not answer.")))

    seen = silent.post(f"{HOME}/verify", {**STOCK, "sku": DRIFTED})

    assert seen.status == 200
    assert "The source could not be asked" in text_in(seen.text)


@pytest.mark.parametrize("address", ["verify", "check"])
def test_a_worker_that_does_not_answer_is_said(address: str) -> None:
    assert with_worker(None).post(f"{HOME}/{address}", {**STOCK, "sku": DRIFTED}).status == 503


def test_a_check_tells_each_data_type_and_whose_move_it_is(console: Console) -> None:
    page = text_in(console.post(f"{HOME}/check").text)

    assert "The connection works, but the account may not read everything." in page
    assert "Returns Not allowed Your move. The account may not read returns." in page
    assert "Orders Works" in page


def test_refused_credentials_are_told_with_the_remedy() -> None:
    refused = with_worker(Problem.of(CredentialsRejected("The warehouse system refuses the API key.")))

    page = text_in(refused.post(f"{HOME}/check").text)

    assert "refuses the connection" in page
    assert "Reconnect the integration" in page


def test_what_was_set_aside_is_listed_with_reason_field_and_shape(console: Console) -> None:
    page = text_in(console.get(f"/console/integrations/{ASIDE}/aside").text)

    assert "Orders 4" in page
    assert "ORD-5512 The quantity is not a number." in page
    assert "lines.quantity" in page


def test_looking_anew_is_asked_for_once_and_said() -> None:
    console = Console(morning()[1])
    home = f"/console/integrations/{ASIDE}/aside"

    answer = console.post(f"{home}/orders/retry")
    page = text_in(console.get(answer.headers["location"]).text)

    assert answer.status == 303
    assert "The next sync reads the whole list" in page
    assert "asked to look anew" in page


def test_another_organisations_bundle_is_not_there() -> None:
    assert Console(morning()[1], STRANGER).get(f"{HOME}/diagnosis").status == 404


@pytest.mark.parametrize("address", ["verify", "check", "aside/orders/retry"])
def test_another_organisations_integration_cannot_be_asked_about(address: str) -> None:
    assert Console(morning()[1], STRANGER).post(f"{HOME}/{address}", {**STOCK, "sku": DRIFTED}).status == 404


@pytest.mark.parametrize("address", ["verify", "check", "aside/orders/retry"])
def test_a_reader_may_not_ask_the_warehouse_system(address: str) -> None:
    assert Console(morning()[1], READER).post(f"{HOME}/{address}", {**STOCK, "sku": DRIFTED}).status == 403


@pytest.mark.parametrize("address", ["verify", "check", "aside/orders/retry"])
@pytest.mark.parametrize("attack", [{"origin": "https://evil.example"}, {"origin": "null"}])
def test_another_sites_form_asks_nothing(console: Console, address: str, attack: Any) -> None:
    assert console.post(f"{HOME}/{address}", {**STOCK, "sku": DRIFTED}, **attack).status == 403
