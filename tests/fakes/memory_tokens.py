"""A token's versions in memory, and a vendor that grants tokens as strictly as one may."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from planster_sync.errors import CredentialsRejected, StoreBusy
from planster_sync.ports.tokens import Grant, Token


@dataclass
class MemoryVault:
    """The next `busy` writes fail without effect; the next `lost` ones act and fail."""

    versions: list[Token] = field(default_factory=list)
    busy: int = 0
    lost: int = 0
    before_write: list[Callable[[], object]] = field(default_factory=list)

    def at(self, version: int) -> Token | None:
        return self.versions[version - 1] if 0 < version <= len(self.versions) else None

    def newest(self) -> tuple[int, Token] | None:
        return (len(self.versions), self.versions[-1]) if self.versions else None

    def write(self, token: Token) -> int:
        while self.before_write:
            self.before_write.pop()()
        if self.busy:
            self.busy -= 1
            raise StoreBusy("The secret store is busy.")
        self.versions.append(token)
        if self.lost:
            self.lost -= 1
            raise StoreBusy("The secret store did not answer.")
        return len(self.versions)


@dataclass
class StrictVendor:
    """Gives a new refresh token with each grant and takes the old one back; `before` is called while it is asked.

    It first wants None, as a grant from the account's own credentials. `failures` are raised instead of an answer.
    """

    seconds: float = 3600
    expected: str | None = None
    granted: int = 0
    asked_with: list[str | None] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    before: list[Callable[[], object]] = field(default_factory=list)

    def ask(self, refresh: str | None) -> Grant:
        self.asked_with.append(refresh)
        while self.before:
            self.before.pop()()
        if self.failures:
            raise self.failures.pop(0)
        if refresh != self.expected:
            raise CredentialsRejected("The grant is void.")
        self.granted += 1
        self.expected = f"refresh-{self.granted}"
        return Grant(f"access-{self.granted}", self.seconds, self.expected)
