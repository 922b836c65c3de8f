"""Tells that a write-back has failed and somebody has to act: an `action.needed` for the bus and for webhooks.

A failed row keeps its `check_at` until it was told, so that a worker that dies on the way is made up for by the sweep;
what is told twice has the same id, and is delivered to each target once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from planster_sync.engine.announcing import delivery_of
from planster_sync.model.data_types import DataType
from planster_sync.model.integrations import Integration, IntegrationStatus
from planster_sync.model.runs import Problem, id_at
from planster_sync.model.timings import Timings
from planster_sync.model.webhooks import Action, Kind, Notice
from planster_sync.ports.platform import Clock, Journal
from planster_sync.ports.stores import Integrations
from planster_sync.ports.webhooks import WebhookQueue, Webhooks, Wording
from planster_sync.ports.write_backs import WriteBack


@dataclass(frozen=True, slots=True)
class FailureTeller:
    """`boards` are whoever may want to know: the organisation's webhooks, and the house's own targets."""

    integrations: Integrations
    boards: Sequence[Webhooks]
    wording: Wording
    queue: WebhookQueue
    clock: Clock
    timings: Timings
    journal: Journal

    def tell(self, write: WriteBack) -> None:
        """Tells the failure of a request that has failed; nothing of an integration that is being erased.

        Raises:
            StoreBusy: it was not told to everybody; tell it again.
        """
        integration = self.integrations.get(write.organisation, write.integration)
        if integration is None or integration.status is IntegrationStatus.DISCONNECTING:
            return
        if write.problem is None or write.ended_at is None:
            return
        notice = self._notice(write, integration, write.problem, write.ended_at)
        for board in self.boards:
            self._tell(board, notice, integration, write.ended_at)
        self.journal.event("write_failure_told", organisation=write.organisation, integration=write.integration)

    def _notice(self, write: WriteBack, integration: Integration, problem: Problem, at: datetime) -> Notice:
        concerned = (DataType.INBOUND_SHIPMENTS,)
        action = Action(problem.code, problem.what, problem.remedy, concerned, reference=write.reference)
        return self.wording.action_needed(_notice_id(write, at), integration, action, at)

    def _tell(self, board: Webhooks, notice: Notice, integration: Integration, at: datetime) -> None:
        targets = board.board(integration.organisation).targets
        concerned = [each for each in targets if each.wants(Kind.ACTION_NEEDED) and each.created_at <= at]
        now = self.clock.now()
        deliveries = [
            delivery_of(target, notice, now, self.timings, integration=integration.id) for target in concerned
        ]
        for delivery in deliveries:
            board.add_delivery(delivery)
        if deliveries:
            self.queue.send_deliveries([delivery.message for delivery in deliveries])  # the sweep sends what is lost


def _notice_id(write: WriteBack, at: datetime) -> str:
    """Sorts by time; the same whenever this failure is told, and another after the request was made anew."""
    word = f"{write.integration} {write.reference} {at.isoformat()}"
    return f"{id_at(at)}-{blake2b(word.encode(), digest_size=9).hexdigest()}"
