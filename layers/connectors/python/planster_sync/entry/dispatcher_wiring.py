"""Makes the dispatcher from the environment, apart from the worker's wiring: it pays for no connector and no HTTP.

Importing this does no work; `build_dispatcher` reads the environment, so that a template's mistake is named by the
first event.
"""

from __future__ import annotations

from planster_sync.connectors import registry
from planster_sync.engine.dispatch import Dispatcher
from planster_sync.engine.ending import Ending
from planster_sync.engine.export_sweep import ExportSweep
from planster_sync.engine.night_sweep import NightSweep
from planster_sync.engine.sweep import Sweep, Sweeps
from planster_sync.engine.webhook_sweep import WebhookSweep
from planster_sync.engine.write_sweep import WriteSweep
from planster_sync.entry.dispatcher import DispatcherEntry
from planster_sync.entry.parts import parts
from planster_sync.storage.exports import DynamoExports


def build_dispatcher() -> DispatcherEntry:
    made = parts()
    timings = made.settings.timings
    ending = Ending(made.runs, made.streams, made.queue, made.events, made.clock, timings, made.journal)
    runs = Sweep(made.runs, made.streams, made.queue, made.starter, ending, made.clock, timings, made.journal)
    writes = WriteSweep(made.writes, made.queue, made.clock, timings, made.journal)
    exports = ExportSweep(DynamoExports(made.control, made.journal), made.queue, made.clock, timings, made.journal)
    webhooks = WebhookSweep(made.webhooks, made.queue, made.clock, timings, made.journal)
    nights = NightSweep(
        made.nights,
        made.integrations,
        made.runs,
        registry.capabilities,
        made.clock,
        made.metrics,
        made.journal,
        made.queue.send_looks,
    )
    dispatcher = Dispatcher(
        made.integrations,
        made.runs,
        made.nights,
        made.starter,
        Sweeps((writes, exports, runs, webhooks, nights)),
        registry.capabilities,
        made.clock,
        made.journal,
        made.settings.slot_spread_seconds,
    )
    return DispatcherEntry(dispatcher, made.clock, made.journal)
