"""Records as files that a browser keeps: as many parts of the API's export in one file as its answer can hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import parse_qs, urlencode, urlsplit

from aws_lambda_powertools.event_handler import Response

from planster_sync.entry.api.exports import MEDIA_TYPES, ExportRoutes, Format
from planster_sync.entry.api.integrations import IntegrationRoutes
from planster_sync.entry.console.desk import Desk
from planster_sync.entry.console.filtering import Filters
from planster_sync.entry.console.navigation import place
from planster_sync.entry.console.records_pages import kind_of
from planster_sync.model.data_types import DataType

LARGEST = 12_000_000
"""In characters; packed they stay below the 6 MB that Lambda hands over."""
LONGEST = timedelta(seconds=12)
"""A file is begun and sent within the 29 s of the function."""


@dataclass(frozen=True, slots=True)
class ExportPages:
    desk: Desk

    def export(self, integration: str, data_type: str) -> Response[str]:
        """The file; where it does not hold everything, a page with a link to each part, unless one was asked for."""
        detail = IntegrationRoutes(self.desk.shop).show(self.desk.organisation, integration)
        kind, filters = kind_of(self.desk, data_type), Filters.asked(self.desk)
        form = self.desk.one_of(Format, self.desk.query("format")) or Format.CSV
        text, following = self._file(integration, kind, form, filters, detail.zone)
        part = int(self.desk.query("part")) if self.desk.query("part").isdecimal() else 1
        kept = {"format": form.value, **filters.given()}
        if following is not None and not self.desk.query("cut"):
            home, after = place("integrations", integration, "exports", kind.value), self.desk.query("after")
            first = {**kept, "part": str(part), "cut": "yes", **({"after": after} if after else {})}
            then = {**kept, "part": str(part + 1), "after": following}
            files = [f"{home}?{urlencode(first)}", f"{home}?{urlencode(then)}"]
            return self.desk.show("export.html", detail=detail, data_type=kind, part=part, files=files)
        name = f"{kind.value}{f'-{part}' if part > 1 or following else ''}.{form.value}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(HTTPStatus.OK.value, MEDIA_TYPES[form], text, headers=headers, compress=True)

    def _file(
        self, integration: str, data_type: DataType, form: Format, filters: Filters, zone: str
    ) -> tuple[str, str | None]:
        """The text, and the cursor behind it; None where it holds everything."""
        after: str | None = self.desk.query("after") or None
        parts: list[str] = []
        size, clock = 0, self.desk.shop.clock
        ends = clock.now() + LONGEST
        while True:
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
            if after is None or size >= LARGEST or clock.now() >= ends:
                return "".join(parts), after


def _following(answer: Response[str]) -> str | None:
    """The cursor in the answer's link to the next part."""
    link = str(answer.headers.get("Link") or "")
    query = urlsplit(link.partition("<")[2].partition(">")[0]).query
    return next(iter(parse_qs(query).get("after", [])), None)
