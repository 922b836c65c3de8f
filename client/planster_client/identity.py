"""How a request proves who asks: with a bearer token, or signed for AWS IAM."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from requests import PreparedRequest
from requests.auth import AuthBase

from planster_client.problems import NotLoggedIn, Refused

SERVICE = "execute-api"
EARLIER = timedelta(seconds=30)
"""So long before its end a token is renewed: it has to last until the API has looked at it."""


@dataclass(frozen=True, slots=True)
class Token:
    """An access token. `expires_at` is None where nobody told; `refresh_token`, where there is one, brings the next."""

    access_token: str
    expires_at: datetime | None = None
    refresh_token: str | None = None

    def __repr__(self) -> str:
        return f"Token(expires_at={self.expires_at})"


@dataclass(frozen=True, slots=True)
class Bearer(AuthBase):
    """Looks at the clock before each request, so that an ended session is told as such."""

    token: Token
    now: Callable[[], datetime]

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        ends = self.token.expires_at
        if ends is not None and ends <= self.now():
            raise NotLoggedIn(f"The session ended at {ends:%Y-%m-%d %H:%M} UTC.", "Run `planster login`.")
        request.headers["Authorization"] = f"Bearer {self.token.access_token}"
        return request


class Renewing(AuthBase):
    """A bearer whose token is renewed a little before it ends, also in the middle of a long look.

    `renew` gives the next token, and raises NotLoggedIn where there is none.
    """

    def __init__(self, token: Token, now: Callable[[], datetime], renew: Callable[[Token], Token]) -> None:
        self._token, self._now, self._renew = token, now, renew

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        ends = self._token.expires_at
        if ends is not None and self._token.refresh_token and ends - EARLIER <= self._now():
            self._token = self._renew(self._token)
        return Bearer(self._token, self._now)(request)


class SignedForIam(AuthBase):
    """Signature Version 4, with the credentials and the region that any AWS tool would find.

    Raises:
        Refused: there are none.
    """

    def __init__(self) -> None:
        # Here and not above: botocore is slow to load, and most callers have a token.
        import botocore.session  # noqa: PLC0415

        session = botocore.session.get_session()
        credentials, self._region = session.get_credentials(), session.get_config_variable("region")
        if credentials is None or not self._region:
            raise Refused(
                "There are no AWS credentials, or there is no region.",
                "Provide both as for any AWS tool: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION.",
            )
        self._credentials = credentials

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        from botocore.auth import SigV4Auth  # noqa: PLC0415  as above
        from botocore.awsrequest import AWSRequest  # noqa: PLC0415

        body: Any = request.body
        bare = AWSRequest(method=request.method, url=request.url, data=body, headers=_signed_headers(request))
        SigV4Auth(self._credentials, SERVICE, self._region).add_auth(bare)
        request.headers.update(dict(bare.headers.items()))
        return request


def _signed_headers(request: PreparedRequest) -> dict[str, str]:
    """What a proxy may change on its way is left out of the signature."""
    return {name: value for name, value in request.headers.items() if name.lower() == "content-type"}
