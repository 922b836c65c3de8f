"""What every peer is told: where to read, where to write, and where it may keep what it needs the next night."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zlib import crc32

from benchmarks.memory import peak_mb

TABLE: Final = "peers"
PAGE: Final = 1000
CURSOR: Final = "trackstar_updated_date"
VOLATILE: Final = "trackstar_updated_date"
HEADERS: Final = {"x-trackstar-api-key": "bench"}
REGION: Final = "eu-central-1"
_PARTITIONS = 10


@dataclass(frozen=True, slots=True)
class Work:
    """One night of one data type. `variant` is the peer's own word for how it works."""

    upstream: str
    dynamodb: str
    kind: str
    state: Path
    variant: str
    token: str

    @property
    def url(self) -> str:
        return f"{self.upstream}/wms/{self.kind}"

    @property
    def headers(self) -> dict[str, str]:
        return {**HEADERS, "x-trackstar-access-token": self.token}

    def partition(self, id_: str) -> str:
        """A data type spread over ten hash keys, as its single hot one would be too slow."""
        return f"{self.kind}#{crc32(id_.encode()) % _PARTITIONS}"

    def key(self, id_: str) -> dict[str, str]:
        return {"pk": self.partition(id_), "sk": id_}

    def client(self) -> dict[str, Any]:
        """How boto3 reaches the endpoint."""
        return {
            "endpoint_url": self.dynamodb,
            "region_name": REGION,
            "aws_access_key_id": "bench",
            "aws_secret_access_key": "bench",
        }


def told(*variants: str) -> Work:
    parser = argparse.ArgumentParser()
    parser.add_argument("variant", choices=variants)
    parser.add_argument("--upstream", required=True)
    parser.add_argument("--dynamodb", required=True)
    parser.add_argument("--data-type", required=True)
    parser.add_argument("--state", required=True, type=Path)
    parser.add_argument("--token", default="trackstar_bench")
    given = parser.parse_args()
    given.state.mkdir(parents=True, exist_ok=True)
    return Work(given.upstream, given.dynamodb, given.data_type, given.state, given.variant, given.token)


def report(records: int) -> None:
    """Says how many records were read, and this process's peak memory in MB."""
    print(f"RECORDS {records}")
    print(f"RSS_MB {peak_mb()}")
