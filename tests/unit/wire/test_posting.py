"""DynamoDB over plain sockets: what arrives, what is kept, and what is no answer."""

from __future__ import annotations

import ipaddress
import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zlib import crc32

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st

from planster_sync.errors import SettingsInvalid
from planster_sync.storage.lanes import ThreadLanes
from planster_sync.wire.connection import connect
from planster_sync.wire.endpoint import NoAnswer, Refused
from planster_sync.wire.posting import HttpEndpoint
from planster_sync.wire.signing import Credentials, Signer
from tests.fakes.clock import ManualClock
from tests.unit.wire.scripted_service import After, Reply, Service, answer, service


@contextmanager
def _endpoint(url: str, clock: ManualClock | None = None, tls: ssl.SSLContext | None = None) -> Iterator[HttpEndpoint]:
    host = url.partition("//")[2]
    signer = Signer(lambda: Credentials("key", "secret", "token"), "eu-central-1", host)
    made = HttpEndpoint(url, signer, clock or ManualClock(), tls)
    yield made
    made.close()


def _connections(there: Service) -> list[int]:
    return [number for number, _, _ in there.asked]


def test_an_operation_arrives_signed_and_its_answer_comes_back() -> None:
    with service(answer(b'{"Item":{}}')) as there, _endpoint(there.url) as endpoint:
        content = endpoint.call("GetItem", b'{"TableName":"t"}')
        host = there.url.removeprefix("http://")

    ((_, head, body),) = there.asked
    assert content == b'{"Item":{}}'
    assert body == b'{"TableName":"t"}'
    assert head.startswith("POST / HTTP/1.1\r\n")
    for line in (
        "content-type: application/x-amz-json-1.0",
        f"host: {host}",
        "x-amz-date: 20260301T020000Z",
        "x-amz-target: DynamoDB_20120810.GetItem",
        "x-amz-security-token: token",
        "authorization: AWS4-HMAC-SHA256 Credential=key/20260301/eu-central-1/dynamodb/aws4_request, SignedHeaders=",
    ):
        assert f"\r\n{line}" in head


def test_calls_after_each_other_share_a_connection() -> None:
    with service() as there, _endpoint(there.url) as endpoint:
        for _ in range(3):
            endpoint.call("GetItem", b"{}")

    assert _connections(there) == [1, 1, 1]


def test_calls_at_the_same_time_have_a_connection_each() -> None:
    with service() as there, _endpoint(there.url) as endpoint:
        answers = ThreadLanes(8)(lambda body: endpoint.call("PutItem", body), [b"%d" % place for place in range(200)])

    assert answers == [b"{}"] * 200
    assert sorted(body for _, _, body in there.asked) == sorted(b"%d" % place for place in range(200))
    assert len(set(_connections(there))) <= 8


def test_a_kept_connection_that_was_closed_meanwhile_does_not_show() -> None:
    with service(answer(after=After.CLOSE), answer()) as there, _endpoint(there.url) as endpoint:
        endpoint.call("GetItem", b"{}")
        there.ended.acquire(timeout=20)

        assert endpoint.call("GetItem", b"{}") == b"{}"

    assert _connections(there) == [1, 2]


