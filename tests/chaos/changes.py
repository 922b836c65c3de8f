"""How the source changes: between the nights, and while somebody reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.chaos import floors
from tests.chaos.hub import Process
from tests.chaos.source import Shelf
from tests.chaos.vendor import Served, Tenant

if TYPE_CHECKING:
    from tests.chaos.world import World


@dataclass(frozen=True, slots=True)
class Changes:
    world: World

    def after_page(self, served: Served) -> None:
        self.world.history.served(served)
        if served.versions and served.is_list and self.world.vendor.happens("mutation_after_page"):
            self.world.mutations += 1
            self.world.author.write(served.shelf, self.world.script.choice(served.versions)[0], self.world.hub.now)

    def between_pages(self, shelf: Shelf, id_: str) -> None:
        """A record that is about to be shown a second time has changed since the first, or has not."""
        if self.world.vendor.random.random() < 0.5:
            self.world.mutations += 1
            self.world.author.write(shelf, id_, self.world.hub.now)

    def take_back(self, process: Process, point: str) -> None:
        """What a dead worker may just have written is taken back at the source: it is as it was, or gone again."""
        pages = self.world.history.by_process.get(process, [])
        if point not in ("F3", "F4", "F5") or not pages or not self.world.perils.happens("taken_back"):
            return
        page = pages[-1]
        for id_, _ in page.versions if page.shelf.read != "orders" else ():
            versions = page.shelf.versions[id_]
            before = [version for version in versions[:-1] if version.raw is not None]
            if versions[-1].raw is not None and before:
                self.world.author.repeat(page.shelf, id_, self.world.hub.now, before[-1])
            elif len(versions) == 1:
                self.world.author.delete(page.shelf, id_, self.world.hub.now)

    def during_page(self, tenant: Tenant, shelf: Shelf) -> None:
        if self.world.vendor.calm:
            return
        if self.world.vendor.happens("mutation_during_read"):
            self.mutate(shelf)
        if shelf.read == "orders" and self.world.perils.happens("floor_moved_during_read"):
            floors.move(self.world, tenant.name)

    def mutate(self, shelf: Shelf) -> None:
        """One change: most often of a record, else a new one, a deletion, a return, or one that makes no sense."""
        if self.world.vendor.calm:
            return
        self.world.mutations += 1
        now, random = self.world.hub.now, self.world.script
        live = [id_ for id_, _ in shelf.list(now, None)]
        gone = sorted(set(shelf.versions) - set(live))
        late = random.choice((20.0, 200.0, 1500.0, 2700.0)) if self.world.perils.happens("late_commit") else 0.0
        what = random.random()
        if what < 0.2 or not live:
            self.world.author.write(shelf, f"r{random.randrange(60):02d}x{len(shelf.versions)}", now, late=late)
        elif what < 0.35:
            self.world.author.delete(shelf, random.choice(live), now)
        elif what < 0.45 and gone:
            self._revive(shelf, random.choice(gone), now)
        elif what < 0.55 and self.world.perils.happens("poison"):
            self.world.author.spoil(shelf, random.choice(live), now)
        elif what < 0.65 and shelf.read != "orders" and self.world.perils.happens("return_to_old_value"):
            id_ = random.choice(live)
            older = [version for version in shelf.versions[id_] if version.raw is not None]
            self.world.author.repeat(shelf, id_, now, random.choice(older))
        else:
            self._change(shelf, random.choice(live), now, late)

    def _change(self, shelf: Shelf, id_: str, now: float, late: float) -> None:
        self.world.author.write(shelf, id_, now, late=late)
        if self.world.perils.happens("same_stamp"):
            for other in self.world.script.sample(sorted(shelf.live(now)), min(3, len(shelf.live(now)))):
                self.world.author.write(shelf, other, now)

    def _revive(self, shelf: Shelf, id_: str, now: float) -> None:
        last = [version for version in shelf.versions[id_] if version.raw is not None]
        if last and shelf.read != "orders" and self.world.perils.happens("revival"):
            self.world.author.repeat(shelf, id_, now, last[-1])
        else:
            self.world.author.write(shelf, id_, now)
