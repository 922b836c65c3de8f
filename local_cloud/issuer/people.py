"""Who can sign in: a planner and an administrator of each organisation, and a machine. Roles, and nobody's names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

READ, OPERATE, ADMIN = "planster/read", "planster/operate", "planster/admin"
SCOPES = (READ, OPERATE, ADMIN)
AUDIENCE = "planster-sync"
PROGRAMS = frozenset({"planster-console", "planster-cli"})
"""Clients in which people sign in. They have no secret: what they ask with is bound to them by PKCE (RFC 7636)."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever a token can be about; `subject` is its id and says the role."""

    organisation: str
    role: str
    scopes: tuple[str, ...]

    @property
    def subject(self) -> str:
        return f"{self.organisation}-{self.role}"

    def granted(self, asked: str | None) -> tuple[str, ...]:
        """Of the scopes that are asked for, those that it has; all where none are asked for (RFC 6749, 3.3)."""
        return self.scopes if asked is None else tuple(scope for scope in self.scopes if scope in asked.split())


def people(organisations: Sequence[str]) -> dict[str, Bearer]:
    """Those that the page offers, by subject."""
    roles = (("planner", (READ, OPERATE)), ("admin", SCOPES))
    return _by_subject([Bearer(each, role, scopes) for each in organisations for role, scopes in roles])


def machines(organisations: Sequence[str]) -> dict[str, Bearer]:
    """Those that ask with a secret of their own (RFC 6749, 4.4), by subject, which is their client id."""
    return _by_subject([Bearer(each, "machine", SCOPES) for each in organisations])


def _by_subject(bearers: Sequence[Bearer]) -> dict[str, Bearer]:
    return {bearer.subject: bearer for bearer in bearers}
