"""Records that take several requests: stock with its split, receiving orders with boxes, invoices with charges.

What is fetched besides a page is asked for by the page's ids. Where there must be something, an answer that shows
nothing of a whole page is not believed: stock lies in centres, announced goods in boxes, centres are locations.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from planster_sync.connectors.shipbob.joins import items_of, joined, listed, united, variants, with_members
from planster_sync.connectors.shipbob.lists import Listing, Lists, Paging, numbers
from planster_sync.errors import AnswerBroken, NotFound
from planster_sync.ports.source import SourceRecord

Records = Sequence[SourceRecord]

PRODUCTS = Listing("product", Paging.LINKED, "PageSize", sorting=(("SortBy", "Id"), ("SortOrder", "ASC")))
_ITEMS = Listing("inventory", Paging.LINKED, "PageSize", "inventory_id")
_CENTRES = Listing("inventory-level/locations", Paging.LINKED, "PageSize", "inventory_id")
_LOTS = Listing("inventory-level/lots", Paging.LINKED, "PageSize", "inventory_id")
_OF_ITEM = ("variant", "dimensions", "weight")
_ENDED = ("Completed", "Incomplete", "Cancelled")
_LARGEST = 1000
"""The largest page of transactions; other lists are held to the account's page size, which is smaller."""


class _Brief(msgspec.Struct):
    """As much of a record as says what else to ask for, and whether there must be an answer."""

    status: object = None
    is_lot: object = None
    total_on_hand_quantity: object = None
    inventory_quantities: object = None


_BRIEF = msgspec.json.Decoder(_Brief)


@dataclass(frozen=True, slots=True)
class Compounds:
    """Puts an account's records together. `known_items` are stock items of variants that were looked up."""

    lists: Lists
    known_items: dict[str, str | None] = field(default_factory=dict)

    def stock(self, levels: Records, deadline: datetime | None) -> Records:
        """Totals with the item's own record, its split over centres and, for items with lots, its lots."""
        ids = numbers(each.id for each in levels)
        items = self._of(_ITEMS, ids, deadline)
        with_lots = numbers(each.id for each in items if _brief(each.raw).is_lot is True)
        centres = self._of(_CENTRES, ids, deadline)
        lots = self._of(_LOTS, with_lots, deadline)
        stocked = {each.id for each in levels if _brief(each.raw).total_on_hand_quantity}
        _believe(items, ids, "items")
        _believe(centres, stocked, "split over centres")
        return joined(joined(joined(levels, items, _OF_ITEM), centres, ("locations",)), lots, ("lots",))

    def products(self, products: Records, deadline: datetime | None) -> Records:
        """The products' variants, bundles with their components' stock items."""

        def find(ids: Sequence[str]) -> Mapping[str, str | None]:
            for each in numbers(ids):
                if each not in self.known_items:
                    self.known_items[each] = items_of(_variants(self.containing(each, deadline))).get(each)
            return {each: self.known_items.get(each) for each in ids}

        return variants([each.raw for each in products], find)

    def containing(self, variant_id: str, deadline: datetime | None = None) -> Records:
        """The product that contains this variant; nothing where there is none.

        Raises:
            AnswerBroken: the answer holds products, but not this one.
        """
        found = self.lists.all(PRODUCTS, (("VariantId", variant_id),), _LARGEST, deadline)
        if found and variant_id not in {each.id for each in _variants(found)}:
            raise AnswerBroken("The source answered with records that were not asked for.", detail="VariantId")
        return found

    def boxes(self, orders: Records, deadline: datetime | None) -> Records:
        """Receiving orders with their boxes; cancelled ones have none to come."""
        told = {each.id: _brief(each.raw) for each in orders}
        found = {id_: self._boxes(id_, deadline) for id_ in numbers(told) if told[id_].status != "Cancelled"}
        coming = [id_ for id_, boxes in found.items() if _is_coming(told[id_]) and boxes is not None]
        _believe([id_ for id_ in coming if found[id_]], coming, "boxes")
        return [_with(each, "boxes", found.get(each.id or "")) for each in orders]

    def charges(self, invoices: Records, deadline: datetime | None) -> Records:
        """Invoices with their transactions."""
        found = {id_: self._charges(id_, deadline) for id_ in numbers(each.id for each in invoices)}
        return [_with(each, "transactions", found.get(each.id or "")) for each in invoices]

    def centres(self, deadline: datetime | None) -> Records:
        """Every location, inactive ones too, and every fulfilment centre and hub, as one list."""
        asked = (("IncludeInactive", "true"), ("AccessGranted", "true"))
        locations = self.lists.bare("location", asked, deadline)
        inbound = self.lists.bare("fulfillment-center", (), deadline)
        _believe(locations, inbound, "locations")
        return united(locations, inbound)

    def _of(self, listing: Listing, ids: Sequence[str], deadline: datetime | None) -> Records:
        """The rows of these items in another list.

        Raises:
            AnswerBroken: it holds what was not asked for.
        """
        if not ids:
            return ()
        found = self.lists.all(listing, (("InventoryIds", ",".join(ids)),), len(ids), deadline)
        if not {each.id for each in found} <= {*ids}:
            raise AnswerBroken("The source answered with records that were not asked for.", detail=listing.path)
        return found

    def _boxes(self, order: str, deadline: datetime | None) -> list[bytes] | None:
        """An order's boxes; None where the order has gone since it was listed."""
        try:
            return [each.raw for each in self.lists.bare(f"receiving/{order}/boxes", (), deadline, identity="box_id")]
        except NotFound:
            return None

    def _charges(self, invoice: str, deadline: datetime | None) -> list[bytes] | None:
        listing = Listing(f"invoices/{invoice}/transactions", Paging.CURSOR, "PageSize", "transaction_id")
        try:
            return [each.raw for each in self.lists.all(listing, (), _LARGEST, deadline)]
        except NotFound:
            return None


def _variants(products: Records) -> Records:
    return variants([each.raw for each in products], lambda _: {})


def _with(record: SourceRecord, name: str, pieces: list[bytes] | None) -> SourceRecord:
    return record if pieces is None else SourceRecord(record.id, with_members(record.raw, {name: listed(pieces)}))


def _brief(raw: bytes) -> _Brief:
    try:
        return _BRIEF.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _Brief()


def _is_coming(order: _Brief) -> bool:
    """Whether goods are announced that may still come: those lie in boxes."""
    return bool(order.inventory_quantities) and order.status not in _ENDED


def _believe(found: Collection[object], needed: Collection[object], what: str) -> None:
    if needed and not found:
        raise AnswerBroken("The source's answers contradict each other.", detail=f"no {what} for {len(needed)} records")
