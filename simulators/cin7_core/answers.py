"""Answers as this vendor gives them: pages with a count, errors in a list, a page in HTML for what does not exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from simulators.business.spec import Record
from simulators.serving.exchange import Answer, PageFault, Refusal, refusal, told
from simulators.serving.limits import Allowance

NOT_FOUND_PAGE = b"<!DOCTYPE html><html><head><title>Page not found</title></head><body>Page not found</body></html>"
TOO_MANY = "You have reached 60 calls per 60 seconds API limit."


def problem(status: int, text: str, code: int | None = None) -> Refusal:
    """The error model, in a list."""
    return refusal(status, [{"ErrorCode": code or status, "Exception": text}])


def plain(status: int, text: str) -> Refusal:
    return Refusal(Answer(status, text.encode(), content_type="text/plain"))


def nowhere() -> Refusal:
    """What a wrong path gets: no 404."""
    return Refusal(Answer(200, NOT_FOUND_PAGE, content_type="text/html"))


def too_many(left: Allowance) -> Refusal:
    """Only this answer has the limit's headers, and the wait is a text."""
    reset = f"{left.wait_seconds:.0f}"
    headers = {"x-ratelimit-limit": "60", "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset}
    body = TOO_MANY.encode()
    return Refusal(Answer(429, body, {**headers, "retry-after": "60 Seconds"}, content_type="text/plain"))


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list under its member's name."""

    key: str
    rows: Sequence[Record]
    page: int
    limit: int
    claimed: int | None = None

    def answer(self) -> Answer:
        start = (self.page - 1) * self.limit
        shown = list(self.rows[start : start + self.limit])
        return self._told(shown, len(self.rows) if self.claimed is None else self.claimed)

    def faulty(self, fault: PageFault) -> Answer:
        """A page can only lie by its rows and its count."""
        start = (self.page - 1) * self.limit
        own, first = list(self.rows[start : start + self.limit]), list(self.rows[: self.limit])
        lies = {
            "empty_page": ([], 0),
            "empty_with_token": ([], len(self.rows) + 1),
            "repeat_token": (first, 2 * len(self.rows) + self.limit),
            "endless_page": (own, len(self.rows) + self.page * self.limit),
        }
        return self._told(*lies[fault])

    def _told(self, shown: list[Record], total: int) -> Answer:
        return told({"Total": total, "Page": self.page, self.key: shown}, page=self)
