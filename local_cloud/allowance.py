"""What a simulator's request log says of an account's limit: the busiest window, and how much of it was used."""

from __future__ import annotations

import json
import urllib.request
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from local_cloud.vendors import Vendor


@dataclass(frozen=True, slots=True)
class Arrivals:
    """When the reads of an account arrived (epoch seconds, ascending), how many were refused, and of what lists."""

    moments: Sequence[float]
    refused: int
    lists: frozenset[str]

    def busiest(self, seconds: float) -> int:
        """The most requests in any window of this length, wherever it begins."""
        found = self.moments
        return max((bisect_left(found, at + seconds) - place for place, at in enumerate(found)), default=0)

    def used(self, limit: float, begin: float, end: float) -> float:
        """The share of the limit that was used between two moments."""
        return (bisect_left(self.moments, end) - bisect_left(self.moments, begin)) / (limit * (end - begin))


def arrivals(vendor: Vendor, connection: str) -> Arrivals:
    """What the simulator has counted for one account; it remembers its last 10,000 requests."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{vendor.url}/_sim/requests", timeout=30) as answer:
        last = json.load(answer)["last"]
    mine = [entry for entry in last if entry["connection"] == connection and entry["method"] == "GET"]
    moments = sorted(datetime.fromisoformat(entry["at"]).timestamp() for entry in mine)
    refused = sum(entry["status"] == 429 for entry in mine)
    return Arrivals(moments, refused, frozenset(entry["path"] for entry in mine))
