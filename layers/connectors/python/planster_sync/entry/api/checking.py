"""The connection check: do the credentials work, may they read each data type, and whose move is it if not?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from pydantic import Field

from planster_sync.entry.api.integrations import existing
from planster_sync.entry.api.paths import IntegrationId, OrganisationId
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.api.views import Instant, ProblemView, View
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Integration
from planster_sync.model.runs import Problem
from planster_sync.ports.questions import CheckAnswer, CheckQuestion
from planster_sync.ports.source import Capabilities


class Verdict(StrEnum):
    """What a check found out. UNSUPPORTED is no failure; UNKNOWN and NOT_TRIED say nothing: check again."""

    WORKS = "works"
    REFUSED = "refused"
    FORBIDDEN = "forbidden"
    UNSUPPORTED = "unsupported"
    UNKNOWN = "unknown"
    NOT_TRIED = "not_tried"


_VERDICTS: Mapping[str, Verdict] = {
    "credentials_rejected": Verdict.REFUSED,
    "settings_invalid": Verdict.REFUSED,
    "permission_missing": Verdict.FORBIDDEN,
    "unsupported": Verdict.UNSUPPORTED,
}
"""By problem code; with any other one the warehouse system gave no answer that says something."""

_SENTENCES: Mapping[Verdict, str] = {
    Verdict.WORKS: "The connection works.",
    Verdict.REFUSED: "The warehouse system refuses the connection; nothing can be synced.",
    Verdict.FORBIDDEN: "The connection works, but the account may not read everything.",
    Verdict.UNKNOWN: "The warehouse system gave no usable answer; it says nothing about the credentials.",
    Verdict.NOT_TRIED: "The credentials work; not every data type could be tried now.",
}


class FindingView(View):
    """What was found out; `problem` says whose move it is and what to do."""

    verdict: Verdict
    problem: ProblemView | None


class DataTypeFinding(FindingView):
    """What was found out about one data type."""

    data_type: DataType


class CheckView(View):
    """The credentials, and each data type that the connector serves."""

    works: bool = Field(description="Whether the credentials work and every data type that is offered can be read.")
    sentence: str
    checked_at: Instant
    credentials: FindingView
    data_types: list[DataTypeFinding]


@dataclass(frozen=True, slots=True)
class CheckRoutes:
    shop: ApiShop

    def check(self, organisation: OrganisationId, integration: IntegrationId) -> CheckView:
        """Tries the credentials and each data type's permission against the warehouse system, within ten seconds.

        What it finds out of the credentials is noted: good ones end the wait for others.
        """
        return checked(self.shop, existing(self.shop, organisation, integration))


def checked(shop: ApiShop, integration: Integration) -> CheckView:
    """What the worker finds out now. Raises StoreBusy where it does not answer."""
    capabilities = shop.capabilities(integration.connector)
    answer = shop.worker.check(CheckQuestion(integration.organisation, integration.id))
    credentials = FindingView(verdict=_verdict(answer.problem), problem=_view(answer.problem))
    findings = _findings(capabilities, answer)
    worst = _worst([credentials, *findings])
    return CheckView(
        works=worst is Verdict.WORKS,
        sentence=_SENTENCES[worst],
        checked_at=shop.clock.now(),
        credentials=credentials,
        data_types=findings,
    )


def _findings(capabilities: Capabilities, answer: CheckAnswer) -> list[DataTypeFinding]:
    found = []
    for data_type in capabilities.data_types:
        read = capabilities.read_of(data_type)
        name = read.name if read else ""
        problem = answer.reads.get(name)
        verdict = _verdict(problem) if name in answer.reads else Verdict.NOT_TRIED
        found.append(DataTypeFinding(data_type=data_type, verdict=verdict, problem=_view(problem)))
    return found


def _worst(findings: list[FindingView]) -> Verdict:
    verdicts = {finding.verdict for finding in findings}
    credentials = findings[0].verdict
    if credentials is not Verdict.WORKS:
        return credentials if credentials in _SENTENCES else Verdict.UNKNOWN
    if Verdict.FORBIDDEN in verdicts:
        return Verdict.FORBIDDEN
    return Verdict.NOT_TRIED if verdicts & {Verdict.UNKNOWN, Verdict.NOT_TRIED} else Verdict.WORKS


def _verdict(problem: Problem | None) -> Verdict:
    return Verdict.WORKS if problem is None else _VERDICTS.get(problem.code, Verdict.UNKNOWN)


def _view(problem: Problem | None) -> ProblemView | None:
    return ProblemView.of(problem) if problem else None
