"""Tokens that end: who renews them, when, and what races and lost answers do."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from planster_sync.errors import CredentialsRejected, SourceUnavailable, StoreBusy
from planster_sync.http.auth import Renewal
from planster_sync.http.messages import Answer, Request
from planster_sync.http.tokens import SharedTokens, TokenAuth
from planster_sync.storage.backoff import Backoff
from planster_sync.storage.lanes import ThreadLanes
from planster_sync.storage.table import Table
from planster_sync.storage.token_turns import DynamoTokenTurns
from tests.contract.stores.faults import FaultyEndpoint
from tests.contract.stores.tables import described
from tests.fakes.clock import ManualClock
from tests.fakes.memory_tokens import MemoryVault, StrictVendor
from tests.fakes.simulated_dynamodb import SimulatedDynamoDB
from tests.fakes.simulated_tables import table_layout

HOUR = 3600.0


class Account:
    """One account at a strict vendor, whose workers share a vault and a row."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.vendor = StrictVendor()
        self.vault = MemoryVault()
        layouts = [table_layout(name, what) for name, what in described(control="control", records="records")]
        self.endpoint = FaultyEndpoint(SimulatedDynamoDB(layouts))

    def worker(self, name: str = "a", origin: str = "first") -> SharedTokens:
        table = Table(self.endpoint, "control", Backoff(self.clock, lambda: 0.5), ThreadLanes())
        turns = DynamoTokenTurns(table, "acme", "warehouse-1")
        return SharedTokens(turns, self.vault, self.vendor.ask, self.clock, holder=name, origin=origin)


@pytest.fixture
def account() -> Account:
    return Account()


def hold_turn(account: Account, name: str = "dead") -> None:
    """A worker takes the turn, and is not heard of again."""
    table = Table(account.endpoint, "control", Backoff(account.clock, lambda: 0.5), ThreadLanes())
    assert DynamoTokenTurns(table, "acme", "warehouse-1").take(name, account.clock.now(), 150) is not None


def test_the_first_worker_asks_with_the_accounts_own_credentials_and_the_others_share(account: Account) -> None:
    tokens = [account.worker(name).current() for name in "abc"]

    assert tokens == ["access-1"] * 3
    assert account.vendor.asked_with == [None]


def test_a_young_token_is_used_without_asking_anybody(account: Account) -> None:
    worker = account.worker()
    worker.current()
    calls = len(account.endpoint.operations)

    account.clock.advance(HOUR / 2 - 1)

    assert worker.current() == "access-1"
    assert len(account.endpoint.operations) == calls


def test_at_half_its_life_a_token_is_renewed_once_for_all_workers(account: Account) -> None:
    workers = [account.worker(name) for name in "abc"]
    for worker in workers:
        worker.current()

    account.clock.advance(HOUR / 2)
    tokens = [worker.current() for worker in workers]

    assert tokens == ["access-2"] * 3
    assert account.vendor.asked_with == [None, "refresh-1"]


def test_while_one_worker_renews_the_others_use_the_old_token(account: Account) -> None:
    first, second = account.worker("a"), account.worker("b")
    first.current()
    account.clock.advance(HOUR / 2)
    meanwhile: list[str] = []
    account.vendor.before.append(lambda: meanwhile.append(second.current()))

    token = first.current()

    assert (token, meanwhile) == ("access-2", ["access-1"])
    assert account.vendor.granted == 2


class Impatient(ManualClock):
    """While somebody waits for the first time, something happens."""

    def __init__(self, happens: Callable[[], object]) -> None:
        super().__init__()
        self._happens = [happens]

    def wait(self, seconds: float) -> None:
        super().wait(seconds)
        if self._happens:
            self._happens.pop()()


def test_a_worker_without_a_good_token_waits_for_the_one_who_renews(account: Account) -> None:
    hold_turn(account, "a")
    renewing = account.worker("a")
    account.clock = Impatient(renewing.current)

    assert account.worker("b").current() == "access-1"
    assert len(account.clock.waits) == 1
    assert account.vendor.granted == 1


def test_a_worker_that_waits_in_vain_says_when_to_come_again(account: Account) -> None:
    hold_turn(account)

    with pytest.raises(SourceUnavailable) as raised:
        account.worker("b").current()

    assert raised.value.until is not None
    assert sum(account.clock.waits) <= 20
    assert account.vendor.granted == 0


def test_a_dead_workers_turn_ends_by_itself(account: Account) -> None:
    hold_turn(account)
    account.clock.advance(151)

    assert account.worker("b").current() == "access-1"


def test_a_refused_token_is_renewed_once_and_the_others_take_what_is_stored(account: Account) -> None:
    workers = [account.worker(name) for name in "abc"]
    for worker in workers:
        worker.current()

    tokens = [worker.renewed("access-1") for worker in workers]

    assert tokens == ["access-2"] * 3
    assert account.vendor.granted == 2


def test_a_grant_that_was_revoked_is_said_at_once(account: Account) -> None:
    worker = account.worker()
    worker.current()
    account.vendor.expected = "somebody else's"

    with pytest.raises(CredentialsRejected):
        worker.renewed("access-1")

    with pytest.raises(CredentialsRejected):
        account.worker("b").renewed("access-1")


def test_new_credentials_make_the_old_token_void(account: Account) -> None:
    account.worker("a", origin="first").current()
    account.vendor.expected = None

    token = account.worker("b", origin="second").current()

    assert token == "access-2"
    assert account.vendor.asked_with == [None, None]


