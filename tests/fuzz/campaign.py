"""Schemathesis over the API's own OpenAPI document: what is asked, how long, and what came of it.

Requests are made from the document (examples, bounds, random values, broken ones), then chained along its links.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.request import Request, urlopen

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.core.transport import Response
from schemathesis.engine import events, from_schema
from schemathesis.schemas import BaseSchema

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
    "allow_header_conformance",
    "ignored_auth",
)
"""Not among them: `positive_data_acceptance`, for a connector's rules and what is stored say more than a schema can;
`use_after_free` and `ensure_resource_availability`, for what is deleted here leaves its history."""

PROBLEM = "application/problem+json"
PHASES = ("examples", "coverage", "fuzzing", "stateful")
ENDINGS = ("pauseIntegration", "resumeIntegration", "changeSettings", "removeWebhook", "disconnect")
"""Operations after which little else succeeds: they are asked last."""

CHAINS = 4
"""Chains of requests along links for each random request of an operation."""

KNOWN_SHARE = 0.85
"""How often an address names something that exists."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`known` has, by parameter of an address, values that exist; `samples`, by operation, parameters and a `body` that
    succeed; `seconds` bounds each act, and each has a token of its own."""

    seed: int
    examples: int
    known: Mapping[str, Sequence[str]]
    samples: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    seconds: int | None = None
    token: Callable[[], str] | None = None
    phases: Sequence[str] = PHASES

    @property
    def checks(self) -> Sequence[str]:
        """Without a token nothing stands before the API that could be ignored."""
        return [name for name in CHECKS if self.token is not None or name != "ignored_auth"]

    def config(self, url: str, phases: Sequence[str]) -> SchemathesisConfig:
        given: dict[str, Any] = {
            "base-url": url,
            "seed": self.seed,
            "continue-on-failure": True,
            "request-timeout": 35,  # longer than API Gateway waits
            "generation": {"max-examples": self.examples, "no-shrink": True, "database": "none"},
            "checks": {"enabled": False, **{name: {"enabled": True} for name in self.checks}},
            "phases": {
                **{name: {"enabled": name in phases} for name in PHASES},
                "stateful": {
                    "enabled": "stateful" in phases,
                    "generation": {"max-examples": self.examples * CHAINS, "no-shrink": True, "database": "none"},
                },
            },
            "dictionaries": {name: {"values": [*values]} for name, values in self.known.items()},
            "parameters": {f"path.{name}": {"dictionary": name, "probability": KNOWN_SHARE} for name in self.known},
            "suppress-health-check": ["all"],
            "cache": {"enabled": False},
        }
        if self.seconds is not None:
            given["max-time"] = self.seconds
        if self.token is not None:
            given["auth"] = {"openapi": {"token": {"bearer": self.token()}}}
        return SchemathesisConfig.from_dict(given)


@dataclass
class Outcome:
    """What was asked and answered, by operation; `findings` are the checks that did not hold, each kind once.

    `foreign` counts refusals that are no problem documents: API Gateway's own, of what it does not hand on.
    """

    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    phases: Counter[str] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)
    findings: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    foreign: Counter[str] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def requests(self) -> int:
        return sum(sum(each.values()) for each in self.statuses.values())

    @property
    def never_succeeded(self) -> list[str]:
        return sorted(name for name, each in self.statuses.items() if not any(status < 300 for status in each))


def run(url: str, plan: Plan) -> Outcome:
    """Asks everything that the document at the address describes: the endings last, each kind in an act of its own."""
    proof = {"authorization": f"Bearer {plan.token()}"} if plan.token else {}
    with urlopen(Request(f"{url}/v1/openapi.json", headers=proof)) as answer:
        document = json.load(answer)
    _lay_samples(document, plan)
    if plan.token is None:
        _leave_security_out(document)
    outcome = Outcome()
    for operations in _acts(document):
        phases = [each for each in plan.phases if each != "stateful" or len(operations) > len(ENDINGS)]
        schema = schemathesis.openapi.from_dict(document, config=plan.config(url, phases))
        _act(schema.include(operation_id=operations), outcome)
    return outcome


def _acts(document: Mapping[str, Any]) -> Iterator[list[str]]:
    every = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    yield [name for name in every if name not in ENDINGS]
    yield [name for name in ENDINGS[:-1] if name in every]
    yield [name for name in ENDINGS[-1:] if name in every]


def _lay_samples(document: Mapping[str, Any], plan: Plan) -> None:
    """Puts what this deployment has in the place of the document's own examples."""
    first = {name: values[0] for name, values in plan.known.items()}
    for path in document["paths"].values():
        for operation in path.values():
            given = {**first, **plan.samples.get(operation["operationId"], {})}
            for parameter in operation.get("parameters", ()):
                if parameter["name"] in given:
                    parameter["example"] = given[parameter["name"]]
            if "body" in given:
                operation["requestBody"]["content"]["application/json"]["example"] = given["body"]