@pytest.mark.parametrize(
    "reply", [answer(Connection="close"), Reply([b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}"])]
)
def test_a_connection_that_the_service_gives_up_is_not_used_again(reply: Reply) -> None:
    with service(reply, answer()) as there, _endpoint(there.url) as endpoint:
        endpoint.call("GetItem", b"{}")
        endpoint.call("GetItem", b"{}")

    assert _connections(there) == [1, 2]


def test_a_connection_that_rested_too_long_is_not_used_again() -> None:
    clock = ManualClock()
    with service() as there, _endpoint(there.url, clock) as endpoint:
        endpoint.call("GetItem", b"{}")
        clock.advance(19)
        endpoint.call("GetItem", b"{}")
        clock.advance(21)
        endpoint.call("GetItem", b"{}")

    assert _connections(there) == [1, 1, 2]


def test_after_a_broken_call_the_next_one_begins_afresh() -> None:
    with service(answer(), Reply([b"HTTP"], After.CLOSE), answer()) as there, _endpoint(there.url) as endpoint:
        endpoint.call("GetItem", b"{}")
        with pytest.raises(NoAnswer):
            endpoint.call("GetItem", b"{}")

        assert endpoint.call("GetItem", b"{}") == b"{}"

    assert _connections(there) == [1, 1, 2]


def test_closing_the_endpoint_closes_its_connections() -> None:
    with service() as there, _endpoint(there.url) as endpoint:
        endpoint.call("GetItem", b"{}")
        endpoint.close()

        assert there.ended.acquire(timeout=20)


def test_an_endpoint_that_nobody_holds_any_more_closes_its_connections() -> None:
    with service() as there:
        signer = Signer(lambda: Credentials("key", "secret"), "eu-central-1", "localhost")
        endpoint = HttpEndpoint(there.url, signer, ManualClock())
        endpoint.call("GetItem", b"{}")
        del endpoint

        assert there.ended.acquire(timeout=20)


def test_a_refusal_has_its_code_and_the_item_as_it_was() -> None:
    body = {"__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", "message": "no", "Item": {}}
    with service(answer(json.dumps(body).encode(), "400 Bad Request")) as there, _endpoint(there.url) as endpoint:
        with pytest.raises(Refused) as refused:
            endpoint.call("PutItem", b"{}")

        with pytest.raises(Refused):
            endpoint.call("PutItem", b"{}")

    assert refused.value.code == "ConditionalCheckFailedException"
    assert json.loads(refused.value.body) == body
    assert str(refused.value) == "ConditionalCheckFailedException: no"
    assert _connections(there) == [1, 1]


@pytest.mark.parametrize(
    ("status", "content", "code"),
    [
        ("503 Service Unavailable", b"<html>busy</html>", "ServiceUnavailable"),
        ("500 Internal Server Error", b"", "InternalServerError"),
        ("500 Internal Server Error", b"[]", "InternalServerError"),
        ("502 Bad Gateway", b"{}", "InternalServerError"),
        ("429 Too Many Requests", b"{}", "ThrottlingException"),
        ("413 Content Too Large", b"{}", "Http413"),
        ("400 Bad Request", b'{"__type":"ValidationException","Message":"wrong"}', "ValidationException"),
    ],
)
def test_a_refusal_without_a_code_gets_one_from_its_status(status: str, content: bytes, code: str) -> None:
    with service(answer(content, status)) as there, _endpoint(there.url) as endpoint, pytest.raises(Refused) as refused:
        endpoint.call("PutItem", b"{}")

    assert refused.value.code == code


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}"],
        [b"HTTP/1.1 200 OK\r\n\r\n{}"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}"],
        [b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}"],
        [b"SSH-2.0-OpenSSH\r\n\r\n"],
        [b"HTTP/1.1 OK\r\nContent-Length: 2\r\n\r\n{}"],
        [b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 20_000],
    ],
    ids=["nothing", "cut", "no length", "odd length", "chunked", "another protocol", "no status", "endless headers"],
)
def test_what_is_no_whole_answer_is_none(pieces: list[bytes]) -> None:
    with service(Reply(pieces, After.CLOSE)) as there, _endpoint(there.url) as endpoint, pytest.raises(NoAnswer):
        endpoint.call("PutItem", b"{}")


def test_a_damaged_answer_is_none() -> None:
    good = str(crc32(b'{"Item":1}'))
    script = (answer(b'{"Item":1}', x_amz_crc32=good), answer(b'{"Item":2}', x_amz_crc32=good))
    with service(*script) as there, _endpoint(there.url) as endpoint:
        assert endpoint.call("GetItem", b"{}") == b'{"Item":1}'

        with pytest.raises(NoAnswer, match="Checksum"):
            endpoint.call("GetItem", b"{}")


def test_where_nobody_listens_there_is_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with _endpoint(f"http://127.0.0.1:{port}") as endpoint, pytest.raises(NoAnswer, match="ConnectionRefusedError"):
        endpoint.call("GetItem", b"{}")


def test_a_service_that_stays_silent_is_not_waited_for_for_ever() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        connection = connect(("127.0.0.1", listener.getsockname()[1]), None, within=20, silence=0.01)

        with pytest.raises(TimeoutError):
            connection.ask(b"POST / HTTP/1.1\r\ncontent-length: 0\r\n\r\n")

        connection.close()


@given(st.binary(max_size=300), st.lists(st.integers(0, 420), max_size=6))
def test_an_answer_is_the_same_in_whatever_pieces_it_comes(content: bytes, cuts: list[int]) -> None:
    whole = b"HTTP/1.1 100 Continue\r\n\r\n" + answer(content, server="x").pieces[0]
    edges = [0, *sorted(cuts), len(whole)]
    pieces = [whole[start:end] for start, end in pairwise(edges)]
    with service(Reply(pieces)) as there, _endpoint(there.url) as endpoint:
        assert endpoint.call("GetItem", b"{}") == content
        assert endpoint.call("GetItem", b"{}") == content

    assert _connections(there) == [1, 1]


@pytest.mark.parametrize("url", ["", "dynamodb", "ftp://localhost", "https://"])
def test_what_is_no_address_is_a_setting_to_correct(url: str) -> None:
    with pytest.raises(SettingsInvalid), _endpoint(url):
        pass


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that no authority vouches for, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    path.write_bytes(made.public_bytes(pem) + secret)
    return path


def _served_with(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_a_certificate_that_nobody_vouches_for_is_not_believed(certificate: Path) -> None:
    with (
        service(tls=_served_with(certificate)) as there,
        _endpoint(there.url) as endpoint,
        pytest.raises(NoAnswer, match="SSLCertVerificationError"),
    ):
        endpoint.call("GetItem", b"{}")

    assert not there.asked


def test_a_known_certificate_is_believed_for_its_own_host_only(certificate: Path) -> None:
    known = ssl.create_default_context(cafile=certificate)
    with service(tls=_served_with(certificate)) as there:
        with _endpoint(there.url, tls=known) as endpoint:
            assert endpoint.call("GetItem", b"{}") == b"{}"
            assert endpoint.call("GetItem", b"{}") == b"{}"

        other = there.url.replace("localhost", "127.0.0.2")
        with _endpoint(other, tls=known) as endpoint, pytest.raises(NoAnswer):
            endpoint.call("GetItem", b"{}")

    assert _connections(there) == [1, 1]
