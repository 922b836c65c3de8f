"""Records as files: what is small at once, what is large as a file that a worker writes and the bucket hands out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aws_lambda_powertools.event_handler import Response

from planster_sync.entry.api.export_files import ExportFileRoutes, ExportForm, ExportView
from planster_sync.entry.api.exports import MEDIA_TYPES, ExportRoutes, Format
from planster_sync.entry.api.integrations import IntegrationRoutes
from planster_sync.entry.api.views import IntegrationDetail
from planster_sync.entry.console.desk import Desk
from planster_sync.entry.console.filtering import Filters
from planster_sync.entry.console.forms import filled
from planster_sync.entry.console.navigation import place
from planster_sync.entry.console.records_pages import kind_of
from planster_sync.model.data_types import DataType

AT_ONCE = 5_000
"""Records of a whole data type that are sent at once; more of them are not even begun to be read for a page."""
LARGEST = 12_000_000
"""In characters; packed they stay below the 6 MB that Lambda hands over."""
LONGEST = timedelta(seconds=12)
"""A file is begun and sent within the 29 s of the function."""
SOON, LATER = 3, 60
"""Seconds between two looks at a file that is being written, and at one that is not."""


@dataclass(frozen=True, slots=True)
class ExportPages:
    desk: Desk

    def export(self, integration: str, data_type: str) -> Response[str]:
        """The file; where it is too large to be sent at once, a page that has it written."""
        detail = self._detail(integration)
        kind, filters = kind_of(self.desk, data_type), Filters.asked(self.desk)
        form = self.desk.one_of(Format, self.desk.query("format")) or Format.CSV
        if filters.given() or _live(detail, kind) <= AT_ONCE:
            text = self._file(integration, kind, form, filters, detail.zone)
            if text is not None:
                headers = {"Content-Disposition": f'attachment; filename="{kind.value}.{form.value}"'}
                return Response(HTTPStatus.OK.value, MEDIA_TYPES[form], text, headers=headers, compress=True)
        kept = {"format": form.value, **filters.given()}
        return self.desk.show("export.html", detail=detail, data_type=kind, kept=kept)

    def ask(self, integration: str, data_type: str) -> Response[str]:
        """Has the file written, and goes on to the page that says how far it is."""
        detail, form = self._detail(integration), self.desk.form
        filters = Filters(*(form.text(name) for name in Filters._fields))
        asked = {
            "data_type": kind_of(self.desk, data_type),
            "format": form.text("format") or Format.CSV,
            "updated_since": filters.moment(detail.zone),
            **{name: getattr(filters, name) or None for name in ("sku", "warehouse", "status")},
        }
        answer = self._files.ask(self.desk.organisation, integration, filled(ExportForm, asked))
        made: Any = answer.body
        return self.desk.go(place("integrations", integration, "files", made.id))

    def show(self, integration: str, export: str) -> Response[str]:
        return self.desk.show("file.html", **self._content(integration, export))

    def live(self, integration: str, export: str) -> Response[str]:
        """The part of the page that moves."""
        content = self._content(integration, export)
        return self.desk.show_part("file_live.html", content["seconds"], **content)

    def fetch(self, integration: str, export: str) -> Response[str]:
        """Leads to the file under an address of this moment; to its page where it cannot be fetched."""
        found = self._files.show(self.desk.organisation, integration, export)
        return self.desk.go(found.url or place("integrations", integration, "files", export))

    def _content(self, integration: str, export: str) -> dict[str, Any]:
        found: ExportView = self._files.show(self.desk.organisation, integration, export)
        seconds = LATER if found.state.is_final else SOON
        return {"detail": self._detail(integration), "file": found, "seconds": seconds}

    @property
    def _files(self) -> ExportFileRoutes:
        return ExportFileRoutes(self.desk.shop, self.desk.app)

    def _detail(self, integration: str) -> IntegrationDetail:
        return IntegrationRoutes(self.desk.shop).show(self.desk.organisation, integration)

    def _file(self, integration: str, data_type: DataType, form: Format, filters: Filters, zone: str) -> str | None:
        """The text; None where it is too large, or takes too long."""
        after: str | None = None
        parts: list[str] = []
        size, clock = 0, self.desk.shop.clock
        ends = clock.now() + LONGEST
        while size < LARGEST and clock.now() < ends:
            answer = ExportRoutes(self.desk.shop).export(
                self.desk.organisation,
                integration,
                data_type,
                form,
                after,
                filters.moment(zone),
                filters.sku or None,
                filters.warehouse or None,
                filters.status or None,
            )
            parts.append(answer.body or "")
            size += len(parts[-1])
            after = _following(answer)
            if after is None:
                return "".join(parts)
        return None


def _live(detail: IntegrationDetail, data_type: DataType) -> int:
    return next((each.live for each in detail.data_types if each.data_type is data_type), 0)


def _following(answer: Response[str]) -> str | None:
    """The cursor in the answer's link to the next part."""
    link = str(answer.headers.get("Link") or "")
    query = urlsplit(link.partition("<")[2].partition(">")[0]).query
    return next(iter(parse_qs(query).get("after", [])), None)
