"""Every failure of the product, sorted by what happens next.

    SyncError(code, what, remedy, retryable)
    ├ RetrySoon      the same work may succeed later: Throttled, SourceUnavailable, StoreBusy, Unexpected
    ├ AskCustomer    a person must act first: CredentialsRejected, Forbidden, SettingsInvalid
    ├ DistrustSource the answer proves nothing, so nothing is deleted: AnswerBroken, EndUnproven
    ├ SetAside       one record goes to quarantine, the rest goes on: RecordInvalid, RecordTooLarge
    ├ StepAside      somebody else does this work: LeaseHeld, LeaseLost, SegmentStale, StreamBusy
    ├ RefuseCaller   the request itself is wrong: NotFound, Conflict, Unsupported, InvalidRequest, CoolingDown, …
    └ NoProgress     tries and segments follow each other without getting further

`what` and `remedy` are sentences for a planner; they never carry a secret, personal data or a vendor's
answer, but for the one sentence, redacted, with which a vendor refuses a change. `detail` is for
engineers and goes to the log only, redacted there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar


class SyncError(Exception):
    """A failure that says what happened, what to do, and whether the same call may succeed later."""

    code: ClassVar[str] = "internal"
    retryable: ClassVar[bool] = False
    default_remedy: ClassVar[str] = "Report this to Planster support with the run id."

    def __init__(self, what: str, *, remedy: str | None = None, detail: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy or self.default_remedy
        self.detail = detail

    def for_log(self) -> dict[str, str]:
        """What the log says of it; the journal redacts the sentences."""
        return {"code": self.code, "what": self.what, "detail": self.detail}


class RetrySoon(SyncError):
    """The same work may succeed later. `until` (UTC) is the earliest useful moment, where it is known."""

    retryable = True
    default_remedy = "Nothing to do: the sync tries again by itself."

    def __init__(
        self, what: str, *, until: datetime | None = None, remedy: str | None = None, detail: str = ""
    ) -> None:
        super().__init__(what, remedy=remedy, detail=detail)
        self.until = until


class Throttled(RetrySoon):
    code = "throttled"


class SourceUnavailable(RetrySoon):
    code = "source_unavailable"


class StoreBusy(RetrySoon):
    code = "store_busy"


class Unexpected(RetrySoon):
    """A bug, or a condition nobody foresaw; the traceback is in the log."""

    code = "internal"
    default_remedy = SyncError.default_remedy


class AskCustomer(SyncError):
    """Trying again is useless until a person changes something."""


class CredentialsRejected(AskCustomer):
    code = "credentials_rejected"
    default_remedy = "Reconnect the integration with working credentials."


class Forbidden(AskCustomer):
    code = "permission_missing"
    default_remedy = "Give the connected account permission for this data type in the warehouse system."


class SettingsInvalid(AskCustomer):
    code = "settings_invalid"
    default_remedy = "Correct the integration's settings."


class DistrustSource(SyncError):
    """The source answered, but the answer cannot be believed. Nothing is deleted on its word."""

    retryable = True
    default_remedy = "Nothing to do: the sync tries again by itself; no record was removed."


class AnswerBroken(DistrustSource):
    code = "answer_broken"


class EndUnproven(DistrustSource):
    code = "end_unproven"


class SetAside(SyncError):
    """One source record cannot become a unified record. `path` names the field, never its value."""

    def __init__(self, what: str, *, path: str = "", detail: str = "") -> None:
        super().__init__(what, remedy="Correct the record in the warehouse system.", detail=detail)
        self.path = path


class RecordInvalid(SetAside):
    code = "record_invalid"


class RecordTooLarge(SetAside):
    code = "record_too_large"


class StepAside(SyncError):
    """This worker must stop quietly: the work is, or was, somebody else's."""

    retryable = True
    default_remedy = "Nothing to do."


class LeaseHeld(StepAside):
    """Another worker holds the stream for the same task until `until` (UTC)."""

    code = "lease_held"

    def __init__(self, what: str, *, until: datetime) -> None:
        super().__init__(what)
        self.until = until


class StreamBusy(StepAside):
    """Another task owns the stream; this one is started when that one ends."""

    code = "stream_busy"


class LeaseLost(StepAside):
    code = "lease_lost"


class SegmentStale(StepAside):
    code = "segment_stale"


class RefuseCaller(SyncError):
    """The request cannot be served as it is; the API answers with a problem document (RFC 9457)."""

    default_remedy = "Correct the request."


class InvalidRequest(RefuseCaller):
    code = "invalid_request"


class FieldsInvalid(InvalidRequest):
    """Fields of a request are wrong; `fields` says of each dotted field why. `what` says it all."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(dict.fromkeys(fields.values())), remedy="Correct the request and send it again.")
        self.fields = dict(fields)


class NotFound(RefuseCaller):
    code = "not_found"


class Conflict(RefuseCaller):
    code = "conflict"


class Unsupported(RefuseCaller):
    """The connector, or this account's connected system, does not offer the data type or operation."""

    code = "unsupported"
    default_remedy = "Leave this data type out; the connected system does not offer it."


class WriteRefused(RefuseCaller):
    """The vendor did not take a change; `what` says why, in words that a planner understands."""

    code = "write_refused"
    default_remedy = "Correct the inbound shipment, or what it names in the warehouse system, and send it again."


class CoolingDown(RefuseCaller):
    """The same was synced by hand a moment ago; `until` (UTC) is when it may be again."""

    code = "cooling_down"
    retryable = True

    def __init__(self, what: str, *, until: datetime) -> None:
        super().__init__(what, remedy="Use what that sync has brought, or ask again at the time that is named.")
        self.until = until


class Unauthenticated(RefuseCaller):
    """Nobody has checked who calls, where somebody should have."""

    code = "unauthenticated"

    def __init__(self) -> None:
        super().__init__("Nobody has checked who calls.", remedy="Sign in, and send the token with the request.")


class ScopeMissing(RefuseCaller):
    """The caller may not do this; `scope` is what it would take."""

    code = "scope_missing"

    def __init__(self, scope: str) -> None:
        super().__init__(
            f"This takes the scope {scope}, which the caller does not have.",
            remedy="Ask an administrator of your organisation for it, and sign in anew.",
        )
        self.scope = scope


class TooManyRequests(RefuseCaller):
    """The caller's organisation has used up its requests; `until` (UTC) is when there are new ones."""

    code = "too_many_requests"
    retryable = True

    def __init__(self, what: str, *, until: datetime) -> None:
        super().__init__(what, remedy="Ask again when `Retry-After` is over, and then as seldom as `Poll-After` says.")
        self.until = until


class RequestTooLarge(RefuseCaller):
    code = "request_too_large"
    default_remedy = "Send it in several parts."


class NoProgress(SyncError):
    code = "no_progress"
