"""Where a client may connect to: public addresses by https, so that no base URL reaches an inner network.

A name is resolved once for each connection, every address found is checked, and the connection is opened to
the checked address itself: a name that resolves differently a moment later changes nothing.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from planster_sync.errors import SettingsInvalid

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[str]]

# IANA special-purpose registries, all that is not globally reachable; 168.63.129.16 is a cloud's host agent.
_CLOSED_V4 = tuple(
    IPv4Network(net)
    for net in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_GLOBAL_V6 = IPv6Network("2000::/3")
_CLOSED_V6 = tuple(IPv6Network(net) for net in ("2001::/23", "2001:db8::/32", "3fff::/20"))
_NAT64 = IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR = IPv6Network("2002::/16")
_ISATAP = frozenset({0x00005EFE, 0x02005EFE})

_NAME = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*")
_INNER_SUFFIXES = (".internal", ".local", ".localhost", ".localdomain", ".lan", ".home.arpa", ".onion")
_LOOPBACK = IPv4Address("127.0.0.1")


def is_public(address: Address) -> bool:
    """Whether an address is one of the open internet; of tunnelled ones the inner IPv4 address is judged too."""
    if isinstance(address, IPv6Address):
        inner = _tunnelled(address)
        return _is_global_v6(address) and (inner is None or is_public(inner))
    return not any(address in net for net in _CLOSED_V4)


def _is_global_v6(address: IPv6Address) -> bool:
    if address.scope_id is not None:
        return False
    return address in _NAT64 or (address in _GLOBAL_V6 and not any(address in net for net in _CLOSED_V6))


def _tunnelled(address: IPv6Address) -> IPv4Address | None:
    number = int(address)
    if address in _SIX_TO_FOUR:
        return IPv4Address(number >> 80 & 0xFFFFFFFF)
    if address in _NAT64 or number >> 32 & 0xFFFFFFFF in _ISATAP:
        return IPv4Address(number & 0xFFFFFFFF)
    return None


def _is_local_cloud(address: Address) -> bool:
    return address == _LOOPBACK


def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, in the order in which the operating system would try them."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host, port and base path of a vendor's API. The path has no slash at its end."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def parse(cls, base_url: str) -> Origin:
        """Reads a base URL.

        Raises:
            SettingsInvalid: not an absolute http(s) URL, or one with a user, query, fragment or odd characters.
        """
        if not base_url.isascii() or re.search(r"[\x00-\x20\x7f\\]", base_url):
            raise SettingsInvalid("The warehouse system's address contains characters that do not belong there.")
        try:
            parts = urlsplit(base_url)
            host, port = (parts.hostname or "").lower(), parts.port
        except ValueError:
            raise SettingsInvalid("The warehouse system's address is not a URL.") from None
        default = {"https": 443, "http": 80}.get(parts.scheme)
        if default is None or not host or port == 0 or ("[" in parts.netloc and ":" not in host):
            raise SettingsInvalid("The warehouse system's address must be an absolute https URL.")
        if "@" in parts.netloc or "?" in base_url or "#" in base_url:
            raise SettingsInvalid("The warehouse system's address must not carry credentials or a query.")
        return cls(parts.scheme, host, port or default, parts.path.rstrip("/"))

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        default = {"https": 443, "http": 80}[self.scheme]
        return f"{self.scheme}://{host}{'' if self.port == default else f':{self.port}'}{self.path}"


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """Which schemes, ports (None: any) and addresses are open, and how names are resolved."""

    schemes: frozenset[str]
    ports: frozenset[int] | None
    is_open: Callable[[Address], bool]
    resolve: Resolve = field(repr=False)
    closed_names: Callable[[str], bool]

    @classmethod
    def public(cls, resolve: Resolve = resolve_by_system) -> AddressPolicy:
        """https on port 443 to public addresses; names that only inner networks know are refused unresolved."""
        return cls(frozenset({"https"}), frozenset({443}), is_public, resolve, _is_inner_name)

    @classmethod
    def loopback(cls, resolve: Resolve = resolve_by_system) -> AddressPolicy:
        """For the local cloud: http to 127.0.0.1 on any port, and nothing else."""
        return cls(frozenset({"http"}), None, _is_local_cloud, resolve, lambda _: False)

    def check(self, origin: Origin) -> None:
        """Judges all that can be judged without resolving.

        Raises:
            SettingsInvalid: this origin is not open.
        """
        if origin.scheme not in self.schemes:
            raise SettingsInvalid(f"The warehouse system's address must use {' or '.join(sorted(self.schemes))}.")
        if self.ports is not None and origin.port not in self.ports:
            raise SettingsInvalid("The warehouse system's address uses a port that is not allowed.")
        literal = _literal(origin.host)
        if literal is not None:
            self._require_open(literal)
        elif not _NAME.fullmatch(origin.host) or _NUMERIC_LABEL.fullmatch(origin.host.rpartition(".")[2]):
            raise SettingsInvalid("The warehouse system's address has a host that is neither a name nor an IP address.")
        elif self.closed_names(origin.host):
            raise _not_public()

    def addresses(self, host: str, port: int) -> Sequence[str]:
        """The checked addresses of a host, to be connected to as they are.

        Raises:
            SettingsInvalid: one of its addresses is not open; a mixed answer is an attempt to slip through.
            OSError: the name could not be resolved.
        """
        literal = _literal(host)
        found = [str(literal)] if literal is not None else list(self.resolve(host, port))
        if not found:
            raise OSError("the name has no address")
        for text in found:
            self._require_open(ip_address(text))
        return found

    def _require_open(self, address: Address) -> None:
        if not self.is_open(address):
            raise _not_public()


def _is_inner_name(host: str) -> bool:
    return "." not in host or host.endswith(_INNER_SUFFIXES)


def _literal(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _not_public() -> SettingsInvalid:
    return SettingsInvalid("The warehouse system's address leads into a network that may not be reached from here.")
