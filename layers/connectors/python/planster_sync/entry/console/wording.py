"""The console's words: what a planner reads for each of the API's, and in which tone it is shown."""

from __future__ import annotations

from typing import NamedTuple

from planster_sync.entry.api.words import Freshness, Health, Move, State
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Mode, RunStatus, TaskState, Trigger


class Word(NamedTuple):
    """A word and its tone: good, busy, warn, bad or quiet. Tones have a sign of their own, not only a colour."""

    text: str
    tone: str


class Label(NamedTuple):
    """A data type's name, and the short one for a narrow column."""

    long: str
    short: str


DATA_TYPES = {
    DataType.INVENTORY_LEVELS: Label("Inventory levels", "Inventory"),
    DataType.ORDERS: Label("Orders", "Orders"),
    DataType.ORDER_SHIPMENTS: Label("Order shipments", "Shipments"),
    DataType.PRODUCTS: Label("Products", "Products"),
    DataType.INBOUND_SHIPMENTS: Label("Inbound shipments", "Inbound"),
    DataType.INBOUND_SHIPMENT_SUPPLIERS: Label("Suppliers of inbound shipments", "Suppliers"),
    DataType.RETURNS: Label("Returns", "Returns"),
    DataType.BILLS: Label("Bills", "Bills"),
    DataType.WAREHOUSES: Label("Warehouses", "Sites"),
    DataType.ORDER_CHANNELS: Label("Order channels", "Channels"),
    DataType.SHIPPING_METHODS: Label("Shipping methods", "Methods"),
    DataType.WAREHOUSE_CUSTOMERS: Label("Warehouse customers", "Customers"),
    DataType.WAREHOUSE_LOCATIONS: Label("Warehouse locations", "Locations"),
}

STATES = {
    State.OK: Word("Up to date", "good"),
    State.SYNCING: Word("Syncing", "busy"),
    State.WAITING: Word("Waiting", "busy"),
    State.NEVER_SYNCED: Word("Not synced yet", "quiet"),
    State.WARNING: Word("Take a look", "warn"),
    State.LATE: Word("Late", "warn"),
    State.PAUSED: Word("Paused", "quiet"),
    State.FAILED: Word("Failed", "bad"),
    State.ACTION_REQUIRED: Word("Action needed", "bad"),
    State.UNSUPPORTED: Word("Not offered", "none"),
    State.DISABLED: Word("Switched off", "none"),
}

FRESHNESS = {
    Freshness.ON_TIME: Word("On time", "good"),
    Freshness.LATE: Word("Late", "warn"),
    Freshness.ERROR: Word("Out of date", "bad"),
    Freshness.NEVER: Word("Not synced yet", "quiet"),
    Freshness.SYNCING: Word("First sync", "busy"),
    Freshness.UNSUPPORTED: Word("Not offered", "none"),
    Freshness.DISABLED: Word("Switched off", "none"),
}

HEALTHS = {
    Health.NOT_COUNTED: Word("Nothing to sync", "none"),
    Health.HEALTHY: Word("Healthy", "good"),
    Health.PENDING: Word("Not ready yet", "quiet"),
    Health.ATTENTION: Word("Take a look", "warn"),
    Health.BROKEN: Word("Broken", "bad"),
}

RUNS = {
    RunStatus.QUEUED: Word("Queued", "quiet"),
    RunStatus.RUNNING: Word("Running", "busy"),
    RunStatus.SUCCEEDED: Word("Succeeded", "good"),
    RunStatus.SUCCEEDED_WITH_WARNINGS: Word("With warnings", "warn"),
    RunStatus.FAILED: Word("Failed", "bad"),
    RunStatus.CANCELLED: Word("Cancelled", "quiet"),
}

TRIGGERS = {Trigger.SCHEDULE: "Night", Trigger.CATCH_UP: "Catch-up", Trigger.MANUAL: "By hand"}

MODES = {Mode.AUTO: "Changes", Mode.SNAPSHOT: "Everything", Mode.REFRESH: "Everything, written anew"}

MOVES = {
    Move.YOU: "Your move",
    Move.WAREHOUSE_SYSTEM: "The warehouse system's move",
    Move.PLANSTER: "Planster's move",
}

TASKS = {
    TaskState.QUEUED: Word("Queued", "quiet"),
    TaskState.RUNNING: Word("Running", "busy"),
    TaskState.WAITING: Word("Waiting", "busy"),
    TaskState.SUCCEEDED: Word("Succeeded", "good"),
    TaskState.SUCCEEDED_WITH_WARNINGS: Word("With warnings", "warn"),
    TaskState.FAILED: Word("Failed", "bad"),
    TaskState.SKIPPED: Word("Left out", "none"),
    TaskState.CANCELLED: Word("Cancelled", "quiet"),
}

ERASING = Word("Being erased", "busy")
ERASED = Word("Erased", "good")

OUTCOMES = {
    "same": Word("The same", "good"),
    "differs": Word("Differs", "warn"),
    "gone": Word("Gone at the source", "warn"),
    "deleted": Word("Deleted", "quiet"),
    "back": Word("Back at the source", "warn"),
    "invalid": Word("Cannot be taken over", "bad"),
    "unknown": Word("Not answered", "quiet"),
}

VERDICTS = {
    "works": Word("Works", "good"),
    "refused": Word("Refused", "bad"),
    "forbidden": Word("Not allowed", "warn"),
    "unsupported": Word("Not offered", "none"),
    "unknown": Word("No usable answer", "quiet"),
    "not_tried": Word("Not tried", "quiet"),
}

WRITES = {
    "requested": Word("Asked for", "quiet"),
    "sending": Word("Being sent", "busy"),
    "unknown": Word("Being looked up", "warn"),
    "succeeded": Word("Done", "good"),
    "failed": Word("Not done", "bad"),
}

FILES = {
    "requested": Word("Asked for", "quiet"),
    "writing": Word("Being written", "busy"),
    "ready": Word("Ready", "good"),
    "failed": Word("Not written", "bad"),
}

WAYS = {"oauth": "Consent at %s", "form": "Type credentials", "link": "Use a link token of %s"}

FIRST_WAYS = {"oauth": "You consent at the system itself.", "form": "You type credentials that you made there."}

NOTICES = {
    "corrected": "Corrected. It counts at once, until the source is read again.",
    "corrected_many": "All of them are in force, each until its record is read at the source again.",
    "taken_back": "Taken back. The record says again what the source said.",
    "look_again": "The next sync reads the whole list and looks at these records anew. Sync now to have it at once.",
    "started": "The sync has been queued and begins within moments.",
    "joined": "A sync that covers yours was about to begin; yours joined it. This is its run.",
    "succeeds": "Another sync is at work on the same data; this one begins when that one has ended.",
    "repeated": "You asked for this before; here is its run. Nothing was started twice.",
    "cancelled": "It is being stopped. A read at work stops within minutes, and what it stored stays.",
    "approved": "Approved. The next sync deletes what is still missing at the source then.",
    "rejected": "The records stay. What is still missing in 30 days is asked about again.",
    "saved": "The settings are saved.",
    "paused": "Paused. Nothing is synced until somebody resumes it.",
    "resumed": "Resumed. A night that it has missed is caught up at once.",
    "disconnecting": "Disconnected. Its data and credentials are being erased; the proof is below.",
}
"""What a page says after a form was taken, by the word that stands in the address."""
