"""The template and the code that it deploys agree, and nobody may do more than is needed."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import fields
from typing import Any

import pytest
from cfnlint.decode.cfn_yaml import load

from planster_sync.aws.settings import VARIABLES
from planster_sync.model.timings import Timings
from tests.architecture.repository import ROOT

ROLES = ("DispatcherRole", "WorkerRole", "ApiRole")


@functools.cache
def _template() -> dict[str, Any]:
    loaded: dict[str, Any] = load(str(ROOT / "template.yaml"))
    return loaded


def _statements(role: str) -> list[dict[str, Any]]:
    policies = _template()["Resources"][role]["Properties"]["Policies"]
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


def _actions(statement: dict[str, Any]) -> list[str]:
    actions = statement["Action"]
    return [actions] if isinstance(actions, str) else list(actions)


def test_functions_get_exactly_the_variables_that_settings_know() -> None:
    given = set(_template()["Globals"]["Function"]["Environment"]["Variables"])

    times = {f"TIMING_{field.name.upper()}" for field in fields(Timings)}
    assert given == set(VARIABLES) | times


def test_default_times_are_those_of_the_code() -> None:
    """One set of numbers: a default that is changed in one place only would be tested but not deployed."""
    parameters = _template()["Parameters"]
    names = {field.name: field.name.title().replace("_", "") for field in fields(Timings)}

    assert {name: float(parameters[names[name]]["Default"]) for name in names} == {
        name: float(getattr(Timings(), name)) for name in names
    }


@pytest.mark.parametrize("role", ROLES)
def test_role_names_its_actions_and_resources(role: str) -> None:
    for statement in _statements(role):
        assert not [action for action in _actions(statement) if "*" in action], statement["Sid"]
        if statement["Sid"] != "Trace":
            assert statement["Resource"] != "*", statement["Sid"]


def test_only_the_worker_reads_secrets_and_the_api_stores_them_unread() -> None:
    asked = {
        role: {
            action for each in _statements(role) for action in _actions(each) if "ssm" in action or "secret" in action
        }
        for role in ROLES
    }

    assert asked["DispatcherRole"] == set()
    assert asked["ApiRole"] == {"ssm:PutParameter", "ssm:DeleteParameter"}
    assert "ssm:GetParameter" in asked["WorkerRole"]


def test_no_role_may_change_what_planster_is_registered_as() -> None:
    touching = {
        action
        for role in ROLES
        for each in _statements(role)
        for action in _actions(each)
        if "/apps/" in str(each["Resource"])
    }

    assert touching == {"ssm:GetParameter"}


def test_the_way_back_from_a_vendor_needs_no_token() -> None:
    routes = [each["Properties"] for each in _template()["Resources"].values() if each["Type"].endswith("V2::Route")]

    open_to_all = {each["RouteKey"] for each in routes if each["AuthorizationType"] == "NONE"}
    assert "GET /v1/connect/callback" in open_to_all
    assert "ANY /v1/{proxy+}" not in open_to_all


def test_api_stores_credentials_unread_and_makes_and_erases_signing_secrets_of_webhooks() -> None:
    named = [each for each in _statements("ApiRole") if any(action.startswith("ssm:") for action in _actions(each))]

    reach = {str(each["Resource"]["Fn::Sub"]).rpartition("${Stage}/")[2]: sorted(_actions(each)) for each in named}
    assert reach == {"integrations/*": ["ssm:PutParameter"], "webhooks/*": ["ssm:DeleteParameter", "ssm:PutParameter"]}


def test_api_writes_no_records() -> None:
    """Adjustments it keeps, and an adjusted record it moves among the changes: no unified field is in its reach."""
    statements = {each["Sid"]: each for each in _statements("ApiRole")}

    kept, moved = statements["KeepAdjustments"], statements["MoveAdjustedRecordsAmongChanges"]
    assert set(_actions(statements["ShowRecords"])) == {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"}
    assert kept["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["*#adjustments"]}}
    (attributes,) = moved["Condition"]["ForAllValues:StringEquals"].values()
    assert set(attributes) == {"pk", "sk", "_changed_at", "_change_pk", "_change_sk"}


def test_api_removes_nothing_but_sessions_from_what_is_kept_about_integrations() -> None:
    statements = [each for each in _statements("ApiRole") if "ControlTable" in str(each["Resource"])]

    (ending,) = (each for each in statements if "dynamodb:DeleteItem" in _actions(each))

    assert _actions(ending) == ["dynamodb:DeleteItem"]
    assert ending["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["SESSION#*", "SIGNIN#*"]}}


def test_what_cannot_be_made_again_outlives_the_stack() -> None:
    kept = {name for name, each in _template()["Resources"].items() if "DeletionPolicy" in each}

    assert kept == {"ControlTable", "RecordsTable", "IndexBucket"}


def test_the_api_stands_before_every_function_so_that_sam_local_finds_its_routes() -> None:
    """SAM CLI (api_provider.find_api_provider) reads routes by the first kind of API or function in the template."""
    kinds = [resource["Type"] for resource in _template()["Resources"].values()]

    assert kinds.index("AWS::ApiGatewayV2::Api") < kinds.index("AWS::Serverless::Function")
    uri = str(_template()["Resources"]["HttpApiIntegration"]["Properties"]["IntegrationUri"])
    assert "function:${ManualSyncApi}:live/invocations" in uri


def test_every_parameter_says_what_it_is_for_and_needs_nobody_to_fill_it_in() -> None:
    """`sam deploy --guided` asks for each: a return key must do."""
    parameters = _template()["Parameters"]

    assert [name for name, each in parameters.items() if not str(each.get("Description", ""))] == []
    assert [name for name, each in parameters.items() if "Default" not in each] == []


def test_every_parameter_has_its_place_among_the_questions() -> None:
    groups = _template()["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"]

    assert sorted(name for group in groups for name in group["Parameters"]) == sorted(_template()["Parameters"])


@pytest.mark.parametrize("stage", ["default", "prod"])
def test_samconfig_sets_what_the_template_knows(stage: str) -> None:
    config = tomllib.loads((ROOT / "samconfig.toml").read_text())
    set_there = dict(
        each.split("=", 1) for each in config[stage]["deploy"]["parameters"]["parameter_overrides"].split()
    )

    parameters = _template()["Parameters"]
    assert set(set_there) <= set(parameters)
    for name, value in set_there.items():
        assert value in [str(each) for each in parameters[name].get("AllowedValues", [value])], name


def test_what_cannot_be_made_again_is_kept_when_it_is_replaced_too() -> None:
    kept = [each for each in _template()["Resources"].values() if "DeletionPolicy" in each]

    assert {(each["DeletionPolicy"], each["UpdateReplacePolicy"]) for each in kept} == {
        ("RetainExceptOnCreate", "Retain")
    }


def test_deploys_take_what_was_built() -> None:
    """SAM CLI looks for the built template first, but only where no configuration names one. The one that is written
    has a layer without its dependencies."""
    config = tomllib.loads((ROOT / "samconfig.toml").read_text())

    named = [
        (stage, command)
        for stage, commands in config.items()
        if isinstance(commands, dict)
        for command, told in commands.items()
        if "template_file" in told["parameters"]
    ]
    assert named == []
