"""Ongoing's status numbers and codes in our vocabularies.

Numbers and texts can be configured by every warehouse and texts are in its language, so that numbers decide: each
stands for the stage of life that begins at it or below it. The numbers are those of the vendor's demonstration system;
between them lies what warehouses add (assumption).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from planster_sync.errors import SettingsInvalid
from planster_sync.mapping.fields import Fields, invalid
from planster_sync.mapping.numbers import quantity
from planster_sync.mapping.words import OTHER, Table
from planster_sync.model.inbound import InboundStatus
from planster_sync.model.orders import OrderStatus, OrderType
from planster_sync.model.record import Word
from planster_sync.model.returns import ReturnReason, ReturnStatus

Vocabulary = TypeVar("Vocabulary", bound=StrEnum)

ORDER: Mapping[int, OrderStatus] = {
    0: OrderStatus.ON_HOLD,
    150: OrderStatus.EXCEPTION,
    200: OrderStatus.OPEN,
    300: OrderStatus.PROCESSING,
    400: OrderStatus.PICKED,
    425: OrderStatus.FULFILLED,
    900: OrderStatus.CANCELLED,
}
"""150 error, 200 open, 300 released, 320 allocated, 400 picked, 450 sent, 475 back, 500 collected, 1000 cancelled."""

SENT_FROM = 425
"""Orders below are still open for the warehouse."""

SENT = frozenset({OrderStatus.FULFILLED, OrderStatus.PARTIALLY_FULFILLED})
"""Our words for orders that have left it."""

INBOUND: Mapping[int, InboundStatus] = {
    100: InboundStatus.OPEN,
    200: InboundStatus.RECEIVING,
    500: InboundStatus.RECEIVED,
    900: InboundStatus.CANCELLED,
}
"""100 notified, 200 at the door, 300 inbound, 400 deviation, 500 received, 900 cancelled."""

DEVIATION_FROM, RECEIVED_FROM = 400, 500
"""A deviation is a difference to what was announced: missing goods may still come, surplus is complete."""

LAST_EDITABLE = 200
"""From 300 on the warehouse works on a purchase order, and the vendor refuses changes (assumption: 200 is before)."""

RETURN_CANCELLED_FROM = 900
"""No numbers of returns are published; assumed to be as with orders. The rest follows from what has come back."""

RETURN_CANCELLED = Table(dict.fromkeys(("cancelled", "canceled", "makulerad", "avbruten"), ReturnStatus.CANCELLED))
"""The text of a cancelled return, English and Swedish (assumption)."""

ORDER_TYPE = Table(
    {
        **{str(each): each for each in OrderType},
        "b2c": OrderType.D2C,
        "web": OrderType.D2C,
        "webshop": OrderType.D2C,
    }
)
"""Order types are made by each warehouse (assumption: the usual abbreviations)."""

REASON = Table(
    {
        **{str(reason): reason for reason in ReturnReason},
        "broken": ReturnReason.DAMAGED,
        "wrong": ReturnReason.WRONG_ITEM,
        "wrong size": ReturnReason.SIZE,
        "regret": ReturnReason.UNWANTED,
        "changed mind": ReturnReason.UNWANTED,
        "unclaimed": ReturnReason.UNDELIVERABLE,
    }
)
"""Return causes are made by each warehouse, code and name (assumption: these words)."""


class Stages(Generic[Vocabulary]):
    """A table of numbers: each word holds from its number to the next. `exact` numbers come before it."""

    def __init__(self, begins: Mapping[int, Vocabulary], exact: Mapping[int, str], setting: str) -> None:
        kind = type(next(iter(begins.values())))
        self._bounds = sorted(begins)
        self._begins = begins
        self._other = kind(OTHER)
        try:
            self._exact = {number: kind(ours) for number, ours in exact.items()}
        except ValueError:
            raise SettingsInvalid(
                f"The setting {setting} names a status that does not exist.",
                remedy=f"Use only these words: {', '.join(kind)}.",
            ) from None

    def placed(self, found: tuple[int | None, str | None]) -> Word[Vocabulary] | None:
        """The word of a status as `told` reads it; null where there is none, `other` below the first number."""
        number, text = found
        if number is None and text is None:
            return None
        return Word(value=self._ours(number), vendor=text or str(number))

    def overrides(self, number: int | None) -> bool:
        """Whether the settings say what this number means."""
        return number in self._exact

    def _ours(self, number: int | None) -> Vocabulary:
        if number is None:
            return self._other
        place = bisect_right(self._bounds, number)
        begun = self._begins[self._bounds[place - 1]] if place else self._other
        return self._exact.get(number, begun)


def told(source: Fields, name: str) -> tuple[int | None, str | None]:
    """Number and text of `{number, text}`.

    Raises:
        RecordInvalid: the number is not a whole one.
    """
    status = source.child(name)
    number = quantity(status, "number")
    if number is not None and not isinstance(number, int):
        raise invalid(status.path("number"), "is not a whole number")
    return number, status.text("text")
