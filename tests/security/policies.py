"""The template's policies as grants, and whether a call is among what they allow.

Source: AWS IAM User Guide, "Policy evaluation logic", "IAM JSON policy elements". What the template does not use (Deny,
NotAction, other operators) is refused rather than guessed.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from cfnlint.decode.cfn_yaml import load

from tests.architecture.repository import ROOT

ACCOUNT, REGION = "123456789012", "eu-central-1"
ROLES = {"DispatcherRole": "sync_dispatcher", "WorkerRole": "sync_worker", "ApiRole": "manual_sync_api"}
"""Whose each role is."""
_HERE = f"{REGION}:{ACCOUNT}"
_VALUES = {
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::StackName": "sync",
    "Stage": "test",
    "ControlTable.Arn": f"arn:aws:dynamodb:{_HERE}:table/control",
    "RecordsTable.Arn": f"arn:aws:dynamodb:{_HERE}:table/records",
    "IndexBucket.Arn": "arn:aws:s3:::indexes",
    "NightQueue.Arn": f"arn:aws:sqs:{_HERE}:night",
    "ManualQueue.Arn": f"arn:aws:sqs:{_HERE}:manual",
    "TickDeadLetters.Arn": f"arn:aws:sqs:{_HERE}:tick-dead-letters",
    "DigestTopic": f"arn:aws:sns:{_HERE}:digests",
    "SyncWorker.Arn": f"arn:aws:lambda:{_HERE}:function:sync-worker",
    "DispatcherLog.Arn": f"arn:aws:logs:{_HERE}:log-group:/aws/lambda/sync-sync-dispatcher:*",
    "WorkerLog.Arn": f"arn:aws:logs:{_HERE}:log-group:/aws/lambda/sync-sync-worker:*",
    "ApiLog.Arn": f"arn:aws:logs:{_HERE}:log-group:/aws/lambda/sync-manual-sync-api:*",
}
"""What the template's names stand for where the handlers are tried (tests/integration/deployment.py)."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of AWS as IAM sees it: what is asked, of which resource, and what conditions may look at."""

    action: str
    resource: str
    context: Mapping[str, frozenset[str]] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Grant:
    """One action on one resource; `resource` may have wildcards, `conditions` are (operator, key, patterns)."""

    role: str
    sid: str
    action: str
    resource: str
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...] = ()

    def covers(self, call: Call) -> bool:
        return (
            call.action == self.action
            and fnmatchcase(call.resource, _literal(self.resource))
            and all(_OPERATORS[by](call.context.get(key, frozenset()), told) for by, key, told in self.conditions)
        )


def _literal(pattern: str) -> str:
    """IAM knows * and ? only; fnmatch would see a set of letters in brackets."""
    return pattern.replace("[", "[[]")


def _each_is_like(asked: frozenset[str], patterns: Sequence[str]) -> bool:
    """IAM: ForAllValues holds where there is no value, too."""
    return all(any(fnmatchcase(one, _literal(pattern)) for pattern in patterns) for one in asked)


def _each_is_among(asked: frozenset[str], named: Sequence[str]) -> bool:
    return asked <= set(named)


_OPERATORS: Mapping[str, Callable[[frozenset[str], Sequence[str]], bool]] = {
    "ForAllValues:StringLike": _each_is_like,
    "ForAllValues:StringEquals": _each_is_among,
}


@functools.cache
def template() -> dict[str, Any]:
    loaded: dict[str, Any] = load(str(ROOT / "template.yaml"))
    return loaded


@functools.cache
def grants(role: str) -> tuple[Grant, ...]:
    """Every action with every resource that a role's policies name: its own, and those that are attached to it."""
    resources = template()["Resources"]
    attached = [each["Properties"] for each in resources.values() if each["Type"] == "AWS::IAM::Policy"]
    policies = [
        *resources[role]["Properties"]["Policies"],
        *(each for each in attached if {"Ref": role} in each["Roles"]),
    ]
    return tuple(
        grant
        for policy in policies
        for statement in policy["PolicyDocument"]["Statement"]
        for grant in _grants(role, statement)
    )


def _grants(role: str, statement: Mapping[str, Any]) -> list[Grant]:
    unknown = set(statement) - {"Sid", "Effect", "Action", "Resource", "Condition"}
    if unknown or statement["Effect"] != "Allow":
        raise ValueError(f"{statement['Sid']}: {sorted(unknown) or 'Deny'} is not understood here")
    conditions = tuple(
        (by, str(key), tuple(str(each) for each in told))
        for by, keys in statement.get("Condition", {}).items()
        for key, told in keys.items()
    )
    return [
        Grant(role, str(statement["Sid"]), str(action), resolved(resource), conditions)
        for action in _listed(statement["Action"])
        for resource in _listed(statement["Resource"])
    ]


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]


def resolved(value: Any) -> str:
    """A text of the template with its names replaced. Raises KeyError for a name that is not in the table above."""
    if isinstance(value, str):
        return str(value)
    (function, told), *others = value.items()
    assert not others
    if function == "Fn::GetAtt":
        return _VALUES[told if isinstance(told, str) else ".".join(told)]
    if function == "Ref":
        return _VALUES[told]
    assert function == "Fn::Sub"
    return re.sub(r"\$\{([^}]+)\}", lambda found: _VALUES[found[1]], str(told))


def allowing(role: str, call: Call) -> list[Grant]:
    return [grant for grant in grants(role) if grant.covers(call)]
