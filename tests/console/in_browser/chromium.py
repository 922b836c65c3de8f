"""A real Chromium without a window: Debian's own, driven over its protocol, with a profile that nobody has used."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--font-render-hinting=none",
)
NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser; `CHROMIUM` names another than the machine's own."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=_executable(), headless=True, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def _executable() -> str:
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise FileNotFoundError("There is no Chromium. On Debian and Ubuntu: apt-get install chromium")
    return found
