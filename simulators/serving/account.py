"""An account at a vendor whose lists are views on the business."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from simulators.business.lists import Listing, Lists
from simulators.business.spec import SIZES, BusinessSpec, Record, size_of
from simulators.business.view import View
from simulators.serving.exchange import refusal, rendered


@dataclass(frozen=True, slots=True)
class AccountSpec:
    """One customer's account: what it is known by, and what its data is made of.

    `size` is the number of inventory items; `sizes` overrides single collections of the business. `settings` are the
    vendor's own. `forbidden` are the vendor's words for what the account may not do.
    """

    connection_id: str
    credentials: Mapping[str, str]
    seed: int = 1
    size: int = SIZES["small"]
    sizes: Mapping[str, int] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    forbidden: frozenset[str] = frozenset()


class Account:
    """One account with its lists. Safe for use by several threads."""

    def __init__(self, spec: AccountSpec, views: Mapping[str, View], base: datetime) -> None:
        self.spec = spec
        self.name = spec.connection_id
        self.credentials = spec.credentials
        self.revoked = False
        self.forbidden = set(spec.forbidden)
        self.lists = Lists(views, BusinessSpec(spec.seed, spec.size, spec.sizes), base)

    @property
    def day(self) -> int:
        return self.lists.day

    @property
    def collections(self) -> Sequence[str]:
        return tuple(self.lists.views)

    def described(self) -> Mapping[str, Any]:
        return {"seed": self.spec.seed, "size": self.spec.size, "settings": dict(self.spec.settings)}

    def advance(self, stamp: datetime) -> None:
        self.lists.advance(stamp)

    def counts(self) -> Mapping[str, int]:
        return self.lists.counts()

    def prepare(self, collection: str) -> None:
        """Makes a list now, so that the first request for it does not wait."""
        _ = self.lists[collection]

    def truth(self, collection: str) -> Iterable[bytes]:
        with self.lists.alone():
            return [rendered(record) for record in self.lists[collection].records()]

    def mutate(self, collection: str, change: Record, now: datetime) -> Mapping[str, Any]:
        """`{id, set?, unset?, touch?}`, `{id, delete: true}` or `{create: {record}}`."""
        with self.lists.alone():
            listing = self.lists[collection]
            if "create" in change:
                return _put(listing, dict(change["create"]), change, now)
            record = listing.get(change["id"])
            if record is None:
                raise refusal(404, {"error": f"No record {change['id']}"})
            if change.get("delete") is True:
                listing.drop(change["id"], now)
                return {"key": change["id"], "record": None}
            for name in change.get("unset", ()):
                record.pop(name, None)
            return _put(listing, record | change.get("set", {}), change, now)


def _put(listing: Listing, record: Record, change: Record, now: datetime) -> Mapping[str, Any]:
    key = listing.put(record, now if change.get("touch", True) else None)
    return {"key": key, "record": listing.get(key)}


def opened(told: Record, views: Mapping[str, View], base: datetime) -> Account:
    """The account that a start or a control route describes: the fields of AccountSpec, `size` also as a word.

    Raises:
        ValueError: unknown keys, or a size that is none.
        TypeError: a key is missing.
    """
    unknown = told.keys() - {each.name for each in fields(AccountSpec)}
    if unknown:
        raise ValueError(f"unknown keys of a connection: {', '.join(sorted(unknown))}")
    size, forbidden = size_of(str(told.get("size", "small"))), frozenset(told.get("forbidden", ()))
    return Account(AccountSpec(**{**told, "size": size, "forbidden": forbidden}), views, base)
