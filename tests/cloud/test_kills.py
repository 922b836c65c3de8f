"""Processes killed around chosen calls, some of what `make kills` does at length: nothing is lost or invented."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local_cloud.kills.points import KILLS, Kill, Victim
from local_cloud.kills.rounds import play
from local_cloud.kills.stage import Stage, stage

pytestmark = pytest.mark.cloud
CHOSEN = {
    ("F2", Victim.SOURCE),
    ("F4", Victim.WORKER),
    ("F5", Victim.WORKER),
    ("F7", Victim.WORKER),
    ("F9", Victim.WORKER),
    ("D2", Victim.DISPATCHER),
}
SOME = [kill for kill in KILLS if (kill.point.name, kill.victim) in CHOSEN]


@pytest.fixture(scope="module")
def set_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("kills")) as made:
        yield made


@pytest.mark.parametrize("kill", SOME, ids=lambda kill: f"{kill.point.name}-{kill.victim}")
def test_killed_process_loses_and_invents_nothing(set_up: Stage, kill: Kill) -> None:
    done = play(set_up, kill, KILLS.index(kill))

    assert done.process > 0
    assert (done.recovered, done.equal) == (True, True), done
