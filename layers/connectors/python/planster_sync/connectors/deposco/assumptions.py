"""What nobody outside of Deposco's portal could confirm, each in one place. The README explains every one of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

DEFAULT_ZONE = "America/New_York"
"""Where times without an offset are placed: the vendor's home; V1 shows offsets of that zone."""

TOKEN_SECONDS = 3600.0
"""How long an access token lasts where the grant does not say."""

SEARCH_PAGE = 100
ORDER_PAGE = 50
STOCK_PAGE = 100
"""The most records on a page: of most V2 lists, of V2 orders, of V1 stock."""

FIRST_STOCK_PAGE = 1
"""V1's `pageNumber` and `pageNo` count from one."""

AFTER = timedelta(seconds=1)
"""`updatedAfter` may leave out its own moment: it is asked for so much earlier."""

OVERLAP = timedelta(minutes=15)
"""Servers' clocks differ, and a change may take long to commit."""

LAG = timedelta(minutes=2)
"""How long a change may take to be found by a search."""

PACK_SIZE = "businessKey.quantity"
"""Where a reference to a pack tells how many eaches it holds."""

SUPPLIER = "consigneePartner"
"""Which partner of a purchase order is its supplier."""

PO_LINES = 100
"""The most lines that one request to create or change a purchase order takes."""

STOCK_ROOTS = frozenset({"inventories", "itemInventories", "inventory"})
"""Names of the XML element around stock records; only these may be empty."""

CURRENCIES: Mapping[str, str] = MappingProxyType({"CAN": "CAD"})
"""The vendor's codes that are no ISO 4217 codes."""
