"""The form of each connector that there is: what a person types, what is secret, and what a wrong value is told."""

from __future__ import annotations

import json

import pytest

from planster_sync.connectors import registry
from planster_sync.entry.api import connect_forms
from planster_sync.ports.connecting import Way

CONNECTORS = registry.names()
SECRETS = {
    "cin7_core": ["account_id", "application_key"],
    "deposco": ["client_secret", "password", "refresh_token"],
    "extensiv": ["client_secret"],
    "ongoing": ["password"],
    "shipbob": ["token"],
    "shiphero": ["refresh_token"],
    "trackstar": ["access_token", "api_key"],
}


@pytest.mark.parametrize("connector", CONNECTORS)
def test_each_field_has_a_label_and_says_what_it_is(connector: str) -> None:
    capabilities = registry.capabilities(connector)

    for form in (connect_forms.credentials_form(capabilities), connect_forms.settings_form(capabilities)):
        for name, field in form["properties"].items():
            assert field["title"], name
            assert field["description"], name
            assert "anyOf" not in field, name


@pytest.mark.parametrize("connector", CONNECTORS)
def test_secrets_are_marked(connector: str) -> None:
    form = connect_forms.credentials_form(registry.capabilities(connector))

    assert connect_forms.secret_fields(form) == SECRETS[connector]


@pytest.mark.parametrize("connector", CONNECTORS)
def test_what_a_flow_grants_is_in_no_form_and_cannot_be_typed(connector: str) -> None:
    capabilities = registry.capabilities(connector)

    assert not capabilities.granted & set(connect_forms.credentials_form(capabilities)["properties"])
    for name in capabilities.granted:
        assert connect_forms.faults_in_credentials(capabilities, {name: "typed"})


@pytest.mark.parametrize("connector", CONNECTORS)
def test_ways_agree_with_what_is_declared(connector: str) -> None:
    capabilities = registry.capabilities(connector)

    assert Way.FORM in capabilities.ways
    assert (Way.OAUTH in capabilities.ways) == (capabilities.authorization is not None)
    if capabilities.authorization is not None:
        assert capabilities.authorization.credential in capabilities.granted
        assert capabilities.authorization.credential in capabilities.credentials.model_fields


@pytest.mark.parametrize("connector", CONNECTORS)
def test_nothing_filled_in_is_told_field_by_field_without_a_value(connector: str) -> None:
    capabilities = registry.capabilities(connector)
    canary = "canary-never-to-be-seen"
    wrong = {name: {"of": canary} for name in connect_forms.credentials_form(capabilities)["properties"]}

    told = [
        connect_forms.faults_in_credentials(capabilities, {}),
        connect_forms.faults_in_credentials(capabilities, wrong),
        connect_forms.faults_in_credentials(capabilities, {canary: "x"}),
    ]

    assert all(told)
    assert all(where.startswith("credentials") for faults in told for where in faults)
    assert canary not in json.dumps(told)


@pytest.mark.parametrize(("connector", "field"), [("shipbob", "token"), ("trackstar", "api_key")])
def test_what_a_flow_may_leave_out_must_be_typed(connector: str, field: str) -> None:
    capabilities = registry.capabilities(connector)

    assert field in connect_forms.credentials_form(capabilities)["required"]
    assert connect_forms.faults_in_credentials(capabilities, {})[f"credentials.{field}"] == "Field required."


def test_credentials_that_belong_together_are_told_as_a_whole() -> None:
    filled = {"username": "u", "password": "p", "client_id": "c"}

    assert connect_forms.faults_in_credentials(registry.capabilities("deposco"), filled) == {
        "credentials": "client_id, client_secret and refresh_token belong together."
    }


def test_a_setting_that_takes_one_of_some_words_lists_them() -> None:
    form = connect_forms.settings_form(registry.capabilities("deposco"))

    assert form["properties"]["stock_source"]["enum"] == ["enterprise", "full"]
    assert form["properties"]["stock_source"]["title"] == "Stock source"
    assert "$ref" not in json.dumps(form)


def test_a_setting_out_of_bounds_is_named() -> None:
    filled = {"page_limit": 0, "currency": "euro", "colour": "red"}

    faults = connect_forms.faults_in_settings(registry.capabilities("trackstar"), filled)

    assert set(faults) == {"settings.page_limit", "settings.currency", "settings.colour"}
