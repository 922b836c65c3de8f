"""What a purchase names, looked up before it is sent: the vendor names the missing only after the header was made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from planster_sync.connectors.cin7_core.listing import Listing, Lists
from planster_sync.errors import AnswerBroken, WriteRefused
from planster_sync.ports.source import SourceRecord
from planster_sync.ports.writing import DraftLine, InboundShipmentDraft

_PRODUCTS = Listing("/product", "Products")
_SUPPLIERS = Listing("/supplier", "SupplierList")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The products, suppliers and locations of one account."""

    lists: Lists
    locations: Callable[[], list[SourceRecord]]

    def product(self, line: DraftLine) -> dict[str, Any]:
        """The product that a line means, by its id or by exactly its SKU: the vendor's filter takes beginnings too.

        Raises:
            WriteRefused: there is none.
        """
        name, wanted, field = (
            ("ID", line.inventory_item_id, "ID") if line.inventory_item_id else ("Sku", line.sku, "SKU")
        )
        for row in self._rows(_PRODUCTS, name, wanted or ""):
            if str(row.get(field)).lower() == (wanted or "").lower() and row.get("Type") != "Service":
                return row
        raise WriteRefused(f"Cin7 Core has no product {wanted}, or it is deprecated.")

    def require_currency(self, draft: InboundShipmentDraft) -> None:
        """A purchase is in its supplier's currency.

        Raises:
            WriteRefused: there is no such supplier, or prices are in another currency.
        """
        rows = self._rows(_SUPPLIERS, "ID", draft.supplier_id or "")
        supplier = next((row for row in rows if str(row.get("ID")).lower() == (draft.supplier_id or "").lower()), None)
        if supplier is None:
            raise WriteRefused("Cin7 Core has no such supplier, or it is deprecated.")
        billed, named = supplier.get("Currency"), {line.unit_cost.currency for line in draft.lines if line.unit_cost}
        if billed and named - {billed, None}:
            raise WriteRefused(f"The supplier bills in {billed}; the shipment's prices are in another currency.")

    def location_name(self, warehouse_id: str) -> str:
        """Purchases name their location in words.

        Raises:
            WriteRefused: there is no such warehouse.
        """
        for record in self.locations():
            if record.id == warehouse_id.lower():
                return str(_decoded(record).get("Name"))
        raise WriteRefused("Cin7 Core has no such location, or it is deprecated.")

    def _rows(self, listing: Listing, name: str, wanted: str) -> list[dict[str, Any]]:
        return [_decoded(each) for each in self.lists.whole(listing, ((name, wanted),), None, lambda row: row.id)]


def _decoded(record: SourceRecord) -> dict[str, Any]:
    try:
        return msgspec.json.decode(record.raw, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise AnswerBroken("The source's answer cannot be read.", detail=f"{record.id}") from None
