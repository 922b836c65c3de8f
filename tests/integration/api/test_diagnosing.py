"""The bundle for support: everything that helps, nothing that is secret or personal, and never too large."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, SecretStr

from planster_sync.entry.api.diagnosing import MOST_BYTES, MOST_RUNS
from planster_sync.errors import SettingsInvalid
from planster_sync.model.data_types import DataType
from planster_sync.model.runs import Mode, Problem, RunStatus
from planster_sync.model.streams import Lease
from planster_sync.ports.stores import QuarantineEntry
from tests.engine.world import World
from tests.integration.api.caller import HOME, Answer, Api, token
from tests.integration.api.stocked import stocked

DIAGNOSE = f"{HOME}/int1/diagnose"
CANARIES = {
    "name": "Canary Person's warehouse",
    "declared secret": "canary-signing-phrase",
    "undeclared setting": "canary-forgotten",
    "password in a setting": "canary-pw",
    "e-mail in a problem": "canary.person@example.com",
    "telephone in a problem": "+49 151 2345 6789",
    "token in a problem": "Bearer c4n4ryT0k3nC4n4ryT0k3n",
    "source id": "canary-customer-17",
    "excerpt": "canary-excerpt",
    "order": "canary-buyer",
    "held": "canary-held-id",
    "subject": "canary-subject",
}


class Settings(BaseModel):
    base_url: str
    shop: str
    phrase: SecretStr | None = None


def planted() -> World:
    """A world with a canary in every place that is stored."""
    world = World(name=CANARIES["name"])
    world.source.declared = replace(world.source.declared, settings=Settings)
    world.source.fill(2)
    world.source.order(CANARIES["held"])
    world.source.order(CANARIES["source id"], broken=True, buyer=CANARIES["order"])
    world.night()
    world.sync(DataType.ORDERS)
    world.change(
        settings={
            "base_url": f"https://user:{CANARIES['password in a setting']}@wms.example.com/v1",
            "shop": "north",
            "phrase": CANARIES["declared secret"],
            "forgotten": CANARIES["undeclared setting"],
        },
        problem=_leaking(),
    )
    key = world.stream().key
    entry = QuarantineEntry(CANARIES["source id"], _leaking(), "buyer", CANARIES["excerpt"], world.clock.now())
    world.stores.quarantine.put(Lease(key, 9, "h", "run-1", world.clock.now()), [entry])
    return world


def _leaking() -> Problem:
    told = ("e-mail in a problem", "telephone in a problem", "token in a problem")
    return Problem("write_refused", " ".join(CANARIES[each] for each in told), "Ask support.", retryable=False)


def diagnosed(world: World) -> Answer:
    return Api(world).get(DIAGNOSE)


def test_the_bundle_has_what_helps_to_find_out_what_is_wrong() -> None:
    world = World()
    world.source.fill(12)
    world.source.order("wrong", broken=True)
    run = world.night()

    bundle = diagnosed(world).body

    assert (bundle["status"]["id"], bundle["status"]["health"]) == ("int1", "attention")
    assert bundle["status"]["action"]["code"] == "records_quarantined"
    assert [each["id"] for each in bundle["runs"]] == [run.id]
    assert bundle["runs"][0]["tasks"][0]["warnings"][0]["code"] == "records_quarantined"
    assert [(each["read"], each["has_index"], each["last_run"]) for each in bundle["reads"]] == [
        ("orders", True, run.id),
        ("warehouses", True, run.id),
    ]
    assert [(each["code"], each["path"], each["count"]) for each in bundle["set_aside"]] == [
        ("record_invalid", "lines.0.quantity", 1)
    ]
    assert bundle["connector"]["mapping_version"] == world.source.declared.mapping_version
    assert bundle["settings"]["deletion_guard"] == {"share": 0.5, "count": 20, "count_share": 0.1}
    assert bundle["not_kept"] != []


def test_it_is_a_file_to_download() -> None:
    answer = diagnosed(World())

    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="planster-diagnosis-2026')
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_no_secret_and_no_personal_data_is_in_it() -> None:
    world = planted()
    world.clock.advance(3600)
    world.starter.cancel(
        world.starter.by_hand(world.integration, world.source.declared, (), Mode.SNAPSHOT, CANARIES["subject"]).run,
        CANARIES["subject"],
    )
    world.work()
    world.clock.advance(3600)
    for row in list(world.source.orders):
        del world.source.orders[row]
    world.source.order("the-only-one")
    asked = Api(world).post(f"{HOME}/int1/sync", {"mode": "snapshot"}, authorizer=token(subject=CANARIES["subject"]))
    world.work()

    answer = diagnosed(world)

    text = json.dumps(answer.body, ensure_ascii=False)
    assert (answer.status, asked.status) == (200, 202)
    assert [name for name, canary in CANARIES.items() if canary in text] == []
    assert not any(part in text for part in ("canary", "Canary", "c4n4ry", "2345"))
    assert answer.body["settings"]["connector_settings"]["shop"] == "north"
    assert answer.body["settings"]["connector_settings"]["phrase"] == "[redacted]"
    held = [each["held"] for each in answer.body["status"]["data_types"] if each["held"]]
    assert held
    assert all(each["count"] > 0 and each["examples"] == [] for each in held)


def test_a_sample_names_stored_records_and_holds_nothing_of_them() -> None:
    world = stocked("a", "b")

    bundle = diagnosed(world).body

    assert sorted((each["data_type"], each["record"]) for each in bundle["samples"]) == [
        ("inventory_levels", "a"),
        ("inventory_levels", "b"),
    ]
    assert set(bundle["samples"][0]) == {"data_type", "record", "read_at", "changed_at"}


def test_it_is_never_too_large_and_says_how_many_runs_it_leaves_out() -> None:
    world = World()
    long = Problem("answer_broken", "The answer was odd. " * 500, "Report it.", retryable=True)
    run = world.sync(DataType.ORDERS)
    failed = {read: replace(task, problem=long, warnings=(long,)) for read, task in run.tasks.items()}
    for number in range(20):
        world.stores.runs.create(replace(run, id=f"20260302T0{number:05d}Z", tasks=failed, status=RunStatus.FAILED))

    answer = diagnosed(world)

    assert answer.body["runs_left_out"] > 0
    assert len(answer.body["runs"]) + answer.body["runs_left_out"] == MOST_RUNS
    assert answer.body["runs"][0]["id"] == "20260302T000019Z"
    assert len(json.dumps(answer.body)) < MOST_BYTES * 1.1


def test_an_integration_whose_connector_is_not_known_is_diagnosed_all_the_same() -> None:
    world = World()

    def none(name: str) -> Any:
        raise SettingsInvalid(f"There is no connector {name}.")

    answer = Api(world, {"capabilities": none}).get(DIAGNOSE)

    assert (answer.status, answer.body["connector"], answer.body["reads"]) == (200, None, [])
    assert answer.body["status"]["problem"]["code"] == "settings_invalid"


def test_what_is_not_there_cannot_be_diagnosed() -> None:
    assert Api().get(f"{HOME}/int9/diagnose").status == 404
