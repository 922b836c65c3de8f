"""The transport to a vendor: requests over sockets that go only to checked addresses and never read past their time.

The host name stays what it was for the Host header, for SNI and for the certificate's check.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Mapping
from datetime import datetime
from functools import cached_property, partial
from typing import Any, cast

import requests
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import HTTPError
from urllib3.util.ssl_ import create_urllib3_context

from planster_sync.http.addresses import AddressPolicy, Origin
from planster_sync.http.limits import AnswerLimits, Readable, Watch, read_body
from planster_sync.http.messages import Answer, NoAnswer, Request
from planster_sync.ports.platform import Clock


class RequestsTransport:
    """Sends through `requests`, over connections that are kept open until `close`.

    Raises:
        SettingsInvalid: the address policy does not allow this base URL.
    """

    def __init__(self, origin: Origin, addresses: AddressPolicy, limits: AnswerLimits, clock: Clock) -> None:
        addresses.check(origin)
        self._origin = origin
        self._limits = limits
        self._watch = Watch(clock, limits.read)
        self._adapter = CheckedAdapter(addresses, self._watch)

    def exchange(self, request: Request, ends: datetime) -> Answer:
        prepared = requests.Request(
            request.method,
            self._origin.url + request.path,
            dict(request.headers),
            data=request.body,
            params=list(request.params),
        ).prepare()
        self._watch.start(ends)
        try:
            return self._exchange(prepared)
        except (requests.RequestException, HTTPError, OSError, EOFError) as error:
            raise NoAnswer(error, sent=self._watch.sent) from error

    def close(self) -> None:
        self._adapter.close()

    def _exchange(self, prepared: requests.PreparedRequest) -> Answer:
        timeouts = (self._limits.connect, self._limits.read)
        response = self._adapter.send(prepared, stream=True, timeout=timeouts)
        try:
            headers = {name.lower(): value for name, value in response.headers.items()}
            body = read_body(cast(Readable, response.raw), headers, self._limits, self._watch)
        except BaseException:
            response.raw.close()  # what is left unread must not be taken for the next answer
            raise
        response.close()
        return Answer(response.status_code, headers, body)


class CheckedAdapter(HTTPAdapter):
    """Sends one prepared request over a kept connection; follows no redirect, asks no proxy, keeps no cookie."""

    def __init__(self, addresses: AddressPolicy, watch: Watch) -> None:
        self._dialer = Dialer(addresses, watch)
        super().__init__(max_retries=0)

    def get_connection_with_tls_context(
        self,
        request: requests.PreparedRequest,
        verify: bool | str | None,
        proxies: Mapping[str, str] | None = None,  # noqa: ARG002  no proxy, whatever is given
        cert: tuple[str, str] | str | None = None,
    ) -> HTTPConnectionPool:
        pool = cast(Any, super().get_connection_with_tls_context(request, verify, None, cert))
        connection = _SecureConnection if pool.scheme == "https" else _PlainConnection
        pool.ConnectionCls = partial(connection, dialer=self._dialer)
        return cast(HTTPConnectionPool, pool)

    def close(self) -> None:
        """Closes every kept socket now; the pool manager alone would leave that to garbage collection."""
        pools = cast(Any, self.poolmanager).pools
        for key in pools.keys():  # noqa: SIM118  this container refuses to be iterated
            pools[key].close()
        super().close()

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:  # noqa: ARG002  always verified
        conn.cert_reqs = "CERT_REQUIRED"  # the authorities are in the dialer's context, loaded once


class Dialer:
    """Opens sockets to addresses that the policy allows, bound to one watch."""

    def __init__(self, addresses: AddressPolicy, watch: Watch) -> None:
        self._addresses = addresses
        self.watch = watch

    @cached_property
    def context(self) -> ssl.SSLContext:
        context = create_urllib3_context()
        context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
        context.sslsocket_class = _TimedTlsSocket
        return context

    def dial(self, host: str, port: int, timeout: float | None) -> socket.socket:
        """A connected socket to the first checked address that answers.

        Raises:
            SettingsInvalid: the host leads to an address that is not open.
            OSError: the name is unknown, or none of its addresses answers.
        """
        failure = OSError("the name has no address")
        for address in self._addresses.addresses(host, port):
            opened = _TimedSocket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
            opened.watch = self.watch
            try:
                opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                opened.settimeout(min(timeout or self.watch.seconds_left(), self.watch.seconds_left()))
                opened.connect((address, port))
            except OSError as error:
                opened.close()
                failure = error
            else:
                return opened
        raise failure


class _TimedSocket(socket.socket):
    watch: Watch

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self.settimeout(self.watch.seconds_left())
        return super().recv_into(*args, **kwargs)


class _TimedTlsSocket(ssl.SSLSocket):
    watch: Watch

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        self.settimeout(self.watch.seconds_left())
        return super().recv_into(*args, **kwargs)


class _PlainConnection(HTTPConnection):
    def __init__(self, *args: Any, dialer: Dialer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._dialer = dialer

    def _new_conn(self) -> socket.socket:
        return self._dialer.dial(self.host, self.port, self.timeout)

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        self._dialer.watch.sent = True
        super().send(data)


class _SecureConnection(HTTPSConnection):
    def __init__(self, *args: Any, dialer: Dialer, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "ssl_context": dialer.context})
        self._dialer = dialer

    def _new_conn(self) -> socket.socket:
        return self._dialer.dial(self.host, self.port, self.timeout)

    def connect(self) -> None:
        super().connect()
        cast(_TimedTlsSocket, self.sock).watch = self._dialer.watch

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        self._dialer.watch.sent = True
        super().send(data)
