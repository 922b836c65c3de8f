"""The template as CloudFormation would fill it in: names instead of references, for a stack called `watched`."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cfnlint.decode.cfn_yaml import load

from tests.architecture.repository import ROOT

STACK = "watched"
PSEUDO = {
    "AWS::StackName": STACK,
    "AWS::Region": "eu-central-1",
    "AWS::AccountId": "123456789012",
    "AWS::Partition": "aws",
}
TRUE = {"IsOnAws"}
"""The conditions that hold; the others are about parameters that are empty by default."""

_NOTHING = object()


@functools.cache
def template() -> dict[str, Any]:
    loaded: dict[str, Any] = load(str(ROOT / "template.yaml"))
    return loaded


@dataclass(frozen=True)
class Stack:
    """`parameters` replace the template's defaults."""

    parameters: Mapping[str, str] = field(default_factory=dict)

    def of(self, kind: str) -> dict[str, dict[str, Any]]:
        """The properties of every resource of a kind, by logical id, all references filled in."""
        resources = template()["Resources"].items()
        return {name: self.filled(each["Properties"]) for name, each in resources if each["Type"] == kind}

    @property
    def alarms(self) -> dict[str, dict[str, Any]]:
        return self.of("AWS::CloudWatch::Alarm")

    @property
    def composite(self) -> dict[str, Any]:
        (found,) = self.of("AWS::CloudWatch::CompositeAlarm").values()
        return found

    def widgets(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every widget with its dashboard's logical id."""
        for name, dashboard in self.of("AWS::CloudWatch::Dashboard").items():
            yield from ((name, widget) for widget in json.loads(dashboard["DashboardBody"])["widgets"])

    def filled(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self.filled(each) for each in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (key, inner), *_ = value.items()
            if key == "Ref" or key.startswith("Fn::"):
                return self._intrinsic(key, inner)
        filled = {name: self.filled(each) for name, each in value.items()}
        return {name: each for name, each in filled.items() if each is not _NOTHING}

    def _intrinsic(self, key: str, inner: Any) -> Any:
        if key == "Ref":
            return self._name(str(inner))
        if key == "Fn::If":
            return self.filled(inner[1] if inner[0] in TRUE else inner[2])
        if key == "Fn::GetAtt":
            return str(inner[0] if isinstance(inner, list) else str(inner).split(".", maxsplit=1)[0])
        assert key == "Fn::Sub", key
        return re.sub(r"\$\{([^}]+)\}", lambda found: str(self._name(found[1])), str(inner))

    def _name(self, name: str) -> Any:
        """A physical name; queues, tables and functions are called by their logical ids."""
        if name == "AWS::NoValue":
            return _NOTHING
        if name in PSEUDO:
            return PSEUDO[name]
        if name in template()["Parameters"]:
            return self.parameters.get(name, template()["Parameters"][name]["Default"])
        own = template()["Resources"][name.split(".", maxsplit=1)[0]].get("Properties", {})
        named = own.get("LogGroupName", own.get("AlarmName"))
        return self.filled(named) if named is not None else name.split(".", maxsplit=1)[0]
