"""The scripted source, with shipments that keep their id when they move from one order to another."""

from __future__ import annotations

from dataclasses import dataclass, replace

from msgspec import structs

from planster_sync.model.shipments import OrderShipment
from planster_sync.ports.source import Mapped
from tests.fakes.scripted_source import ScriptedSource


@dataclass
class MovableSource(ScriptedSource):
    """A shipment whose name begins with "=" has the rest of it as its id, whichever order it is in."""

    def map(self, read: str, raw: bytes) -> Mapped:
        mapped = super().map(read, raw)
        shipments = [record for record in mapped.owned[1:] if isinstance(record, OrderShipment)]
        moved = tuple(
            structs.replace(shipment, id=shipment.id.partition("/=")[2] or shipment.id) for shipment in shipments
        )
        return replace(mapped, owned=(*mapped.owned[:1], *moved))
