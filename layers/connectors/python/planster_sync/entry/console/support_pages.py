"""What a planner sends to support: the API's own bundle, as a file that the browser keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from aws_lambda_powertools.event_handler import Response

from planster_sync.entry.api.diagnosing import DiagnoseRoutes
from planster_sync.entry.console.desk import Desk


@dataclass(frozen=True, slots=True)
class SupportPages:
    desk: Desk

    def bundle(self, integration: str) -> Response[str]:
        answer = DiagnoseRoutes(self.desk.shop).diagnose(self.desk.organisation, integration)
        bundle: Any = answer.body
        return Response(
            answer.status_code, answer.content_type, bundle.model_dump_json(indent=2), headers=dict(answer.headers)
        )
