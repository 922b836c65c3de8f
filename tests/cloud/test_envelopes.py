"""Today's local cloud calls a function as it did when the envelopes of events/ were captured."""

from __future__ import annotations

import pytest

from local_cloud.deployment import Deployment
from tests.events.probe import probe
from tests.events.shapes import capture, captured, form

pytestmark = pytest.mark.cloud


def test_envelopes_come_as_they_were_captured(deployment: Deployment) -> None:
    """All but the tick's, which takes a minute to come: `python -m tests.events.shapes` captures them all anew."""
    with probe(deployment.cloud) as there:
        today = capture(there)

    known = captured()
    assert {name: form(each) for name, each in today.items()} == {name: form(known[name]) for name in today}
