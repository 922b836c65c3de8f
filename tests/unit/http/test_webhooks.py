"""Webhooks over real sockets: signed as Standard Webhooks say, to checked addresses, following nothing."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest

from planster_sync.errors import InvalidRequest
from planster_sync.http.addresses import AddressPolicy
from planster_sync.http.limits import AnswerLimits
from planster_sync.http.webhook_addresses import check_url
from planster_sync.http.webhooks import WebhookSender, sender, sign
from planster_sync.model.webhooks import Delivery, Kind, SigningSecret, Target, TargetState
from tests.fakes.clock import START, ManualClock
from tests.fakes.webhook_receiver import HANG, Receiver, receiving

OLD, NEW = "whsec_b2xkLXNlY3JldC1vZi0zMi1ieXRlcw==", "whsec_bmV3LXNlY3JldC1vZi0zMi1ieXRlcw=="
SECRETS = {1: OLD, 2: NEW}
HASTY = AnswerLimits(connect=2, read=0.2, total=2, past_deadline=0, size=64 * 1024)
BODY = '{"type":"test","name":"Käse"}'

REFUSED = [
    "http://hooks.example.com/x",
    "https://hooks.example.com:8443/x",
    "https://user:pw@hooks.example.com/x",
    "https://hooks.example.com/x#part",
    "https://hooks.example.com/a b",
    "https://hooks.example.com/x?a=b c",
    'https://hooks.example.com/x?"',
    "https://hooks.example.com\\@127.0.0.1/",
    "ftp://hooks.example.com/x",
    "hooks.example.com/x",
    "https://",
    "https://localhost/x",
    "https://127.0.0.1/x",
    "https://2130706433/x",
    "https://0x7f000001/x",
    "https://0x7f.1/x",
    "https://0177.0.0.1/x",
    "https://127.1/x",
    "https://[::1]/x",
    "https://[::ffff:127.0.0.1]/x",
    "https://[::ffff:a9fe:a9fe]/x",
    "https://[64:ff9b::a9fe:a9fe]/x",
    "https://[fd00:ec2::254]/x",
    "https://169.254.169.254/latest/meta-data/",
    "https://169.254.170.2/v2/credentials",
    "https://168.63.129.16/",
    "https://100.100.100.200/latest/meta-data/",
    "https://metadata.google.internal/computeMetadata/v1/",
    "https://metadata/",
    "https://printer.local/",
    "https://10.0.0.7/x",
    "https://192.168.1.1/x",
]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def target(url: str, *secrets: SigningSecret) -> Target:
    known = secrets or (SigningSecret(1),)
    return Target("org1", "t-1", url, (Kind.TEST,), TargetState.ACTIVE, START, "user-7", known)


def delivery() -> Delivery:
    return Delivery("org1", "t-1", "20260301T020000Z-id", Kind.TEST, BODY, START)


def sending(addresses: AddressPolicy | None = None, clock: ManualClock | None = None) -> WebhookSender:
    return sender(
        lambda _, number: SECRETS[number], addresses or AddressPolicy.loopback(), clock or ManualClock(), HASTY
    )


def test_the_signature_is_that_of_the_published_example() -> None:
    """Source: Standard Webhooks, the example that its libraries test themselves with."""
    secret, id_ = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek"

    signature = sign(secret, id_, 1614265330, b'{"test": 2432232314}')

    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_delivery_arrives_signed_with_its_body_as_it_is(receiver: Receiver) -> None:
    reply = sending()(target(receiver.url + "?key=a%20b&key=c"), delivery(), START)

    (received,) = receiver.received
    assert (reply.status, reply.problem) == (204, None)
    assert (received.path, received.body.decode()) == ("/hook?key=a%20b&key=c", BODY)
    assert received.is_signed_with(OLD)
    assert not received.is_signed_with(NEW)
    assert received.headers["webhook-timestamp"] == str(int(START.timestamp()))
    assert received.headers["content-type"] == "application/json"


def test_during_a_rotation_both_secrets_are_good_and_then_the_new_one_alone(receiver: Receiver) -> None:
    rotated = target(receiver.url, SigningSecret(2), SigningSecret(1, START + timedelta(hours=24)))

    for hours in (23, 24):
        sending()(rotated, delivery(), START + timedelta(hours=hours))

    during, after = receiver.received
    assert (during.is_signed_with(OLD), during.is_signed_with(NEW)) == (True, True)
    assert (after.is_signed_with(OLD), after.is_signed_with(NEW)) == (False, True)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_2xx_counts(receiver: Receiver, status: int) -> None:
    receiver.answers = [status]

    assert sending()(target(receiver.url), delivery(), START).problem is None


@pytest.mark.parametrize("status", [300, 400, 401, 404, 410, 429, 500, 503])
def test_nothing_else_counts_and_the_problem_tells_the_status_alone(receiver: Receiver, status: int) -> None:
    receiver.answers = [status]

    reply = sending()(target(receiver.url), delivery(), START)

    assert reply.status == status
    assert reply.problem is not None
    assert reply.problem.code == "webhook_refused"
    assert str(status) in reply.problem.what


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(receiver: Receiver, status: int) -> None:
    receiver.answers, receiver.leads_to = [status, 204], receiver.url

    reply = sending()(target(receiver.url), delivery(), START)

    assert (reply.status, len(receiver.received)) == (status, 1)
    assert reply.problem is not None


def test_a_receiver_that_hangs_is_given_up(receiver: Receiver) -> None:
    receiver.answers = [HANG]

    reply = sending()(target(receiver.url), delivery(), START)

    assert (reply.status, len(receiver.received)) == (None, 1)
    assert reply.problem is not None
    assert (reply.problem.code, "10 seconds" in reply.problem.what) == ("webhook_unreachable", True)


def test_a_receiver_that_is_not_there_is_said_to_be_unreachable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        reply = sending()(target(f"http://127.0.0.1:{taken.getsockname()[1]}/"), delivery(), START)

    assert reply.problem is not None
    assert reply.problem.code == "webhook_unreachable"


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_that_leads_inside_or_is_odd_cannot_be_registered(url: str) -> None:
    with pytest.raises(InvalidRequest):
        check_url(url, AddressPolicy.public())


@pytest.mark.parametrize("url", ["https://hooks.example.com", "https://8.8.8.8/x", "https://a.example.com/b/?c=d&e="])
def test_a_public_https_address_can(url: str) -> None:
    check_url(url, AddressPolicy.public())


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "http://10.0.0.1/", "http://192.0.2.1/", "http://[::1]/"])
def test_the_local_cloud_sends_to_its_own_machine_by_http_and_nowhere_else(url: str) -> None:
    with pytest.raises(InvalidRequest):
        check_url(url, AddressPolicy.loopback())


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["::ffff:127.0.0.1"], ["169.254.169.254"], ["8.8.8.8", "127.0.0.1"], ["::1"], ["64:ff9b::7f00:1"]],
)
def test_a_name_that_leads_inside_by_the_time_of_sending_is_not_connected_to(
    receiver: Receiver, addresses: Sequence[str]
) -> None:
    """It was registered when it led to a public address; what it leads to is looked at for each connection."""
    policy = AddressPolicy.public(resolve=lambda host, port: addresses)
    check_url("https://rebinding.example.com/hook", policy)

    reply = sending(policy)(target("https://rebinding.example.com/hook"), delivery(), START)

    assert reply.problem is not None
    assert (reply.status, reply.problem.code, receiver.received) == (None, "webhook_address_closed", [])


def test_an_address_that_was_open_when_it_was_registered_and_is_closed_now_is_not_sent_to(receiver: Receiver) -> None:
    reply = sending(AddressPolicy.public())(target(receiver.url), delivery(), START)

    assert reply.problem is not None
    assert (reply.problem.code, receiver.received) == ("webhook_address_closed", [])
