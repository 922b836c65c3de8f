"""Every page in a real browser: nothing that axe objects to, nothing that hangs over, nothing that the policy stops."""

from __future__ import annotations

from typing import Literal

import pytest

from tests.console.in_browser.visits import HEIGHT, NARROW, WIDE, Visits

EAST, ROTTERDAM = "/console/integrations/east", "/console/integrations/rotterdam"
PAGES = {
    "grid": "/console",
    "connectors": "/console/connectors",
    "disconnections": "/console/disconnections",
    "held back": EAST,
    "syncing": ROTTERDAM,
    "first load": "/console/integrations/overflow",
    "failing": "/console/integrations/nordics",
    "refused": "/console/integrations/depot",
    "choice of a sync": f"{EAST}/sync",
    "what a sync takes": f"{EAST}/sync?mode=snapshot&data_types=orders",
    "runs": f"{ROTTERDAM}/runs",
    "no runs": f"{ROTTERDAM}/runs?state=cancelled",
    "a run": f"{ROTTERDAM}/runs/20260312T083648Z",
    "held deletions": f"{EAST}/held",
    "settings": f"{EAST}/settings?notice=saved",
    "disconnect": f"{EAST}/disconnect",
    "records": f"{ROTTERDAM}/records",
    "no records": f"{ROTTERDAM}/records?data_type=bills",
    "refused filter": f"{ROTTERDAM}/records?data_type=orders&status=nonsense",
    "a corrected record": f"{ROTTERDAM}/records/inventory_levels/acc%2Fpan-28",
    "an order": f"{ROTTERDAM}/records/orders/o-70101",
    "a large file": f"{ROTTERDAM}/exports/inventory_levels?format=csv",
    "verify": f"{ROTTERDAM}/verify",
    "check": f"{ROTTERDAM}/check",
    "set aside": f"{EAST}/aside",
    "nothing set aside": f"{ROTTERDAM}/aside",
    "corrections": f"{ROTTERDAM}/corrections",
    "which to correct": f"{ROTTERDAM}/corrections/new?sku=NOPE",
    "correct": f"{ROTTERDAM}/corrections/new?sku=MUG-SAND",
    "many corrections": f"{ROTTERDAM}/corrections/bulk",
    "new shipment": f"{ROTTERDAM}/shipments/new",
    "change of a shipment": f"{ROTTERDAM}/shipments/change/po-881",
    "which to connect": "/console/connect",
    "connect by credentials": "/console/connect/deposco",
    "connect by a consent": "/console/connect/shipbob",
    "connect by a link": "/console/connect/trackstar?way=link",
    "reconnect": "/console/integrations/depot/reconnect",
    "consent that is none": "/console/connect/return?state=none&code=none",
    "signed out": "/console/signed-out",
    "not found": "/console/nowhere",
}
CSV = "sku,warehouse_id,on_hand\nMUG-BLUE,wh-1,90\nNOPE,wh-1,1\n"
SCHEMES: dict[Literal["light", "dark"], tuple[str, ...]] = {
    "light": (),
    "dark": ("color-contrast", "link-in-text-block"),
}
"""All of axe's rules in the light; in the dark those again that look at colours. The others would say the same."""


ANSWERS = {
    "verified": (f"{ROTTERDAM}/verify?sku=MUG-BLUE", {}, "Verify now"),
    "verified sample": (f"{ROTTERDAM}/verify", {}, "Verify now"),
    "not verified": (f"{ROTTERDAM}/verify?sku=NOPE", {}, "Verify now"),
    "checked": (f"{ROTTERDAM}/check", {}, "Check now"),
    "not corrected": (f"{ROTTERDAM}/corrections/new?sku=MUG-SAND", {"On hand": "many", "Why": "counted"}, "Correct it"),
    "tried": (f"{ROTTERDAM}/corrections/bulk", {"CSV": CSV, "Why": "yearly count"}, "Try it"),
    "not tried": (
        f"{ROTTERDAM}/shipments/new",
        {"Reference": "PO-1", "Quantity, line 1": "x"},
        "Try it without sending",
    ),
    "connected": ("/console/connect/shiphero", {"Name": "New hall", "Refresh token": "r"}, "Connect"),
    "refused": ("/console/connect/shiphero", {"Name": "refused hall", "Refresh token": "r"}, "Connect"),
    "not connected": ("/console/connect/extensiv", {"Name": "Hall 3", "Time zone": "Mars"}, "Connect"),
    "consent": ("/console/connect/shipbob", {"Name": "Network"}, "Go on"),
    "link": ("/console/connect/trackstar?way=link", {"Name": "Linked"}, "Go on"),
    "file": (f"{ROTTERDAM}/exports/inventory_levels?format=csv", {}, "Have it written"),
    "not reconnected": ("/console/integrations/depot/reconnect", {}, "Reconnect"),
}
"""Pages that a form answers with: where it is, what is typed, and what is pressed."""

_SAID = "Failed to load resource: the server responded with a status of {}"
TOLD = (_SAID.format("404 (Not Found)"), _SAID.format("422 (Unprocessable Entity)"))
"""That the page itself tells of a refusal is no complaint."""


@pytest.mark.parametrize("name", PAGES)
def test_axe_and_the_browser_have_nothing_to_say_in_light_and_dark_narrow_and_wide(
    unchanged: Visits, name: str
) -> None:
    unchanged.complaints.clear()
    unchanged.open(PAGES[name])

    violations, overhang = look(unchanged)

    assert violations == {(width, scheme): [] for width in (NARROW, WIDE) for scheme in SCHEMES}
    assert overhang <= 0
    assert [each for each in unchanged.complaints if each not in TOLD] == []


@pytest.mark.parametrize("name", ANSWERS)
def test_neither_have_they_of_a_page_that_a_form_answers_with(unchanged: Visits, name: str) -> None:
    address, typed, pressed = ANSWERS[name]
    unchanged.complaints.clear()
    page = unchanged.open(address)
    for label, text in typed.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name=pressed).click()
    page.wait_for_load_state("networkidle")

    violations, overhang = look(unchanged)

    assert violations == {(width, scheme): [] for width in (NARROW, WIDE) for scheme in SCHEMES}
    assert overhang <= 0
    assert [each for each in unchanged.complaints if each not in TOLD] == []


def look(visits: Visits) -> tuple[dict[tuple[int, str], list[str]], int]:
    """What axe objects to, by width and scheme, with everything unfolded; and by how much anything hangs over."""
    page = visits.page
    visits.bring_axe()
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    violations: dict[tuple[int, str], list[str]] = {}
    overhangs = []
    for width in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        overhangs.append(visits.overhang())
        for scheme, rules in SCHEMES.items():
            page.emulate_media(color_scheme=scheme)
            violations[width, scheme] = visits.violations(rules)
    return violations, max(overhangs)
