"""Warehouses, their locations, and the ways in which goods leave them."""

from __future__ import annotations

from collections.abc import Iterator

from simulators.business.business import Business
from simulators.business.spec import Record
from simulators.ongoing.spelling import place


def warehouses(business: Business) -> Iterator[Record]:
    for house in business.records("warehouses"):
        address = {"name": house["name"], **place(house["address"])}
        yield {"id": house["number"] + 1, "code": house["code"] or "", "name": house["name"], "address": address}


def locations(business: Business) -> Iterator[Record]:
    """Each place, with the warehouse, zone and aisle in which it is shown."""
    for location in business.records("locations"):
        number, name = location["number"], location["id"]
        yield {
            "id": 900 + number,
            "name": name,
            "barcode": "" if number % 7 == 0 else name,
            "position": None,
            "locationTypeId": None if location["type"] is None else 1 + number % 3,
            "pickingPriority": number % 10,
            "isPickingLocation": number % 3 != 0,
            "isLocked": number % 11 == 4,
            "isLockedForSale": number % 11 in {4, 5},
            "_zone": name[:1],
            "_aisle": name[:3],
            "warehouseId": business.number("warehouses", location["warehouse_id"]) + 1,
        }


def shipping_methods(business: Business) -> Iterator[Record]:
    """Ways of delivery (`_list` is way) and each transporter's services (`_list` is transporter)."""
    for method in business.records("shipping_methods"):
        number = method["number"]
        yield {
            "id": number + 1,
            "code": f"WD{number + 1}",
            "name": method["name"],
            "_list": "way",
            "_key": f"way-{number:03d}",
        }
        if method["carrier_id"] is not None:
            code = method["carrier_id"].upper()
            yield {
                "ediCode": "",
                "transporterName": method["carrier_name"],
                "transporterCode": code,
                "transporterServiceCode": f"{code}1",
                "transporterServiceName": method["name"],
                "_list": "transporter",
                "_key": f"tr-{number:03d}",
            }


def zones(places: list[Record]) -> list[Record]:
    """A warehouse's places inside aisles inside zones."""
    found: dict[str, dict[str, list[Record]]] = {}
    for each in places:
        found.setdefault(each["_zone"], {}).setdefault(each["_aisle"], []).append(
            {name: value for name, value in each.items() if name != "warehouseId" and not name.startswith("_")}
        )
    return [
        {
            "id": zone_id,
            "name": zone,
            "position": None,
            "aisles": [
                {"id": zone_id * 100 + at, "name": aisle, "position": None, "locations": inside}
                for at, (aisle, inside) in enumerate(aisles.items())
            ],
        }
        for zone_id, (zone, aisles) in enumerate(found.items(), start=1)
    ]


def contracts(services: list[Record]) -> list[Record]:
    """Each transporter with its services."""
    found: dict[str, Record] = {}
    for each in services:
        contract = found.setdefault(
            each["transporterCode"],
            {
                "ediCode": each["ediCode"],
                "transporterName": each["transporterName"],
                "transporterCode": each["transporterCode"],
                "transporterServiceCode": "",
                "transporterServices": [],
            },
        )
        names = ("transporterServiceName", "transporterServiceCode")
        contract["transporterServices"].append({name: each[name] for name in names})
    return list(found.values())
