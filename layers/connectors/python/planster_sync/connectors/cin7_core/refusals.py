"""What Cin7 Core says against a purchase, in words that a planner understands.

The vendor's own sentences name no codes apart from the status, and quote what was sent; known patterns are told in
ours, and nothing of theirs is passed on.
"""

from __future__ import annotations

import re

from planster_sync.connectors.cin7_core.calls import Refusal
from planster_sync.errors import WriteRefused

_SENTENCES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), sentence)
    for pattern, sentence in (
        (r"supplier", "Cin7 Core has no such supplier, or it is deprecated."),
        (r"location", "Cin7 Core has no such location, or it is deprecated."),
        (r"doesn't match|does not match|expected value", "Cin7 Core computes another total for a line."),
        (r"duplicat|more than once|already (exists|added)", "A product stands on two lines of the purchase."),
        (r"quantity", "Cin7 Core takes whole or partial quantities of 1 and more only."),
        (r"tax\s?rule", "The supplier has no tax rule that Cin7 Core could apply to the lines."),
        (r"currency", "Cin7 Core has no exchange rate for the supplier's currency."),
        (r"product|sku", "Cin7 Core has no such product, or it cannot be bought."),
        (r"status|authori[sz]ed|void", "The purchase order is no longer a draft in Cin7 Core."),
        (r"date|requiredby", "Cin7 Core does not accept the date."),
    )
)
"""The first pattern that fits counts (assumption: the vendor lists no messages; these were seen by customers)."""

_OTHER = "Cin7 Core refused the purchase and gave a reason that Planster does not know."


def refused(refusal: Refusal) -> WriteRefused:
    sentence = next((said for pattern, said in _SENTENCES if pattern.search(refusal.text)), _OTHER)
    return WriteRefused(sentence, detail=f"ErrorCode {refusal.code}")
