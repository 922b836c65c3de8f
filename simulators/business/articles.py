"""Items and products joined to articles, for vendors whose catalogue and stock are one list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simulators.business.business import Business
from simulators.business.spec import Record


@dataclass(frozen=True, slots=True)
class Article:
    """Item `number` and the plain product with the same number. At least one of the two lives."""

    number: int
    item: Record | None
    product: Record | None

    @property
    def sku(self) -> str | None:
        """The SKU of both; about one article in two hundred has none."""
        told: str | None = (self.item or self.product or {}).get("sku")
        return told

    @property
    def code(self) -> str:
        """The SKU, or `NOSKU-<number>` for vendors that take no article without one."""
        return self.sku or f"NOSKU-{self.number}"

    @property
    def name(self) -> str:
        told: str = (self.product or self.item or {})["name"]
        return told

    @property
    def stock(self) -> dict[str, Record]:
        """Quantities per warehouse id; empty where no item lives."""
        return {} if self.item is None else self.item["inventory_by_warehouse_id"]


def articles(business: Business) -> Iterator[Article]:
    """Every live item and every live plain product, joined by number, in order of number."""
    items = {record["number"]: record for record in business.records("inventory")}
    products = {record["number"]: record for record in business.records("products") if not record["is_kit"]}
    for number in sorted(items.keys() | products.keys()):
        yield Article(number, items.get(number), products.get(number))


def kits(business: Business) -> Iterator[Record]:
    """Every live kit: a product whose `inventory_items` name the items and pieces that it is made of."""
    return (record for record in business.records("products") if record["is_kit"])
