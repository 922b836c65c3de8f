"""Sending over real HTTP: answers, refusals, retries and what is told about them."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import timedelta

import pytest

from planster_sync.errors import (
    AnswerBroken,
    Conflict,
    CredentialsRejected,
    Forbidden,
    InvalidRequest,
    NotFound,
    SourceUnavailable,
    SyncError,
    Throttled,
    Unsupported,
)
from planster_sync.http.client import Answer, Renewal, Replay, Request
from planster_sync.http.retries import RetryPolicy
from tests.fakes.clock import START, ManualClock
from tests.unit.http.scripted_vendor import ClientMaker, Exchange, OpenBudget, Vendor, status

LIST = Request("GET", "/orders")
CREATE = Request("POST", "/inbound", body=b"{}", replay=Replay.NEVER)


class RenewingAuth:
    """Signs with the present token; a refusal brings the next one."""

    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens)
        self.refusals = 0

    def sign(self, request: Request) -> Request:
        return replace(request, headers={**request.headers, "authorization": f"Bearer {self.tokens[0]}"})

    def refused(self, answer: Answer) -> Renewal:
        self.refusals += 1
        self.tokens.pop(0)
        return Renewal.RETRY_WITH_NEW


def test_answer_carries_status_lower_cased_headers_and_body(vendor: Vendor, make_client: ClientMaker) -> None:
    vendor.answers(status(201, b'{"id":1}', X_Total="7"))

    answer = make_client().send(LIST, deadline=None)

    assert (answer.status, answer.headers["x-total"], answer.body) == (201, "7", b'{"id":1}')


def test_request_keeps_order_and_repetition_of_parameters(vendor: Vendor, make_client: ClientMaker) -> None:
    request = Request("GET", "/orders", params=[("b", "2"), ("a", "x y"), ("b", "3")], headers={"accept": "text/x"})

    make_client().send(request, deadline=None)

    assert vendor.paths == ["/api/orders?b=2&a=x+y&b=3"]
    assert vendor.headers[0]["accept"] == "text/x"
    assert vendor.headers[0]["x-api-key"] == "k-123"


def _chunked(exchange: Exchange) -> None:
    exchange.send_response(200)
    exchange.send_header("Transfer-Encoding", "chunked")
    exchange.end_headers()
    exchange.wfile.write(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")


@pytest.mark.parametrize(
    "step",
    [status(200), status(204, b""), status(404), status(200, gzip.compress(b"{}"), Content_Encoding="gzip"), _chunked],
    ids=["length", "no content", "refusal", "gzip", "chunked"],
)
def test_connection_is_used_again(vendor: Vendor, make_client: ClientMaker, step: object) -> None:
    vendor.answers(step)  # type: ignore[arg-type]
    client = make_client()
    request = replace(LIST, expects=frozenset({404}))

    client.send(request, deadline=None)
    client.send(request, deadline=None)

    assert len(vendor.peers) == 1


def test_proxies_and_netrc_of_the_environment_are_ignored(
    vendor: Vendor, make_client: ClientMaker, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    netrc = f"{tmp_path}/netrc"
    with open(netrc, "w", encoding="utf-8") as file:
        file.write("machine 127.0.0.1 login someone password hidden\n")
    monkeypatch.setenv("NETRC", netrc)

    make_client().send(LIST, deadline=None)

    assert "authorization" not in vendor.headers[0]


def test_cookies_are_not_sent_back(vendor: Vendor, make_client: ClientMaker) -> None:
    vendor.answers(status(200, Set_Cookie="session=1"))
    client = make_client()

    client.send(LIST, deadline=None)
    client.send(LIST, deadline=None)

    assert "cookie" not in vendor.headers[1]


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (301, AnswerBroken),
        (304, AnswerBroken),
        (400, InvalidRequest),
        (403, Forbidden),
        (404, NotFound),
        (405, Unsupported),
        (409, Conflict),
        (410, NotFound),
        (418, AnswerBroken),
        (422, InvalidRequest),
        (501, Unsupported),
    ],
)
def test_status_that_stays_is_raised_at_once(
    vendor: Vendor, make_client: ClientMaker, code: int, error: type[SyncError]
) -> None:
    vendor.answers(status(code, b"" if code == 304 else b"{}"))

    with pytest.raises(error) as raised:
        make_client().send(LIST, deadline=None)

    assert type(raised.value) is error
    assert len(vendor.paths) == 1


@pytest.mark.parametrize("code", [408, 425, 429, 500, 502, 503, 504, 520])
def test_passing_status_is_tried_again(vendor: Vendor, make_client: ClientMaker, code: int, budget: OpenBudget) -> None:
    vendor.answers(status(code), status(code), status(200, b"ok"))

    answer = make_client().send(LIST, deadline=None)

    assert answer.body == b"ok"
    assert budget.taken == 3


def test_waits_grow_up_to_the_jitter_bound(vendor: Vendor, make_client: ClientMaker, clock: ManualClock) -> None:
    vendor.answers(status(503))
    client = make_client(retries=RetryPolicy(attempts=5, base=1.0, ceiling=3.0), random=lambda: 0.5)

    with pytest.raises(SourceUnavailable) as raised:
        client.send(LIST, deadline=None)

    assert clock.waits == [0.5, 1.0, 1.5, 1.5]
    assert raised.value.until == clock.now() + timedelta(seconds=1.5)


def test_redirect_is_not_followed(vendor: Vendor, make_client: ClientMaker) -> None:
    vendor.answers(status(302, Location=f"http://127.0.0.1:{vendor.port}/api/other"))

    with pytest.raises(AnswerBroken):
        make_client().send(LIST, deadline=None)

    assert vendor.paths == ["/api/orders"]


def test_vendor_table_goes_before_the_common_one(vendor: Vendor, make_client: ClientMaker, budget: OpenBudget) -> None:
    vendor.answers(status(503), status(403))
    client = make_client(statuses={503: Throttled, 403: NotFound})

    with pytest.raises(NotFound):
        client.send(LIST, deadline=None)

    assert len(budget.heard) == 1


def test_expected_status_comes_back_as_an_answer(vendor: Vendor, make_client: ClientMaker) -> None:
    vendor.answers(status(404, b"none"))

    answer = make_client().send(replace(LIST, expects=frozenset({404})), deadline=None)

    assert (answer.status, answer.body) == (404, b"none")


def test_short_retry_after_is_waited_for_and_taught_to_the_budget(
    vendor: Vendor, make_client: ClientMaker, clock: ManualClock, budget: OpenBudget
) -> None:
    vendor.answers(status(429, retry_after="7"), status(200))

    make_client().send(LIST, deadline=None)

    assert clock.waits == [7.0]
    assert budget.heard == [START + timedelta(seconds=7)]


def test_long_wait_is_raised_with_its_end(
    vendor: Vendor, make_client: ClientMaker, clock: ManualClock, budget: OpenBudget
) -> None:
    vendor.answers(status(429, retry_after="3600"))

    with pytest.raises(Throttled) as raised:
        make_client().send(LIST, deadline=None)

    assert raised.value.until == START + timedelta(hours=1)
    assert budget.heard == [START + timedelta(hours=1)]
    assert clock.waits == []


def test_wait_beyond_the_deadline_is_not_begun(vendor: Vendor, make_client: ClientMaker, clock: ManualClock) -> None:
    vendor.answers(status(503, retry_after="7"))

    with pytest.raises(SourceUnavailable) as raised:
        make_client().send(LIST, deadline=START + timedelta(seconds=5))

    assert raised.value.until == START + timedelta(seconds=7)
    assert clock.waits == []


def test_nothing_is_sent_after_the_deadline(vendor: Vendor, make_client: ClientMaker) -> None:
    with pytest.raises(SourceUnavailable):
        make_client().send(LIST, deadline=START)

    assert vendor.paths == []


def test_nothing_is_sent_when_nobody_waits_for_it_any_more(
    vendor: Vendor, make_client: ClientMaker, clock: ManualClock
) -> None:
    client = make_client(ends=START + timedelta(seconds=8))
    client.send(LIST, deadline=None)
    clock.advance(8)

    with pytest.raises(SourceUnavailable, match="too slow for an answer at once"):
        client.send(LIST, deadline=None)

    assert len(vendor.paths) == 1


def test_refused_credentials_are_renewed_once_and_sent_again(vendor: Vendor, make_client: ClientMaker) -> None:
    vendor.answers(status(401), status(200, b"ok"))
    auth = RenewingAuth("old-1", "new-2")

    answer = make_client(auth=auth).send(CREATE, deadline=None)

    assert answer.body == b"ok"
    assert [sent["authorization"] for sent in vendor.headers] == ["Bearer old-1", "Bearer new-2"]


def test_second_refusal_gives_up(vendor: Vendor, make_client: ClientMaker) -> None:
    vendor.answers(status(401))
    auth = RenewingAuth("one", "two", "three")

    with pytest.raises(CredentialsRejected):
        make_client(auth=auth).send(LIST, deadline=None)

    assert (len(vendor.paths), auth.refusals) == (2, 1)


def test_fixed_credentials_are_refused_without_a_second_request(vendor: Vendor, make_client: ClientMaker) -> None:
    vendor.answers(status(401))

    with pytest.raises(CredentialsRejected):
        make_client().send(LIST, deadline=None)

    assert len(vendor.paths) == 1


@pytest.mark.parametrize("code", [425, 429])
def test_change_that_was_turned_away_is_sent_again(vendor: Vendor, make_client: ClientMaker, code: int) -> None:
    vendor.answers(status(code), status(200, b"ok"))

    answer = make_client().send(CREATE, deadline=None)

    assert answer.body == b"ok"


@pytest.mark.parametrize("step", [status(500), status(503, retry_after="1"), Exchange.reset], ids=["500", "503", "cut"])
def test_change_that_may_have_been_made_is_never_repeated(
    vendor: Vendor, make_client: ClientMaker, step: object
) -> None:
    vendor.answers(step)  # type: ignore[arg-type]

    with pytest.raises(SourceUnavailable, match="not known whether it was made"):
        make_client().send(CREATE, deadline=None)

    assert len(vendor.paths) == 1


def test_change_that_never_left_is_tried_again(
    vendor: Vendor, make_client: ClientMaker, budget: OpenBudget, clock: ManualClock
) -> None:
    client = make_client(url="http://127.0.0.1:1/api")

    with pytest.raises(SourceUnavailable, match="could not be reached"):
        client.send(CREATE, deadline=None)

    assert budget.taken == 4
    assert len(clock.waits) == 3


def test_close_hangs_up_at_once_also_after_a_failure(vendor: Vendor, make_client: ClientMaker) -> None:
    vendor.answers(Exchange.reset, status(200))
    client = make_client()
    client.send(LIST, deadline=None)

    client.close()

    assert vendor.ended.acquire(timeout=5)
    assert vendor.ended.acquire(timeout=5)


def test_client_can_be_used_again_after_close(vendor: Vendor, make_client: ClientMaker) -> None:
    client = make_client()
    client.send(LIST, deadline=None)
    client.close()

    answer = client.send(LIST, deadline=None)

    assert answer.status == 200
