"""No secret and no person's data leaves a vendor's answers for anywhere, whatever happens at any of the vendors."""

from __future__ import annotations

import pytest

from planster_sync.connectors import registry
from tests.contract.test_connectors_over_http import SIMULATED
from tests.security.canaries import Found, tell
from tests.security.planting import FAILURES, REMARK, Planting

ENDS = len(FAILURES)


@pytest.mark.parametrize("connector", registry.names())
def test_canaries_are_found_nowhere(connector: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = tell(monkeypatch, connector)

    assert {place: sorted(each) for place, each in found.secrets.items() if each} == {}
    assert {place: sorted(each) for place, each in found.persons.items() if each} == {}
    assert [place for place, texts in found.texts.items() if not texts and not place.startswith("errors")] == []
    told = found.planting
    assert len(told.secrets[connector]) > 1
    assert min(told.planted[connector], told.broken[connector], told.failures[connector] // ENDS) > 0


def test_every_connector_has_its_story() -> None:
    assert set(SIMULATED) == set(registry.names())


@pytest.mark.parametrize(
    ("text", "secrets", "persons"),
    [
        ("password=sim-password-1", 1, 0),
        ("c2ltLXBhc3N3b3JkLTE", 1, 0),
        (REMARK, 0, 2),
        ("buyer7@example.test", 0, 1),
        ("nothing of either", 0, 0),
    ],
)
def test_what_would_leak_is_seen(text: str, secrets: int, persons: int) -> None:
    planting = Planting()
    planting.know("any", "sim-password-1")

    found = Found({"log": [text]}, planting)

    assert (len(found.secrets["log"]), len(found.persons["log"]) >= persons) == (secrets, True)
    assert bool(found.persons["log"]) == bool(persons)
