"""The toy vendor's database and its only endpoint: a numbered page of a list."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from planster_sync.errors import SyncError


class ToyWarehouse:
    """Change `articles` and `jobs` (number -> row) at will; the next page shows it.

    `failures` are raised by the next requests, in order. `shuffled` gives every pass another order, as the vendor
    does. `claims_only` makes it end without saying so. `requests` are the (list, page) asked for so far.
    """

    def __init__(self, seed: int = 1) -> None:
        self.articles: dict[int, dict[str, Any]] = {}
        self.jobs: dict[int, dict[str, Any]] = {}
        self.failures: list[SyncError] = []
        self.shuffled = True
        self.claims_only = False
        self.requests: list[tuple[str, int]] = []
        self._random = Random(seed)
        self._order: dict[str, list[int]] = {}

    def put_article(self, no: int, *, pieces: int = 1, maker: str | None = "M1", **fields: Any) -> None:
        """Adds or replaces an article with `pieces` in depot D1."""
        self.articles[no] = {
            "no": no,
            "code": f"SKU-{no}",
            "label": f"Article {no}",
            "changed": "2026-02-01 08:30:00",
            "grams": "12.50",
            "stock": [{"depot": "D1", "pieces": pieces}],
            "maker": {"no": maker, "title": f"Maker {maker}"} if maker else None,
            **fields,
        }

    def put_job(self, no: int, *, parcels: tuple[str, ...] = (), **fields: Any) -> None:
        """Adds or replaces an order of one article, with one shipment per parcel number."""
        self.jobs[no] = {
            "no": no,
            "state": "OPEN" if not parcels else "SENT",
            "taken": "2026-02-01 09:00:00",
            "worth": "19.90 EUR",
            "buyer": {"name": "Nobody Example", "mail": "nobody@example.test"},
            "rows": [{"code": "SKU-1", "pieces": 2}],
            "parcels": [{"no": each, "left": "2026-02-02 17:00:00", "trace": f"T-{each}"} for each in parcels],
            **fields,
        }

    def page(self, kind: str, number: int, size: int) -> bytes:
        """Page `number`, from 1, of `articles` or `jobs`."""
        self.requests.append((kind, number))
        if self.failures:
            raise self.failures.pop(0)
        rows = self.articles if kind == "articles" else self.jobs
        if number == 1 or kind not in self._order:
            self._order[kind] = sorted(rows)
            if self.shuffled:
                self._random.shuffle(self._order[kind])
        order = [each for each in self._order[kind] if each in rows]
        order += [each for each in rows if each not in order]
        part = order[(number - 1) * size : number * size]
        last = number * size >= len(order)
        return json.dumps({"rows": [rows[each] for each in part], "last": last and not self.claims_only}).encode()
