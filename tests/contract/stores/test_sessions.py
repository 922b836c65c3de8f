"""Sessions of the console: found by their secret only, ended for good; a sign-in is taken once."""

from __future__ import annotations

from datetime import timedelta

from planster_sync.ports.sessions import Session, SignIn
from planster_sync.storage.table import Question
from tests.contract.stores.backends import OnAws, Stores
from tests.contract.stores.samples import NOON

SESSION = Session(
    "acme", "user-7", ("planster/read", "planster/operate"), NOON, NOON + timedelta(hours=8), NOON, "form-token"
)
SIGN_IN = SignIn(NOON + timedelta(minutes=10), "/console/integrations/main?tab=runs", "browser", "nonce", "verifier")


def test_a_session_is_found_by_its_secret_only(stores: Stores) -> None:
    stores.sessions.keep("secret-1", SESSION)

    assert stores.sessions.find("secret-1") == SESSION
    assert stores.sessions.find("secret-2") is None
    assert stores.sessions.find("") is None


def test_a_used_session_remembers_when(stores: Stores) -> None:
    stores.sessions.keep("secret-1", SESSION)
    later = NOON + timedelta(minutes=5)

    stores.sessions.seen("secret-1", later)

    found = stores.sessions.find("secret-1")
    assert found is not None
    assert (found.seen_at, found.ends_at) == (later, SESSION.ends_at)


def test_an_ended_session_stays_ended(stores: Stores) -> None:
    stores.sessions.keep("secret-1", SESSION)

    stores.sessions.end("secret-1")
    stores.sessions.seen("secret-1", NOON)
    stores.sessions.end("secret-1")

    assert stores.sessions.find("secret-1") is None


def test_a_sign_in_is_taken_once(stores: Stores) -> None:
    stores.sessions.begin("state-1", SIGN_IN)

    taken = [stores.sessions.take("state-1"), stores.sessions.take("state-1")]

    assert taken == [SIGN_IN, None]
    assert stores.sessions.take("state-2") is None


def test_a_state_is_no_session_and_a_session_no_state(stores: Stores) -> None:
    stores.sessions.keep("same", SESSION)

    assert stores.sessions.take("same") is None
    assert stores.sessions.find("same") == SESSION


def test_rows_hold_no_secret_and_name_their_own_end(aws: OnAws) -> None:
    aws.sessions.keep("secret-1", SESSION)
    sha256 = "f7e7c36e458e80e6b6a2c67d0a9ec09bd718dadd7bfa8d6bf6e7ad526e46c2f7"

    (row,) = aws.control.query(Question("pk = :pk", {"pk": f"SESSION#{sha256}"}))

    assert "secret-1" not in repr(row)
    assert row["_expires"] == int(SESSION.ends_at.timestamp())
