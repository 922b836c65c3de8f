"""What a request asks for: its parameters, checked, and whose goods it is about.

The vendor itself takes no notice of parameters that it does not know; this one refuses them, so that a misspelt one is
noticed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from urllib.parse import parse_qsl

from simulators.ongoing.articles import OWNER
from simulators.serving.account import Account
from simulators.serving.exchange import Refusal, refusal
from simulators.serving.simulation import Call

OWNED = "goodsOwnerId"


def bad_request(words: str) -> Refusal:
    return refusal(400, {"message": words})


class Asked:
    """The parameters of one request. Repeated ones are lists; a comma inside is part of the value."""

    def __init__(self, call: Call[Account], known: Collection[str]) -> None:
        self._call = call
        self._given: dict[str, list[str]] = {}
        for name, value in parse_qsl(call.request.query, keep_blank_values=True):
            if name not in known:
                raise bad_request(f"The parameter {name} is not known.")
            self._given.setdefault(name, []).append(value)

    def of_owner(self) -> Asked:
        """The same, about the account's goods owner. Raises Refusal for another one's, or none."""
        number = self.number(OWNED)
        if number is None:
            raise bad_request("The goodsOwnerId is required.")
        require_owner(number)
        return self

    def texts(self, *names: str) -> list[str] | None:
        """Every value of these parameters; None where none is given."""
        found = [value for name in names for value in self._given.get(name, ())]
        return found or None

    def number(self, name: str) -> int | None:
        given = self._given.get(name)
        if given is None:
            return None
        try:
            return int(given[-1])
        except ValueError:
            raise bad_request(f"The value '{given[-1]}' is not valid for {name}.") from None

    def moment(self, name: str, oldest: timedelta | None = None) -> datetime | None:
        """A time with an offset. Raises Refusal where it lies further back than the vendor looks."""
        given = self._given.get(name)
        if given is None:
            return None
        try:
            found = datetime.fromisoformat(given[-1])
        except ValueError:
            raise bad_request(f"The value '{given[-1]}' is not valid for {name}.") from None
        if found.tzinfo is None:
            raise bad_request(f"{name} has no offset.")
        if oldest is not None and self._call.now - found > oldest:
            raise bad_request(f"{name} must be within the last {oldest.total_seconds() / 3600:g} hours.")
        return found

    def flag(self, name: str) -> bool:
        return self._given.get(name, ["false"])[-1].lower() == "true"


def require_owner(number: object) -> None:
    """Raises Refusal where the goods owner is not the user's."""
    if number != OWNER["id"]:
        raise bad_request("The goods owner does not exist.")
