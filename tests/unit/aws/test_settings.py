"""The environment of the functions."""

from __future__ import annotations

import pytest

from planster_sync.aws.settings import Settings, VendorNetwork
from planster_sync.errors import SettingsInvalid
from planster_sync.model.runs import Lane
from planster_sync.model.timings import Timings
from tests.contract.stores.tables import template

ENVIRONMENT = {
    "CONTROL_TABLE": "control",
    "RECORDS_TABLE": "records",
    "INDEX_BUCKET": "index",
    "NIGHT_QUEUE_URL": "https://sqs.example.test/1/night",
    "MANUAL_QUEUE_URL": "https://sqs.example.test/1/manual",
    "EVENT_BUS": "default",
    "WORKER_FUNCTION": "sync-worker",
    "SECRET_PREFIX": "/planster/dev/integrations",
    "WEBHOOK_SECRET_PREFIX": "/planster/dev/webhooks",
    "VENDOR_NETWORK": "loopback",
    "SLOT_SPREAD_SECONDS": "600",
    "PATH": "/usr/bin",
}


def test_the_environment_becomes_settings() -> None:
    settings = Settings.from_environment(ENVIRONMENT)

    assert settings.vendor_network is VendorNetwork.LOOPBACK
    assert settings.slot_spread_seconds == 600
    assert settings.queue_urls[Lane.MANUAL].endswith("/manual")
    assert settings.timings == Timings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CONTROL_TABLE", None),
        ("NIGHT_QUEUE_URL", "not an address"),
        ("VENDOR_NETWORK", "everywhere"),
        ("SLOT_SPREAD_SECONDS", "soon"),
        ("SECRET_PREFIX", "planster"),
        ("TIMING_SLICE", "long"),
        ("TIMING_SLICE", "nan"),
        ("TIMING_LEASE", "-1"),
        ("TIMING_MAX_HOPS", "1.5"),
        ("TIMING_SLISE", "240"),
    ],
)
def test_a_wrong_variable_is_named(name: str, value: str | None) -> None:
    environment = {key: text for key, text in ENVIRONMENT.items() if key != name}
    if value is not None:
        environment[name] = value

    with pytest.raises(SettingsInvalid, match=name):
        Settings.from_environment(environment)


def test_times_keep_their_ratios_or_are_refused() -> None:
    with pytest.raises(SettingsInvalid, match="visibility"):
        Settings.from_environment({**ENVIRONMENT, "TIMING_VISIBILITY": "60"})


def test_a_timing_overrides_the_default() -> None:
    settings = Settings.from_environment({**ENVIRONMENT, "TIMING_CHECKPOINT_EVERY": "0.5", "TIMING_MAX_HOPS": "7"})

    assert (settings.timings.checkpoint_every, settings.timings.max_hops) == (0.5, 7)


def test_every_variable_of_the_template_is_understood() -> None:
    variables = template()["Globals"]["Function"]["Environment"]["Variables"]
    defaults = {name: parameter.get("Default") for name, parameter in template()["Parameters"].items()}
    given = {name: str(defaults.get(value, value)) for name, value in variables.items()}
    queues = {"NIGHT_QUEUE_URL": "https://sqs.example.test/n", "MANUAL_QUEUE_URL": "https://sqs.example.test/m"}

    settings = Settings.from_environment({**given, **queues})

    assert settings.timings == Timings()