def _leave_security_out(document: dict[str, Any]) -> None:
    """Where nothing stands before the API, nothing is told of a token either."""
    for part in (document, *(operation for path in document["paths"].values() for operation in path.values())):
        part.pop("security", None)
    document["components"].pop("securitySchemes")


def _act(schema: BaseSchema, outcome: Outcome) -> None:
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            _note(outcome, event)
        elif isinstance(event, events.NonFatalError | events.FatalError):
            outcome.errors.append(str(getattr(event, "info", None) or getattr(event, "exception", event)))
        elif isinstance(event, events.EngineFinished):
            outcome.seconds += event.running_time


def _note(outcome: Outcome, event: events.ScenarioFinished) -> None:
    recorder = event.recorder
    for case_id, interaction in recorder.interactions.items():
        node = recorder.cases[case_id]
        label = node.value.operation.label
        outcome.phases[event.phase.value] += 1
        if interaction.response is not None:
            _note_answer(outcome, label, interaction.response)
        if node.transition is not None:
            outcome.links[str(node.transition.id)] += 1
    for case_id, checks in recorder.checks.items():
        for check in checks:
            outcome.checks[check.name] += 1
            if check.failure_info is not None:
                _note_failure(outcome, recorder, case_id, check.name, check.failure_info)


def _note_answer(outcome: Outcome, label: str, answer: Response) -> None:
    outcome.statuses.setdefault(label, Counter())[answer.status_code] += 1
    if answer.status_code >= 400 and answer.headers.get("content-type", [""])[0] != PROBLEM:
        outcome.foreign[f"{answer.status_code} {answer.text[:60]}"] += 1


def _note_failure(outcome: Outcome, recorder: Any, case_id: str, name: str, info: Any) -> None:
    failure: Failure = info.failure
    label = recorder.cases[case_id].value.operation.label
    outcome.findings.setdefault(f"{label}: {name}: {failure.title}", f"{failure.message}\n{info.code_sample}")


def told(outcome: Outcome) -> str:
    """The summary, for people."""
    phases = ", ".join(f"{name} {count:,}" for name, count in outcome.phases.items())
    checks = ", ".join(f"{name} {count:,}" for name, count in sorted(outcome.checks.items()))
    every: Counter[int] = sum(outcome.statuses.values(), Counter())
    answers = ", ".join(f"{status}: {count:,}" for status, count in sorted(every.items()))
    lines = [
        f"{outcome.requests:,} requests to {len(outcome.statuses)} operations in {outcome.seconds:.0f} s ({phases})",
        f"answers: {answers}",
        f"checks: {checks}",
        f"links followed: {sum(outcome.links.values()):,} along {len(outcome.links)} links",
        f"API Gateway's own refusals: {dict(outcome.foreign) or 'none'}",
        f"operations never answered with success: {', '.join(outcome.never_succeeded) or 'none'}",
        f"findings: {len(outcome.findings)}",
    ]
    lines += [f"\n* {what}\n{why}" for what, why in outcome.findings.items()]
    lines += [f"\n! {error}" for error in outcome.errors]
    return "\n".join(lines)
