"""A planner at a browser: one page, signed in, and everything that the browser complains about."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.console.known import PLANNER

NARROW, WIDE = 360, 1440
HEIGHT = 900


class Visits:
    """Opens addresses of one server. `complaints` holds errors of scripts, of the policy and of missing files."""

    def __init__(self, browser: Browser, home: str, *, scripts: str = "run") -> None:
        self._home = home
        self._context = browser.new_context(java_script_enabled=scripts == "run", reduced_motion="reduce")
        self._context.add_cookies([{"name": "visitor", "value": PLANNER.subject, "url": home}])
        self.page: Page = self._context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def __enter__(self) -> Visits:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._context.close()

    def open(self, address: str, width: int = WIDE) -> Page:
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self.page.goto(f"{self._home}{address}")
        return self.page

    def bring_axe(self) -> None:
        """Puts axe into the page that is open."""
        self.page.evaluate(Axe().axe_script)

    def violations(self, rules: Sequence[str] = ()) -> list[str]:
        """What axe finds on the page as it is shown: the rule, and the places that break it. No rules: all of them."""
        options: dict[str, Any] = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
        found = self.page.evaluate("options => axe.run(document, options).then(each => each.violations)", options)
        return [f"{each['id']}: {[node['target'] for node in each['nodes'][:3]]}" for each in found]

    def overhang(self) -> int:
        """By how many pixels the page is wider than its window."""
        width: int = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return width

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)
