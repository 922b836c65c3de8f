"""What each function asks of AWS is what its role allows, and a role allows nothing else."""

from __future__ import annotations

import pytest

from tests.architecture.repository import ROOT
from tests.security.denied import denied
from tests.security.every_call import play
from tests.security.explained import UNUSED, why_unused, why_wild
from tests.security.permissions import documented, table
from tests.security.policies import ROLES, allowing, grants, template


def test_roles_allow_what_functions_ask_for_and_what_is_allowed_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    found = play(monkeypatch)

    assert found.refused == {role: set() for role in ROLES}
    granted = [grant for role in ROLES for grant in grants(role)]
    assert [grant for grant in granted if not found.used[grant.role][grant] and not why_unused(grant)] == []
    assert [grant for grant in granted if found.used[grant.role][grant] and why_unused(grant)] == []
    assert sum(len(calls) for calls in found.calls.values()) > 100


def test_every_explanation_explains_a_grant() -> None:
    there = {(grant.role, grant.sid, grant.action) for role in ROLES for grant in grants(role)}

    assert set(UNUSED) <= there


def test_what_is_denied_finds_no_grant() -> None:
    calls = list(denied())
    reached = {f"{role}: {call.action} on {call.resource}" for role, call in calls if allowing(role, call)}

    assert reached == set()
    assert len(calls) > 1000


@pytest.mark.parametrize("role", ROLES)
def test_every_wildcard_is_explained_and_none_is_an_action(role: str) -> None:
    wild = [grant for grant in grants(role) if "*" in grant.resource or "?" in grant.resource]

    assert [grant for grant in grants(role) if "*" in grant.action] == []
    assert [grant for grant in wild if not why_wild(grant)] == []
    assert {grant.action for grant in wild if grant.resource == "*"} == {
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
    }


def test_no_grant_is_within_another_of_the_same_role() -> None:
    twice = [
        (role, one.sid, other.sid, one.action, one.resource)
        for role in ROLES
        for one in grants(role)
        for other in grants(role)
        if one is not other and one.action == other.action and one.resource == other.resource
    ]

    assert twice == []


def test_functions_have_no_rights_but_their_role_s() -> None:
    resources = template()["Resources"]
    roles = {name for name, each in resources.items() if each["Type"] == "AWS::IAM::Role"}
    functions = [each["Properties"] for each in resources.values() if each["Type"] == "AWS::Serverless::Function"]

    assert roles == set(ROLES)
    assert [str(each["Role"]) for each in functions] == [str({"Fn::GetAtt": [role, "Arn"]}) for role in ROLES]
    assert [each for each in functions if "Policies" in each] == []
    assert {name for role in ROLES for name in resources[role]["Properties"]} == {
        "AssumeRolePolicyDocument",
        "Policies",
    }
    attached = [each["Properties"] for each in resources.values() if each["Type"] == "AWS::IAM::Policy"]
    assert [set(each) for each in attached] == [{"PolicyName", "PolicyDocument", "Roles"}] * len(attached)
    assert {each["Type"] for each in resources.values() if each["Type"].startswith("AWS::IAM::")} == {
        "AWS::IAM::Role",
        "AWS::IAM::Policy",
    }


def test_only_lambda_takes_on_a_role() -> None:
    for role in ROLES:
        (statement,) = template()["Resources"][role]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        assert statement == {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }


def test_document_has_the_table() -> None:
    assert table(documented) in (ROOT / "docs" / "security.md").read_text()
