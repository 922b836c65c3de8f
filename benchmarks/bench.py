"""The two servers of a measurement and the programs that run against them, ours and the peers'."""

from __future__ import annotations

import shutil
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import deployment, stores
from benchmarks.invoking import asked
from benchmarks.measuring import OURS, PEERS, ROOT, Measured, Server, measure, progress, server
from benchmarks.peers.work import TABLE

SCRATCH = ROOT / "build" / "bench"
_UNIFIED = {"inventory": "inventory_levels", "products": "products", "orders": "orders"}


@dataclass(frozen=True, slots=True)
class Peer:
    """One of the peers' programs, in one of its variants."""

    module: str
    variant: str

    @property
    def name(self) -> str:
        return f"{self.module}-{self.variant}"


FLOOR = Peer("floor", "fingerprints")
FLOOR_THREADS = Peer("floor", "threads")
FLOOR_TWO_LEVEL = Peer("floor", "two-level")
HANDWRITTEN = Peer("handwritten", "everything")
HASHING = Peer("handwritten", "hashes")
HANDWRITTEN_INCREMENTAL = Peer("handwritten", "incremental")
FRAMEWORKS = {
    "singer-sdk": Peer("singer", "everything"),
    "dlt": Peer("dlt_pipeline", "everything"),
    "airbyte-cdk": Peer("airbyte", "everything"),
}
INCREMENTAL = {
    "handwritten": HANDWRITTEN_INCREMENTAL,
    "singer-sdk": Peer("singer", "incremental"),
    "dlt": Peer("dlt_pipeline", "incremental"),
    "airbyte-cdk": Peer("airbyte", "incremental"),
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """What a copy got wrong against the source: records it lacks, records it should not have, old versions."""

    missing: int
    stale: int
    different: int

    @property
    def all(self) -> int:
        return self.missing + self.stale + self.different


@dataclass(frozen=True)
class Bench:
    upstream: Server
    endpoint: Server

    def begin(self) -> None:
        """An empty account of AWS with the product's tables and the peers' one."""
        shutil.rmtree(SCRATCH, ignore_errors=True)
        self.endpoint.control("clear")
        stores.create(self.endpoint.url, self.endpoint.url)
        keys = [("pk", "HASH"), ("sk", "RANGE")]
        table = {"TableName": TABLE, "KeySchema": [{"AttributeName": n, "KeyType": k} for n, k in keys]}
        asked(self.endpoint.url, "DynamoDB_20120810.CreateTable", table)

    def ours(self, kind: str, night: int, records: int) -> Measured:
        self._day(night)
        command: list[str | Path] = [OURS, "-m", "benchmarks.product", "--upstream", self.upstream.url]
        command += ["--dynamodb", self.endpoint.url, "--s3", self.endpoint.url, "--token", token(records)]
        command += ["--data-type", kind, "--night", str(night)]
        return measure(f"ours, {kind}, night {night}, {records:,}", command)

    def peer(self, peer: Peer, kind: str, night: int, records: int, *, state: Path | None = None) -> Measured:
        self._day(night)
        command: list[str | Path] = [
            PEERS,
            "-m",
            f"benchmarks.peers.{peer.module}",
            peer.variant,
            "--upstream",
            self.upstream.url,
        ]
        command += ["--dynamodb", self.endpoint.url, "--data-type", kind, "--token", token(records)]
        command += ["--state", state or self.state(peer, kind, records)]
        return measure(f"{peer.name}, {kind}, night {night}, {records:,}", command)

    def state(self, peer: Peer, kind: str, records: int) -> Path:
        return SCRATCH / f"{peer.name}-{kind}-{records}"

    def _day(self, night: int) -> None:
        self.upstream.control("day", str(night))
        self.endpoint.control("reset")

    def keep(self, name: str) -> None:
        """Keeps what is stored, and each peer's own state, as after the first night."""
        self.endpoint.control("keep", name)

    @contextmanager
    def as_kept(self, name: str, *states: Path) -> Iterator[None]:
        """What was kept is there again, and once more at the end: a second night can be measured many times."""
        copies = [(path, path.with_suffix(".kept")) for path in states]
        for path, copy in copies:
            if not copy.exists():
                shutil.copytree(path, copy)
        self.endpoint.control("restore", name)
        yield
        for path, copy in copies:
            shutil.rmtree(path)
            shutil.copytree(copy, path)

    @contextmanager
    def volatile(self) -> Iterator[None]:
        """Every untouched record differs in the vendor's own stamp."""
        self.upstream.control("volatile", "1")
        try:
            yield
        finally:
            self.upstream.control("volatile", "0")

    def warm(self, kind: str, night: int, records: int) -> None:
        """Reads the list once, so that its pages are written and kept."""
        self._day(night)
        with progress(f"writing {records:,} records of {kind}, day {night}"):
            after: str | None = ""
            while after is not None:
                url = f"{self.upstream.url}/wms/{kind}" + (f"?page_token={after}" if after else "")
                sent = urllib.request.Request(url, headers={"x-trackstar-access-token": token(records)})  # noqa: S310  our own server
                with urllib.request.urlopen(sent, timeout=60) as answer:  # noqa: S310  our own server
                    tail = answer.read()[-80:]
                found = tail.rpartition(b'"next_token":')[2].partition(b",")[0]
                after = None if found == b"null" else found.strip(b'"').decode()

    def ours_wrong(self, kind: str, records: int) -> Wrong:
        return self._wrong(kind, records, self.ours_live(kind))

    def peers_wrong(self, kind: str, records: int) -> Wrong:
        return self._wrong(kind, records, self.peers_live(kind))

    def ours_live(self, kind: str) -> dict[str, str]:
        """Id and version of every live record of the one data type that is compared."""
        partition = f"{deployment.ORGANISATION}#{deployment.INTEGRATION}#{_UNIFIED[kind]}"
        return self._live("records", partition, "updated_at&gone=_deleted_at")

    def peers_live(self, kind: str) -> dict[str, str]:
        return self._live(TABLE, f"{kind}#", "updated_date")

    def _live(self, table: str, prefix: str, version: str) -> dict[str, str]:
        query = f"table={table}&prefix={prefix.replace('#', '%23')}&version={version}"
        return _versions(self.endpoint.control("copy", query))

    def _wrong(self, kind: str, records: int, stored: dict[str, str]) -> Wrong:
        wanted = _versions(self.upstream.control("truth", f"{kind}&{token(records)}"))
        both = wanted.keys() & stored.keys()
        different = sum(wanted[id_] != stored[id_] for id_ in both)
        return Wrong(len(wanted) - len(both), len(stored) - len(both), different)


def token(records: int) -> str:
    return f"trackstar_{records}"


def _versions(lines: bytes) -> dict[str, str]:
    return dict(line.split(" ", 1) for line in lines.decode().splitlines())


def middle(runs: list[Measured]) -> float:
    """The median of the CPU seconds."""
    return median(run.cpu for run in runs)


@contextmanager
def opened() -> Iterator[Bench]:
    with server("benchmarks.upstream") as upstream, server("benchmarks.endpoints") as endpoint:
        yield Bench(upstream, endpoint)
