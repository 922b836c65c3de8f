"""What can go wrong between a program and the API; each failure says what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Fault:
    """One part of a request that is wrong."""

    where: str
    what: str


class ClientError(Exception):
    """{code, what, remedy, retryable}, as everywhere in Planster."""

    code = "client"
    retryable = False

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy

    def document(self) -> dict[str, Any]:
        """As JSON tells it."""
        return {"code": self.code, "detail": self.what, "remedy": self.remedy, "retryable": self.retryable}


class NotLoggedIn(ClientError):
    """There is no token, its time is over, or the API does not take it."""

    code = "not_logged_in"


class Unreachable(ClientError):
    """No whole answer came. A request that was not a GET may have acted."""

    code = "unreachable"
    retryable = True


class Refused(ClientError):
    """An answer that nobody could use: not the API's, not the issuer's, or the issuer's no."""

    code = "refused"


class Problem(ClientError):
    """The API's own problem document (RFC 9457). `retry_after` is in seconds, None where it named no time."""

    def __init__(self, status: int, document: Mapping[str, Any], retry_after: float | None = None) -> None:
        super().__init__(
            str(document.get("detail") or f"The API answered {status}."),
            str(document.get("remedy") or "Check the target's address; see docs/errors.md."),
        )
        self.status = status
        self.code = str(document.get("code") or f"http_{status}")
        self.retryable = bool(document.get("retryable", status >= 500))
        self.request = str(document.get("request") or "")
        self.retry_after = retry_after
        self.faults: Sequence[Fault] = [Fault(str(each["where"]), str(each["what"])) for each in _errors(document)]
        self._document = dict(document)

    def document(self) -> dict[str, Any]:
        return {**super().document(), "status": self.status, **self._document}


def _errors(document: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    errors = document.get("errors")
    return [each for each in errors if isinstance(each, dict) and {"where", "what"} <= each.keys()] if errors else []
