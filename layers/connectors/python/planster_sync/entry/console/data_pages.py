"""The pages about records, and about why a number is wrong: each with the scope that the API asks for the same."""

from __future__ import annotations

from planster_sync.entry.api.caller import Scope
from planster_sync.entry.console.aside_pages import AsidePages
from planster_sync.entry.console.bulk_pages import BulkPages
from planster_sync.entry.console.check_pages import CheckPages
from planster_sync.entry.console.correction_pages import CorrectionPages
from planster_sync.entry.console.desk import Desk
from planster_sync.entry.console.export_pages import ExportPages
from planster_sync.entry.console.records_pages import RecordPages
from planster_sync.entry.console.route import INTEGRATION, Route
from planster_sync.entry.console.shipment_pages import ShipmentPages
from planster_sync.entry.console.support_pages import SupportPages
from planster_sync.entry.console.verify_pages import VerifyPages


def data_pages(desk: Desk) -> list[Route]:
    records, aside, corrections = RecordPages(desk), AsidePages(desk), CorrectionPages(desk)
    return [
        Route("GET", f"{INTEGRATION}/records", records.list_all),
        Route("GET", f"{INTEGRATION}/records/<data_type>/<record>", records.show),
        *_files(ExportPages(desk)),
        Route("GET", f"{INTEGRATION}/diagnosis", SupportPages(desk).bundle),
        Route("GET", f"{INTEGRATION}/aside", aside.list_all),
        Route("POST", f"{INTEGRATION}/aside/<data_type>/retry", aside.retry, Scope.OPERATE),
        Route("GET", f"{INTEGRATION}/corrections", corrections.list_all),
        *_asking(desk),
        *_correcting(desk, corrections),
        *_writing(desk),
    ]


def _files(exports: ExportPages) -> list[Route]:
    """A file tells what the lists tell, and so takes what they take."""
    return [
        Route("GET", f"{INTEGRATION}/exports/<data_type>", exports.export),
        Route("POST", f"{INTEGRATION}/exports/<data_type>", exports.ask),
        Route("GET", f"{INTEGRATION}/files/<export>", exports.show),
        Route("GET", f"{INTEGRATION}/files/<export>/live", exports.live),
        Route("GET", f"{INTEGRATION}/files/<export>/fetch", exports.fetch),
    ]


def _asking(desk: Desk) -> list[Route]:
    """What the warehouse system itself is asked."""
    verify, check = VerifyPages(desk), CheckPages(desk)
    return [
        Route("GET", f"{INTEGRATION}/verify", verify.show, Scope.OPERATE),
        Route("POST", f"{INTEGRATION}/verify", verify.verify, Scope.OPERATE),
        Route("GET", f"{INTEGRATION}/check", check.show, Scope.OPERATE),
        Route("POST", f"{INTEGRATION}/check", check.check, Scope.OPERATE),
    ]


def _correcting(desk: Desk, corrections: CorrectionPages) -> list[Route]:
    bulk, corrected = BulkPages(desk), f"{INTEGRATION}/corrections/<data_type>"
    return [
        Route("GET", f"{INTEGRATION}/corrections/new", corrections.find, Scope.OPERATE),
        Route("GET", f"{INTEGRATION}/corrections/bulk", bulk.show, Scope.OPERATE),
        Route("POST", f"{INTEGRATION}/corrections/bulk", bulk.take, Scope.OPERATE),
        Route("POST", f"{corrected}/make/<record>", corrections.make, Scope.OPERATE),
        Route("POST", f"{corrected}/take-back/<record>", corrections.take_back, Scope.OPERATE),
    ]


def _writing(desk: Desk) -> list[Route]:
    shipments = ShipmentPages(desk)
    return [
        Route("GET", f"{INTEGRATION}/shipments/new", shipments.show, Scope.OPERATE),
        Route("POST", f"{INTEGRATION}/shipments/new", shipments.take, Scope.OPERATE),
        Route("GET", f"{INTEGRATION}/shipments/change/<shipment>", shipments.show_change, Scope.OPERATE),
        Route("POST", f"{INTEGRATION}/shipments/change/<shipment>", shipments.take_change, Scope.OPERATE),
        Route("GET", f"{INTEGRATION}/shipments/sent/<reference>", shipments.sent),
        Route("GET", f"{INTEGRATION}/shipments/live/<reference>", shipments.live),
    ]
