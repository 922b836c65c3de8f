"""No base URL, name or spelling of an address leads into an inner network."""

from __future__ import annotations

import socket
import threading
from collections.abc import Sequence
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planster_sync.errors import SettingsInvalid, SourceUnavailable
from planster_sync.http.addresses import AddressPolicy, Origin, is_public
from planster_sync.http.client import Request
from planster_sync.http.retries import RetryPolicy
from tests.unit.http.scripted_vendor import ClientMaker, Vendor

LIST = Request("GET", "/orders")
ONCE = RetryPolicy(attempts=1)
CLOSED = [
    "0.0.0.1",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "169.254.170.2",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::ffff:0:169.254.169.254",
    "64:ff9b::a00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::808:808",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::1",
    "2600::5efe:10.0.0.1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]
OPEN = ["8.8.8.8", "1.1.1.1", "100.63.255.255", "172.32.0.1", "64:ff9b::808:808", "2606:4700::1111", "2002:808:808::1"]


@pytest.mark.parametrize("text", CLOSED)
def test_inner_address_is_not_public(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", OPEN)
def test_address_of_the_open_internet_is_public(text: str) -> None:
    assert is_public(ip_address(text))


@given(st.ip_addresses())
def test_what_python_calls_not_global_is_never_public(address: object) -> None:
    text = str(address)

    if is_public(ip_address(text)) and not text.startswith(("64:ff9b::", "2002:")):
        assert ip_address(text).is_global


@pytest.mark.parametrize("text", [text for text in CLOSED if "%" not in text])
def test_base_url_with_an_inner_address_is_refused(text: str) -> None:
    host = f"[{text}]" if ":" in text else text

    with pytest.raises(SettingsInvalid):
        AddressPolicy.public().check(Origin.parse(f"https://{host}/api"))


@pytest.mark.parametrize(
    "url",
    [
        "http://wms.example.test",
        "ftp://wms.example.test",
        "file:///etc/passwd",
        "wms.example.test",
        "//wms.example.test",
        "https://",
        "https:///api",
        "https://wms.example.test:22",
        "https://wms.example.test:8443",
        "https://wms.example.test:0",
        "https://wms.example.test:99999",
        "https://user:word@wms.example.test",
        "https://wms.example.test@127.0.0.1",
        "https://wms.example.test?x=1",
        "https://wms.example.test/#x",
        "https://wms.example.test\\@10.0.0.1",
        "https://wms.example.test/\r\nx",
        "https:// wms.example.test",
        "https://localhost",
        "https://LOCALHOST",
        "https://localhost.",
        "https://api.localhost",
        "https://wms",
        "https://metadata.google.internal",
        "https://printer.local",
        "https://2130706433",
        "https://0x7f000001",
        "https://0x7f.1",
        "https://127.1",
        "https://0177.0.0.1",
        "https://127.0.0.01",
        "https://0x7f.0.0.0x1",
        "https://1.2.3.4.5",
        "https://256.1.1.1",
        "https://127.0.0.1.",
        "https://[::1",
        "https://[fe80::1%25eth0]",
        "https://[v1.x]",
        "https://%31%32%37.0.0.1",
        "https://\uff11\uff12\uff17.0.0.1",
        "https://\u24db\u24de\u24d2alhost",
        "https://wms_1.example.test",
        "https://-wms.example.test",
    ],
)
def test_base_url_is_refused_before_anything_is_resolved(url: str) -> None:
    policy = AddressPolicy.public(resolve=_must_not_resolve)

    with pytest.raises(SettingsInvalid):
        policy.check(Origin.parse(url))


@pytest.mark.parametrize("url", ["https://wms.example.test/api/v2/", "https://8.8.8.8", "https://A-1.Example.test:443"])
def test_public_base_url_is_taken(url: str) -> None:
    AddressPolicy.public(resolve=_must_not_resolve).check(Origin.parse(url))


def _must_not_resolve(host: str, port: int) -> Sequence[str]:
    raise AssertionError(f"{host}:{port} was resolved")


@pytest.mark.parametrize("found", [["10.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::ffff:7f00:1"], ["fe80::1%eth0"]])
def test_name_with_any_inner_address_is_refused(make_client: ClientMaker, found: list[str]) -> None:
    policy = AddressPolicy.public(resolve=lambda _host, _port: found)
    client = make_client(url="https://wms.example.test", addresses=policy)

    with pytest.raises(SettingsInvalid) as raised:
        client.send(LIST, deadline=None)

    assert found[0] not in f"{raised.value}{raised.value.detail}"


def test_unknown_name_is_an_unavailable_source(make_client: ClientMaker) -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    client = make_client(url="https://wms.example.test", addresses=AddressPolicy.public(resolve=unknown))

    with pytest.raises(SourceUnavailable):
        client.send(LIST, deadline=None)


def test_connection_goes_to_the_checked_address_and_keeps_the_host_name(
    vendor: Vendor, make_client: ClientMaker
) -> None:
    asked: list[tuple[str, int]] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        asked.append((host, port))
        return ["127.0.0.1"] if len(asked) == 1 else ["10.0.0.1"]

    client = make_client(url=f"http://wms.example.test:{vendor.port}", addresses=AddressPolicy.loopback(resolve))

    client.send(LIST, deadline=None)

    assert asked == [("wms.example.test", vendor.port)]
    assert vendor.headers[0]["host"] == f"wms.example.test:{vendor.port}"


def test_name_that_moves_inwards_is_refused_at_the_next_connection(vendor: Vendor, make_client: ClientMaker) -> None:
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    policy = AddressPolicy.loopback(lambda _host, _port: next(answers))
    client = make_client(url=f"http://wms.example.test:{vendor.port}", addresses=policy)
    client.send(LIST, deadline=None)
    client.close()

    with pytest.raises(SettingsInvalid):
        client.send(LIST, deadline=None)

    assert len(vendor.paths) == 1


def _anywhere(scheme: str, *found: str) -> AddressPolicy:
    return AddressPolicy(frozenset({scheme}), None, lambda _: True, lambda _h, _p: found, lambda _: False)


def test_next_address_is_tried_when_one_does_not_answer(vendor: Vendor, make_client: ClientMaker) -> None:
    policy = _anywhere("http", "::1", "127.0.0.1")
    client = make_client(url=f"http://wms.example.test:{vendor.port}", addresses=policy)

    answer = client.send(LIST, deadline=None)

    assert answer.status == 200


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1", "http://127.0.0.2", "http://10.0.0.1", "http://[::1]", "http://8.8.8.8"]
)
def test_local_cloud_policy_opens_nothing_but_127_0_0_1(url: str) -> None:
    with pytest.raises(SettingsInvalid):
        AddressPolicy.loopback().check(Origin.parse(url))


def test_secure_connection_names_the_host_and_demands_a_certificate(make_client: ClientMaker) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        hello: list[bytes] = []
        thread = threading.Thread(target=_read_hello, args=(listener, hello))
        thread.start()
        port = listener.getsockname()[1]
        policy = _anywhere("https", "127.0.0.1")
        client = make_client(url=f"https://wms.example.test:{port}", addresses=policy, retries=ONCE)

        with pytest.raises(SourceUnavailable):
            client.send(LIST, deadline=None)
        thread.join()

    assert b"wms.example.test" in hello[0]


def _read_hello(listener: socket.socket, hello: list[bytes]) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.settimeout(5)
        hello.append(connection.recv(4096))
