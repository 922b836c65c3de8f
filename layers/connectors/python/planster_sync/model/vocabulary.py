"""How a `Word` field is tied to its vocabulary, and the parts that several records share."""

from __future__ import annotations

from enum import StrEnum

from pydantic import AfterValidator, Field

from planster_sync.model.record import Amount, Value, Word


def within(vocabulary: type[StrEnum]) -> AfterValidator:
    """Annotates a `Word` field: its `value` must be one of the vocabulary's words."""
    words = frozenset(str(word) for word in vocabulary)

    def check(word: Word) -> Word:
        if word.value not in words:
            raise ValueError(f"not a word of {vocabulary.__name__}")
        return word

    return AfterValidator(check)


class Place(Value):
    """Where something goes to or comes from, as far as planning needs it: never a street, a town or a person."""

    region: str | None = Field(default=None, description="State, province or region as the source writes it; or null.")
    postal_code: str | None = Field(default=None, description="Postal code as the source writes it; or null.")
    country: str | None = Field(
        default=None, description="Country, ISO 3166 alpha-2 where the source uses it; otherwise its own word; or null."
    )


class Measurements(Value):
    """Size in millimetres and weight in grams, exact; null where the source gives none or a unit nobody knows."""

    length_mm: Amount | None = Field(default=None, description="Length in millimetres; null where unknown.")
    width_mm: Amount | None = Field(default=None, description="Width in millimetres; null where unknown.")
    height_mm: Amount | None = Field(default=None, description="Height in millimetres; null where unknown.")
    weight_g: Amount | None = Field(default=None, description="Weight in grams; null where unknown.")
    length_unit: str | None = Field(default=None, description="The unit in which the source gave the size; or null.")
    weight_unit: str | None = Field(default=None, description="The unit in which the source gave the weight; or null.")
