"""Locations with their bins, suppliers and carriers."""

from __future__ import annotations

from collections.abc import Iterator

from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.business.words import address as place_of
from simulators.cin7_core.goods import supplier_currency
from simulators.cin7_core.names import address, bin_guid, guid, stamp, warehouse_name


def locations(business: Business) -> Iterator[Record]:
    """Every warehouse with its bins inside, then the bins once more as rows of their own. One has been retired."""
    bins: dict[str, list[Record]] = {}
    for held in business.records("locations"):
        bins.setdefault(held["warehouse_id"], []).append(held)
    for warehouse in business.records("warehouses"):
        own = bins.get(warehouse["id"], [])
        named = {**warehouse, "name": warehouse_name(business, warehouse["id"])}
        yield _location(named, [_bin(each) for each in own])
        yield from (_child(each, named) for each in own)
    yield {**_location({"id": "closed", "name": "Closed annex", "address": None}, None), "IsDeprecated": True}


def _location(warehouse: Record, bins: list[Record] | None) -> Record:
    told = warehouse["address"] or {}
    return {
        "ID": guid("warehouse", warehouse["id"]),
        "Name": warehouse["name"],
        "IsDefault": warehouse["id"] == "wh-1",
        "IsDeprecated": False,
        "Bins": bins,
        "FixedAssetsLocation": False,
        "ParentID": None,
        "ParentName": None,
        "ReferenceCount": 0,
        "AddressLine1": told.get("address1") or "",
        "AddressLine2": "",
        "AddressCitySuburb": told.get("city") or "",
        "AddressStateProvince": told.get("state") or "",
        "AddressZipPostCode": told.get("postal_code") or "",
        "AddressCountry": told.get("country") or "",
        "PickZones": None,
        "IsShopfloor": False,
        "IsCoMan": False,
        "IsStaging": False,
    }


def _bin(held: Record) -> Record:
    """Here ids are in capitals, in the rows of the bins themselves they are not."""
    return {
        "ID": bin_guid(held["warehouse_id"], held["id"]).upper(),
        "Name": held["name"] or held["id"],
        "IsDeprecated": False,
        "IsStaging": held["number"] % 9 == 8,
    }


def _child(held: Record, warehouse: Record) -> Record:
    bare = _location({**warehouse, "address": None}, None)
    parent = {"ParentID": bare["ID"], "ParentName": warehouse["name"]}
    return {**bare, "ID": bin_guid(held["warehouse_id"], held["id"]), "Name": f"*{held['number']:06d}*", **parent}


def suppliers(business: Business) -> Iterator[Record]:
    for held in business.records("suppliers"):
        place = address(place_of(held["number"]))
        other = address(place_of(held["number"] + 1))
        yield {
            "ID": guid("supplier", held["id"]),
            "Name": held["name"],
            "Currency": supplier_currency(business, held["id"]),
            "PaymentTerm": "30 days",
            "TaxRule": "Tax Exempt",
            "Discount": 0,
            "Comments": None,
            "AccountPayable": "800",
            "TaxNumber": None,
            "Status": "Deprecated" if held["number"] % 6 == 5 else "Active",
            "LastModifiedOn": stamp(held["updated_at"]),
            "Addresses": [
                {**_plain(other), "Type": "Billing", "DefaultForType": True},
                {**_plain(place), "Type": "Business", "DefaultForType": True},
            ],
            "Contacts": [{"Name": "Ana Invented", "Email": "ana.invented@example.test", "Default": True}],
        }


def _plain(place: Record) -> Record:
    return {name: value for name, value in place.items() if not name.startswith("Display")}


def carriers(business: Business) -> Iterator[Record]:
    for held in business.records("shipping_methods"):
        yield {
            "CarrierID": guid("carrier", held["id"]),
            "Description": carrier_name(held["name"], held["carrier_name"]),
        }


def carrier_name(method: str, carrier: str | None) -> str:
    """Carriers and their services are one word here."""
    return f"{carrier} {method}" if carrier else method
