"""What clients ask for, read strictly: whatever the protocol's rules do not foresee is refused."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NotBase64
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote_plus, urlsplit

from local_cloud.issuer.people import PROGRAMS
from simulators.serving.exchange import Request

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_PRINTABLE = re.compile(r"[!-~]+")
_LOOPBACK = re.compile(r"(127\.0\.0\.1|\[::1\]|([a-z0-9-]+\.)*localhost)(:\d+)?")


class ProtocolError(Exception):
    """An error of RFC 6749, 4.1.2.1 or 5.2; the message is its description."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code


@dataclass(frozen=True, slots=True)
class Authorize:
    """A browser's request on behalf of a client. `person` is the choice that was made on the page."""

    client: str
    redirect: str
    given: dict[str, str]

    @classmethod
    def of(cls, request: Request) -> Authorize:
        """Raises ProtocolError where nobody knows whom to send the browser back to: it must stay here then."""
        given = parameters(request.query)
        client, redirect = given.get("client_id", ""), given.get("redirect_uri", "")
        if client not in PROGRAMS:
            raise ProtocolError("invalid_client", f"client_id is one of: {', '.join(sorted(PROGRAMS))}.")
        parts = urlsplit(redirect)
        is_here = parts.scheme == "http" and _LOOPBACK.fullmatch(parts.netloc) and _PRINTABLE.fullmatch(redirect)
        if not is_here or parts.fragment:
            raise ProtocolError("invalid_request", "redirect_uri is an http address of this machine.")
        return cls(client, redirect, given)

    def check(self) -> None:
        """Raises ProtocolError that the client is told."""
        if self.given.get("response_type") != "code":
            raise ProtocolError("unsupported_response_type", "response_type is code.")
        if self.given.get("code_challenge_method") != "S256":
            raise ProtocolError("invalid_request", "code_challenge_method is S256.")
        if not _CHALLENGE.fullmatch(self.given.get("code_challenge", "")):
            raise ProtocolError("invalid_request", "code_challenge is the SHA-256 of a verifier, in base64url.")


def parameters(text: str) -> dict[str, str]:
    """Raises ProtocolError for a parameter that is given twice (RFC 6749, 3.1)."""
    found = parse_qs(text, keep_blank_values=False)
    twice = [name for name, values in found.items() if len(values) > 1]
    if twice:
        raise ProtocolError("invalid_request", f"{twice[0]} is given twice.")
    return {name: values[0] for name, values in found.items()}


def client_of(request: Request, form: dict[str, str]) -> tuple[str, str]:
    """Client id and secret, from the Authorization header (RFC 6749, 2.3.1) or the form."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        name, _, secret = b64decode(value, validate=True).decode().partition(":")
    except (NotBase64, UnicodeDecodeError) as error:
        raise ProtocolError("invalid_client", "The Authorization header is not of the Basic scheme.") from error
    return unquote_plus(name), unquote_plus(secret)
