"""The console's door: who is let in, which forms are taken, and what every answer carries."""

from __future__ import annotations

from datetime import datetime

from planster_sync.entry.api.quotas import Quotas
from tests.console.known import READER, STRANGER
from tests.console.visit import Console
from tests.engine.world import World
from tests.integration.api.caller import shop_of


def test_nobody_is_shown_to_the_login_and_comes_back_to_the_page() -> None:
    seen = Console(shop_of(World()), None).get("/console")

    assert seen.status == 303
    assert seen.headers["location"] == "/console/login?next=%2Fconsole"


def test_every_answer_forbids_foreign_content_even_an_error() -> None:
    console = Console(shop_of(World()))

    answers = [console.get("/console"), console.get("/console/nowhere"), console.get("/console/static/nothing.css")]

    assert [seen.status for seen in answers] == [200, 404, 404]
    for seen in answers:
        assert seen.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
        assert seen.headers["cache-control"] == "no-store"
        assert seen.headers["x-content-type-options"] == "nosniff"


def test_an_error_is_a_page_that_says_what_to_do() -> None:
    seen = Console(shop_of(World())).get("/console/nowhere")

    assert seen.headers["content-type"] == "text/html; charset=utf-8"
    assert "There is no such page." in seen.text
    assert "not_found" in seen.text


def test_style_and_script_are_kept_for_good_under_a_name_of_their_content() -> None:
    console = Console(shop_of(World()), None)
    page = Console(shop_of(World()), READER).get("/console").text
    name = page.split('rel="stylesheet" href="')[1].split('"')[0]

    seen = console.get(name)

    assert seen.status == 200
    assert seen.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert ":root" in seen.text


def test_an_organisation_that_asks_without_end_is_asked_to_wait() -> None:
    world = World()
    console = Console(shop_of(world, quotas=Quotas(_Full(), world.clock, 30)))

    statuses = [console.get("/console/live").status for _ in range(50)]

    assert statuses[:20] == [200] * 20
    assert statuses[-1] == 429
    assert Console(shop_of(world, quotas=Quotas(_Full(), world.clock, 30)), STRANGER).get("/console").status == 200


class _Full:
    """Nobody gets more than what is not counted."""

    def take(self, organisation: str, minute: datetime, count: int, most: int) -> bool:
        return False
