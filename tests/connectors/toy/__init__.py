"""A second, invented vendor: proof that the connector seam is not the first vendor's shape.

Numbered pages, nested and shared children, local times, no filter for changes, an order that differs from pass to
pass. `ToyWarehouse` is its database, which tests change at will; `ToyConnector` reads it.
"""

from __future__ import annotations

from tests.connectors.toy.capabilities import TOY_CAPABILITIES, ToyCredentials, ToySettings
from tests.connectors.toy.connector import ToyConnector
from tests.connectors.toy.mapper import ToyMapper
from tests.connectors.toy.warehouse import ToyWarehouse

__all__ = ["TOY_CAPABILITIES", "ToyConnector", "ToyCredentials", "ToyMapper", "ToySettings", "ToyWarehouse"]