def test_a_vendor_that_cannot_be_asked_leaves_the_old_token_in_use(account: Account) -> None:
    worker = account.worker()
    worker.current()
    account.clock.advance(HOUR / 2)
    account.vendor.failures = [SourceUnavailable("Down.")]

    assert worker.current() == worker.current() == "access-1"
    assert len(account.vendor.asked_with) == 2

    account.clock.advance(61)
    assert worker.current() == "access-2"


def test_a_vendor_that_cannot_be_asked_and_no_good_token_is_an_outage(account: Account) -> None:
    account.vendor.failures = [SourceUnavailable("Down.")]
    worker = account.worker()

    with pytest.raises(SourceUnavailable):
        worker.current()

    assert worker.current() == "access-1"


def test_a_token_that_is_about_to_end_is_not_used_any_more(account: Account) -> None:
    worker = account.worker()
    worker.current()
    account.clock.advance(HOUR - 59)
    account.vendor.failures = [SourceUnavailable("Down.")]

    with pytest.raises(SourceUnavailable):
        worker.current()


def test_a_grant_that_could_not_be_written_is_written_before_the_vendor_is_asked_again(account: Account) -> None:
    worker = account.worker()
    worker.current()
    account.clock.advance(HOUR / 2)
    account.vault.busy = 1

    in_the_meantime = worker.current()
    account.clock.advance(61)

    assert (in_the_meantime, worker.current()) == ("access-1", "access-2")
    assert account.vendor.asked_with == [None, "refresh-1"]


def test_a_grant_whose_writing_was_not_confirmed_is_found_by_the_next_worker(account: Account) -> None:
    account.vault.lost = 1
    with pytest.raises(StoreBusy):
        account.worker("a").current()

    assert account.worker("b").current() == "access-1"
    assert account.vendor.granted == 1


class Killed(BaseException):
    pass


def test_a_worker_that_dies_after_writing_leaves_its_token_to_the_next(account: Account) -> None:
    first = account.worker("a")
    first.current()
    account.clock.advance(HOUR / 2)
    real = account.endpoint.real

    class DiesAtCommit:
        """Passes on everything until the token is written."""

        def call(self, operation: str, body: bytes) -> bytes:
            if len(account.vault.versions) == 2:
                raise Killed
            return real.call(operation, body)

    account.endpoint.real = DiesAtCommit()
    with pytest.raises(Killed):
        first.current()
    account.endpoint.real = real
    account.clock.advance(151)

    assert account.worker("b").current() == "access-2"
    assert account.vendor.granted == 2


def test_a_worker_that_wakes_after_its_turn_changes_nothing(account: Account) -> None:
    late, quick = account.worker("late"), account.worker("quick")
    late.current()
    account.clock.advance(HOUR / 2)
    account.vendor.expected = "refresh-1"
    fresh: list[str] = []

    def sleep_through_the_turn() -> None:
        account.clock.advance(200)
        account.vendor.expected = "refresh-1"  # a vendor that lets a refresh token be used twice
        fresh.append(quick.current())

    account.vault.before_write.append(sleep_through_the_turn)

    assert late.current() == fresh[0] == "access-3"
    assert account.worker("c").current() == "access-3"


def test_a_refresh_token_that_does_not_work_yet_gives_way_to_the_one_before(account: Account) -> None:
    worker = account.worker()
    worker.current()
    account.clock.advance(HOUR / 2)
    worker.current()
    account.vendor.expected = "refresh-1"  # the vendor lost what it gave last
    account.clock.advance(HOUR / 2)

    assert worker.current() == "access-3"
    assert account.vendor.asked_with[-2:] == ["refresh-2", "refresh-1"]


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_answers_of_the_row_that_were_lost_ask_the_vendor_no_second_time(account: Account, lost: int) -> None:
    account.endpoint.lose_answer("UpdateItem", times=lost)

    assert account.worker().current() == "access-1"
    assert account.vendor.granted == 1


def test_a_token_shows_itself_nowhere(account: Account) -> None:
    account.worker().current()

    shown = repr(account.vault.versions) + repr(account.vendor.ask(account.vendor.expected))

    assert "access-" not in shown
    assert "refresh-" not in shown


def refused_with(auth: TokenAuth) -> Renewal:
    return auth.refused(Answer(401, {}, b""))


def test_a_request_is_signed_with_the_current_token(account: Account) -> None:
    auth = TokenAuth(account.worker())

    signed = auth.sign(Request("GET", "/orders", headers={"accept": "application/json"}))

    assert signed.headers == {"accept": "application/json", "authorization": "Bearer access-1"}


def test_a_token_may_travel_in_a_header_of_the_vendors_own(account: Account) -> None:
    signed = TokenAuth(account.worker(), header="x-token", scheme="").sign(Request("GET", "/orders"))

    assert signed.headers == {"x-token": "access-1"}


def test_a_refusal_renews_and_the_request_is_signed_anew(account: Account) -> None:
    auth = TokenAuth(account.worker())
    request = Request("GET", "/orders")
    auth.sign(request)

    renewal = refused_with(auth)

    assert renewal is Renewal.RETRY_WITH_NEW
    assert auth.sign(request).headers["authorization"] == "Bearer access-2"


def test_a_refusal_of_what_was_never_signed_renews_nothing(account: Account) -> None:
    assert refused_with(TokenAuth(account.worker())) is Renewal.GIVE_UP
    assert account.vendor.granted == 0
