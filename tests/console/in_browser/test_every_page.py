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
    "not found": "/console/nowhere",
}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


NOT_THERE = "Failed to load resource: the server responded with a status of 404 (Not Found)"


@pytest.mark.parametrize("name", PAGES)
def test_axe_and_the_browser_have_nothing_to_say_in_light_and_dark_narrow_and_wide(
    unchanged: Visits, name: str
) -> None:
    unchanged.complaints.clear()
    page = unchanged.open(PAGES[name])
    unchanged.bring_axe()
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")

    violations, overhangs = {}, {}
    for width in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        overhangs[width] = unchanged.overhang()
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            violations[width, scheme] = unchanged.violations()

    assert violations == {(width, scheme): [] for width in (NARROW, WIDE) for scheme in SCHEMES}
    assert max(overhangs.values()) <= 0
    assert unchanged.complaints == ([NOT_THERE] if name == "not found" else [])
