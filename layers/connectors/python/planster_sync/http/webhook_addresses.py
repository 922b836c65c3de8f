"""Where webhooks may go: judged when they are registered, as far as it shows, and again at every connection."""

from __future__ import annotations

from planster_sync.errors import InvalidRequest, SettingsInvalid
from planster_sync.http.addresses import AddressPolicy, Origin

LONGEST_URL = 1024


def target_of(url: str) -> tuple[Origin, str]:
    """Where to connect to, and the path with its query as it stands.

    Raises:
        SettingsInvalid: not an absolute URL, or one with a user, a fragment or odd characters.
    """
    if "#" in url or len(url) > LONGEST_URL:
        raise SettingsInvalid("It has a fragment, or is too long.")
    address, mark, query = url.partition("?")
    whole = Origin.parse(address)
    base = Origin(whole.scheme, whole.host, whole.port, "")
    if query and (not query.isascii() or not query.isprintable() or set(query) & set(' \\"<>')):
        raise SettingsInvalid("Its query has characters that do not belong there.")
    path = address.partition("://")[2].partition("/")[2]
    return base, f"/{path}{mark}{query}"


def check_url(url: str, addresses: AddressPolicy) -> None:
    """Raises InvalidRequest for an address that nothing would ever be sent to, as far as it shows without resolving."""
    try:
        addresses.check(target_of(url)[0])
    except SettingsInvalid as wrong:
        schemes = " or ".join(sorted(addresses.schemes))
        raise InvalidRequest(
            "Nothing can be sent to this address.",
            remedy=f"Give a public {schemes} address on the usual port, without user, password or fragment.",
        ) from wrong
