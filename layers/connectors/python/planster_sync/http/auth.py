"""How a request is made the account's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from planster_sync.http.messages import Answer, Request


class Renewal(StrEnum):
    """What to do after the vendor refused the credentials: sign and send once more, or give up."""

    RETRY_WITH_NEW = "retry_with_new"
    GIVE_UP = "give_up"


class Auth(Protocol):
    def sign(self, request: Request) -> Request:
        """The request with the account's credentials in its headers. Called anew for every attempt.

        Raises:
            CredentialsRejected: there is nothing to sign with, and no way to get it.
            SourceUnavailable: a token is needed and cannot be had now.
        """
        ...

    def refused(self, answer: Answer) -> Renewal:
        """Told of a refusal, at most once for each `send`; renews what can be renewed before it answers.

        Raises:
            CredentialsRejected: the renewal itself was refused.
            SourceUnavailable: the renewal cannot be had now.
        """
        ...


@dataclass(frozen=True, slots=True)
class HeaderAuth:
    """Fixed headers: an API key, or a user and password in basic form. Nothing can be renewed."""

    headers: Mapping[str, str] = field(repr=False)

    def sign(self, request: Request) -> Request:
        return replace(request, headers={**request.headers, **self.headers})

    def refused(self, answer: Answer) -> Renewal:  # noqa: ARG002  fixed headers are as wrong as before
        return Renewal.GIVE_UP
