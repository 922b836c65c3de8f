"""Answers that are too large, too slow, cut short or not what they say."""

from __future__ import annotations

import gzip
import itertools
import zlib
from datetime import UTC, datetime, timedelta

import pytest

from planster_sync.errors import AnswerBroken, SourceUnavailable
from planster_sync.http.client import Request
from planster_sync.http.limits import AnswerLimits, answer_ends
from planster_sync.http.retries import RetryPolicy
from tests.fakes.clock import START
from tests.unit.http.scripted_vendor import ClientMaker, Exchange, Step, Vendor, status

LIST = Request("GET", "/orders")
SMALL = AnswerLimits(connect=5, read=5, total=10, size=1000)
ONCE = RetryPolicy(attempts=1)


class SystemClock:
    """Real time, for what only real time can show."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def wait(self, seconds: float) -> None:
        raise AssertionError("these tests do not wait")


class HurryingClock:
    """A second passes with every look at it."""

    def __init__(self) -> None:
        self._looks = itertools.count()

    def now(self) -> datetime:
        return START + timedelta(seconds=next(self._looks))

    def wait(self, seconds: float) -> None:
        raise AssertionError("these tests do not wait")


def _raw(head: bytes, *parts: bytes) -> Step:
    def step(exchange: Exchange) -> None:
        exchange.close_connection = True
        exchange.wfile.write(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n")
        for part in parts:
            exchange.wfile.write(part)

    return step


def _chunks_without_end(exchange: Exchange) -> None:
    _raw(b"Transfer-Encoding: chunked\r\n", b"3\r\nabc\r\n")(exchange)


def _reset_in_the_body(exchange: Exchange) -> None:
    exchange.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc")
    exchange.reset()


def _zlib_bomb(exchange: Exchange) -> None:
    exchange.reply(200, zlib.compress(bytes(100_000)), {"Content-Encoding": "deflate"})


GZIPPED = gzip.compress(b'{"a":1}', mtime=0)


@pytest.mark.parametrize(
    "step",
    [
        status(200, bytes(1001)),
        _raw(b"Content-Length: 99999999999\r\n", b"x"),
        _raw(b"", bytes(1001)),
        status(200, gzip.compress(bytes(100_000), mtime=0), Content_Encoding="gzip"),
        _zlib_bomb,
        status(503, bytes(1001)),
    ],
    ids=["length", "announced", "until close", "gzip bomb", "deflate bomb", "error answer"],
)
def test_answer_larger_than_the_cap_is_refused_at_once(vendor: Vendor, make_client: ClientMaker, step: Step) -> None:
    vendor.answers(step)

    with pytest.raises(AnswerBroken, match="larger than 1000 bytes"):
        make_client(limits=SMALL).send(LIST, deadline=None)

    assert len(vendor.paths) == 1


@pytest.mark.parametrize("body", [bytes(1000), gzip.compress(bytes(1000), mtime=0)], ids=["plain", "gzip"])
def test_answer_of_exactly_the_cap_is_whole(vendor: Vendor, make_client: ClientMaker, body: bytes) -> None:
    encoding = "identity" if len(body) == 1000 else "gzip"
    vendor.answers(status(200, body, Content_Encoding=encoding))

    answer = make_client(limits=SMALL).send(LIST, deadline=None)

    assert answer.body == bytes(1000)


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", gzip.compress(b'{"a":', mtime=0) + gzip.compress(b"1}", mtime=0)),
        ("x-gzip", GZIPPED),
        ("deflate", zlib.compress(b'{"a":1}')),
    ],
    ids=["members", "x-gzip", "deflate"],
)
def test_compressed_answer_is_decompressed(
    vendor: Vendor, make_client: ClientMaker, encoding: str, body: bytes
) -> None:
    vendor.answers(status(200, body, Content_Encoding=encoding))

    answer = make_client().send(LIST, deadline=None)

    assert answer.body == b'{"a":1}'


@pytest.mark.parametrize(
    ("encoding", "body"), [("br", b"xx"), ("gzip, gzip", gzip.compress(GZIPPED, mtime=0)), ("gzip", b"not compressed")]
)
def test_answer_that_cannot_be_decompressed_is_broken(
    vendor: Vendor, make_client: ClientMaker, encoding: str, body: bytes
) -> None:
    vendor.answers(status(200, body, Content_Encoding=encoding))

    with pytest.raises(AnswerBroken):
        make_client().send(LIST, deadline=None)


CUT_SHORT = pytest.mark.parametrize(
    "step",
    [
        _raw(b"Content-Length: 100\r\n", b"abc"),
        _chunks_without_end,
        _raw(b"Content-Encoding: gzip\r\n", GZIPPED[:-9]),
        _reset_in_the_body,
        Exchange.reset,
        _raw(b"Content-Length: 5, 6\r\n", b"abc"),
    ],
    ids=["length", "chunks", "gzip", "reset in body", "reset", "two lengths"],
)


@CUT_SHORT
def test_answer_cut_short_is_asked_for_again(vendor: Vendor, make_client: ClientMaker, step: Step) -> None:
    vendor.answers(step, step, status(200, b"whole"))

    answer = make_client().send(LIST, deadline=None)

    assert answer.body == b"whole"


@CUT_SHORT
def test_answer_always_cut_short_is_never_taken_for_whole(vendor: Vendor, make_client: ClientMaker, step: Step) -> None:
    vendor.answers(step)

    with pytest.raises(SourceUnavailable):
        make_client().send(LIST, deadline=None)

    assert len(vendor.paths) == 4


def _drips(exchange: Exchange) -> None:
    """A byte every 10 ms, for as long as the client listens (10 s at most)."""
    exchange.close_connection = True
    exchange.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    _drip(exchange, b"x")


def _drips_headers(exchange: Exchange) -> None:
    exchange.close_connection = True
    exchange.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    _drip(exchange, b"x")


def _drips_chunk_sizes(exchange: Exchange) -> None:
    exchange.close_connection = True
    exchange.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;")
    _drip(exchange, b"x")


def _drip(exchange: Exchange, byte: bytes) -> None:
    for _ in range(1000):
        if exchange.vendor.left.wait(0.01):
            return
        exchange.wfile.write(byte)


def _stays_silent(exchange: Exchange) -> None:
    exchange.close_connection = True
    exchange.vendor.left.wait(5)


@pytest.mark.parametrize("step", [_drips, _drips_headers, _drips_chunk_sizes], ids=["body", "headers", "chunk size"])
def test_dripping_answer_ends_with_its_total_time(vendor: Vendor, make_client: ClientMaker, step: Step) -> None:
    vendor.answers(step)
    limits = AnswerLimits(connect=5, read=5, total=0.2)
    client = make_client(limits=limits, retries=ONCE, clock=SystemClock())
    begun = datetime.now(UTC)

    with pytest.raises(SourceUnavailable) as raised:
        client.send(LIST, deadline=None)

    assert datetime.now(UTC) - begun < timedelta(seconds=3)
    assert "Timeout" in raised.value.detail


def test_silent_vendor_ends_with_the_read_time(vendor: Vendor, make_client: ClientMaker) -> None:
    vendor.answers(_stays_silent)
    client = make_client(limits=AnswerLimits(connect=5, read=0.05, total=60), retries=ONCE)

    with pytest.raises(SourceUnavailable):
        client.send(LIST, deadline=None)

    vendor.left.set()


def test_time_is_the_clock_that_was_given(vendor: Vendor, make_client: ClientMaker) -> None:
    vendor.answers(status(200, bytes(300_000)))
    client = make_client(limits=AnswerLimits(connect=5, read=5, total=3), retries=ONCE, clock=HurryingClock())

    with pytest.raises(SourceUnavailable):
        client.send(LIST, deadline=None)


def test_answer_under_way_may_pass_the_deadline_by_a_bounded_time() -> None:
    limits = AnswerLimits(total=120, past_deadline=40)

    ends = answer_ends(limits, START, START + timedelta(seconds=10))

    assert ends == START + timedelta(seconds=50)
    assert answer_ends(limits, START, None) == START + timedelta(seconds=120)
