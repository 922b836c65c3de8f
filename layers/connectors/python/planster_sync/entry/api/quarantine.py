"""Source records that were set aside, with the reasons; and asking to look at them anew."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import Field

from planster_sync.entry.api import cursors
from planster_sync.entry.api.integrations import existing
from planster_sync.entry.api.paths import After, DataTypeName, IntegrationId, Limit, OrganisationId
from planster_sync.entry.api.shop import ApiShop
from planster_sync.entry.api.views import Instant, View
from planster_sync.errors import Unsupported
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import StreamKey
from planster_sync.ports.stores import QuarantineEntry


class SetAsideView(View):
    """A source record that could not become a record of Planster."""

    source: str = Field(description="The source's own id of it.")
    code: str
    what: str
    remedy: str
    path: str = Field(description="The field that is wrong; empty where it is the whole record.")
    excerpt: str = Field(description="The record's shape: names, kinds and lengths; no texts.")
    at: Instant = Field(description="When it was last looked at.")

    @classmethod
    def of(cls, entry: QuarantineEntry) -> SetAsideView:
        problem = entry.problem
        return cls(
            source=entry.source,
            code=problem.code,
            what=problem.what,
            remedy=problem.remedy,
            path=entry.path,
            excerpt=entry.excerpt,
            at=entry.at,
        )


class QuarantineList(View):
    """What one read has set aside; data types of one read share it."""

    read: str
    look_again_at: Instant | None = Field(description="When somebody last asked to look at all of them anew.")
    entries: list[SetAsideView]
    after: str | None = Field(description="The cursor of the next page; null at the end.")


class RetryAccepted(View):
    """What becomes of the request."""

    read: str
    look_again_at: Instant
    message: str


@dataclass(frozen=True, slots=True)
class QuarantineRoutes:
    shop: ApiShop

    def list_all(
        self,
        organisation: OrganisationId,
        integration: IntegrationId,
        data_type: DataTypeName,
        limit: Limit = 50,
        after: After = None,
    ) -> QuarantineList:
        """Source records that were set aside, each with its reason."""
        key = self._stream(organisation, integration, data_type)
        scope = ("quarantine", organisation, integration, key.read)
        place = cursors.opened(scope, after) if after else None
        entries, following = self.shop.quarantine.page(key, limit=limit, after=place)
        return QuarantineList(
            read=key.read,
            look_again_at=self.shop.streams.get(key).look_again_at,
            entries=[SetAsideView.of(entry) for entry in entries],
            after=cursors.sealed(scope, following) if following is not None else None,
        )

    def retry(self, organisation: OrganisationId, integration: IntegrationId, data_type: DataTypeName) -> RetryAccepted:
        """Has the next sync look anew at everything that was set aside, though it did not change at the source."""
        key = self._stream(organisation, integration, data_type)
        now = self.shop.clock.now()
        self.shop.streams.look_again(key, now)
        self.shop.journal.event("quarantine_retry_asked", stream=str(key))
        message = "The next sync reads the whole list and looks at these records anew; sync now to have it at once."
        return RetryAccepted(read=key.read, look_again_at=now, message=message)

    def _stream(self, organisation: str, integration: str, data_type: DataType) -> StreamKey:
        capabilities = self.shop.capabilities(existing(self.shop, organisation, integration).connector)
        read = capabilities.read_of(data_type)
        if read is None:
            raise Unsupported(f"{capabilities.title} does not serve {data_type.value}.")
        return StreamKey(organisation, integration, read.name)
