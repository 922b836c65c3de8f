"""`planster check-draft` and `planster write`, run as a person runs them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from planster_sync.entry.api.app import build_app
from planster_sync.entry.cli import main
from planster_sync.ports.write_backs import WriteState
from tests.engine.world import World
from tests.fakes.writable_vendor import declared
from tests.integration.api.caller import http_event, shop_of

Capture = pytest.CaptureFixture[str]
DRAFT = {"reference": "PO-1", "warehouse_id": "wh-1", "lines": [{"sku": "SOAP", "quantity": 12}]}


@dataclass
class Deployed:
    """The API behind real HTTP; `headers` are those of the last request."""

    url: str
    world: World
    headers: dict[str, str] = field(default_factory=dict)

    def end(self, state: WriteState, reference: str = "PO-1") -> None:
        there = self.world.stores.writes.get("org1", "int1", reference)
        assert there is not None
        self.world.stores.writes.change(there, replace(there, state=state, check_at=None))

    def argv(self, action: str, *more: str) -> list[str]:
        named = ["--api", self.url, "--organisation", "org1", "--integration", "int1", "--auth", "none"]
        return ["write", action, *named, *more]


@contextmanager
def _served() -> Iterator[Deployed]:
    world = World()
    app = build_app(shop_of(world, capabilities=lambda name: declared()))
    found = Deployed("", world)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.headers = {name.lower(): value for name, value in self.headers.items()}
            length = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(length).decode() if length else None
            answer = app.resolve(http_event(self.command, self.path, body), LambdaContext())
            content = answer["body"].encode()
            self.send_response(answer["statusCode"])
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_POST = do_PATCH = do_GET  # noqa: N815  the names that the server asks for

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        found.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def deployed() -> Iterator[Deployed]:
    with _served() as found:
        yield found


def file(folder: Path, content: Any) -> str:
    path = folder / "body.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return str(path)


def test_a_draft_that_the_connector_can_take_passes(tmp_path: Path, capsys: Capture) -> None:
    assert main(["check-draft", "--connector", "trackstar", file(tmp_path, DRAFT)]) == 0
    assert capsys.readouterr().err == ""


def test_every_problem_of_a_draft_is_told_with_its_field(tmp_path: Path, capsys: Capture) -> None:
    wrong = {**DRAFT, "lines": [{"inventory_item_id": "i", "quantity": 0}]}

    code = main(["check-draft", "--connector", "trackstar", file(tmp_path, wrong)])

    told = capsys.readouterr().err.splitlines()
    assert code == 4
    assert {line.partition(":")[0] for line in told} == {
        "lines.0.quantity",
        "lines.0.sku",
        "lines.0.inventory_item_id",
    }


def test_a_draft_of_another_form_is_told_with_its_place(tmp_path: Path, capsys: Capture) -> None:
    assert main(["check-draft", "--connector", "trackstar", file(tmp_path, {**DRAFT, "colour": "red"})]) == 4
    assert capsys.readouterr().err.startswith("colour: ")


def test_a_change_is_checked_against_the_rules_of_changes(tmp_path: Path, capsys: Capture) -> None:
    argv = ["check-draft", "--connector", "trackstar", "--operation", "update"]

    assert main([*argv, file(tmp_path, {"reference": "CHG-1", "expected_at": "2026-05-01T00:00:00Z"})]) == 0
    assert main([*argv, file(tmp_path, {"reference": "CHG-1"})]) == 4
    assert "nothing to change" in capsys.readouterr().err


@pytest.mark.parametrize(("content", "code"), [("{", 2), ("[]", 4)], ids=["not-json", "no-object"])
def test_a_file_that_is_no_draft_is_refused(content: str, code: int, tmp_path: Path) -> None:
    assert main(["check-draft", "--connector", "trackstar", file(tmp_path, content)]) == code


def test_an_unknown_connector_is_bad_usage(tmp_path: Path) -> None:
    assert main(["check-draft", "--connector", "nobody", file(tmp_path, DRAFT)]) == 2


def test_a_shipment_is_asked_for_and_followed_to_its_end(deployed: Deployed, tmp_path: Path, capsys: Capture) -> None:
    asked = main(deployed.argv("create", file(tmp_path, DRAFT)))
    waiting = main(deployed.argv("status", "PO-1"))
    deployed.end(WriteState.SUCCEEDED)
    ended = main(deployed.argv("status", "PO-1"))

    states = [json.loads(line)["state"] for line in capsys.readouterr().out.splitlines()]
    assert (asked, waiting, ended) == (0, 5, 0)
    assert states == ["requested", "requested", "succeeded"]


def test_a_change_names_its_shipment(deployed: Deployed, tmp_path: Path) -> None:
    change = {"reference": "CHG/1", "expected_at": "2026-05-01T00:00:00Z"}

    assert main(deployed.argv("update", "--shipment", "asn/1", file(tmp_path, change))) == 0
    write = deployed.world.stores.writes.get("org1", "int1", "CHG/1")
    assert write is not None
    assert write.shipment_id == "asn/1"
    assert main(deployed.argv("status", "CHG/1")) == 5


def test_a_failed_request_and_a_refused_one_end_with_4(deployed: Deployed, tmp_path: Path, capsys: Capture) -> None:
    main(deployed.argv("create", file(tmp_path, DRAFT)))
    deployed.end(WriteState.FAILED)

    assert main(deployed.argv("status", "PO-1")) == 4
    assert main(deployed.argv("status", "PO-9")) == 4
    assert main(deployed.argv("create", file(tmp_path, {**DRAFT, "reference": ""}))) == 4
    assert "body.reference" in capsys.readouterr().err


def test_an_api_that_is_not_there_ends_with_6(deployed: Deployed, tmp_path: Path, capsys: Capture) -> None:
    argv = deployed.argv("status", "PO-1")
    argv[argv.index(deployed.url)] = "http://127.0.0.1:9"

    assert main(argv) == 6
    assert "does not answer" in capsys.readouterr().err


def test_a_token_comes_from_the_environment(deployed: Deployed, monkeypatch: pytest.MonkeyPatch) -> None:
    argv = deployed.argv("status", "PO-1")
    argv[argv.index("none")] = "token"
    assert main(argv) == 2

    monkeypatch.setenv("PLANSTER_API_TOKEN", "canary")
    main(argv)

    assert deployed.headers["authorization"] == "Bearer canary"


def test_requests_are_signed_for_iam(deployed: Deployed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in (("ACCESS_KEY_ID", "AKIA"), ("SECRET_ACCESS_KEY", "secret"), ("REGION", "eu-central-1")):
        monkeypatch.setenv(f"AWS_{name}", value)
    argv = deployed.argv("create", file(tmp_path, DRAFT))
    argv[argv.index("none")] = "iam"

    assert main(argv) == 0
    assert "/eu-central-1/execute-api/aws4_request" in deployed.headers["authorization"]
    assert deployed.headers["host"] == urlsplit(deployed.url).netloc
