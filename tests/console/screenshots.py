"""Takes the pictures of the documents: `python -m tests.console.screenshots [folder]`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, NamedTuple

from playwright.sync_api import Browser

from planster_sync.connectors import registry
from planster_sync.entry.console.app import build_console
from tests.architecture.repository import ROOT
from tests.console.in_browser.chromium import chromium
from tests.console.in_browser.serving import serving
from tests.console.known import PLANNER, KnownVisitors
from tests.console.morning import morning


class Picture(NamedTuple):
    name: str
    path: str
    width: int = 1440
    height: int = 900
    scheme: Literal["light", "dark"] = "light"
    whole: bool = False
    press: str = ""
    """A button that is pressed first, by its name."""
    typed: tuple[tuple[str, str], ...] = ()
    """What is typed before that, by the fields' labels."""


PICTURES = (
    Picture("console-grid", "/console"),
    Picture("console-grid-dark", "/console", scheme="dark"),
    Picture("console-grid-phone", "/console", 390, 844),
    Picture("console-integration", "/console/integrations/rotterdam"),
    Picture("console-records", "/console/integrations/rotterdam/records"),
    Picture("console-verify", "/console/integrations/rotterdam/verify?sku=MUG-BLUE", press="Verify now"),
    Picture("console-corrections", "/console/integrations/rotterdam/corrections/new?sku=MUG-SAND"),
    Picture("console-held", "/console/integrations/east/held", 1100, 760),
    Picture("console-connect", "/console/connect/extensiv", 1100, 900),
    Picture(
        "console-connected",
        "/console/connect/shiphero",
        1100,
        900,
        press="Connect",
        typed=(("Name", "Venlo hall 2"), ("Refresh token", "made-up")),
    ),
)


def take(browser: Browser, home: str, picture: Picture, folder: Path) -> None:
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme=picture.scheme,
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": "visitor", "value": PLANNER.subject, "url": home}])
    page = context.new_page()
    page.goto(f"{home}{picture.path}", wait_until="networkidle")
    for label, text in picture.typed:
        page.get_by_label(label, exact=True).fill(text)
    if picture.press:
        page.get_by_role("button", name=picture.press).first.click()
        page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / f"{picture.name}.png", full_page=picture.whole)
    context.close()


def console_handler() -> Callable[[dict[str, Any]], dict[str, Any]]:
    _, shop = morning()
    keys = iter(range(1_000_000))
    app = build_console(shop, KnownVisitors(), registry.names(), lambda: f"key-{next(keys)}")
    return lambda event: app.resolve(event, None)


def main(folder: Path, pictures: tuple[Picture, ...] = PICTURES) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with serving(console_handler()) as home, chromium() as browser:
        for picture in pictures:
            take(browser, home, picture, folder)
            print(f"{picture.name}.png: {(folder / f'{picture.name}.png').stat().st_size // 1000} KB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")
