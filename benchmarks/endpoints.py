"""DynamoDB, S3, SQS, SSM and EventBridge on one loopback port, counting, in a process of their own.

.venv/bin/python -m benchmarks.endpoints [--port 0]

GET /_control/...   stats   reset (counts only)   clear (everything)   latency?ms=6   limit?4000,1000 (or limit?)
                    copy?table=T&prefix=P&version=ATTRIBUTE&gone=ATTRIBUTE     see `Endpoints.control`
"""

from __future__ import annotations

import argparse
from typing import Any
from urllib.parse import parse_qs

from benchmarks.dynamodb import TARGET, DynamoDB, Limit
from benchmarks.objects import Objects
from benchmarks.platform import SERVICES, Platform
from benchmarks.serving import Asked, Reply, serve
from benchmarks.tables import Table, encode

CONTROL = "/_control/"


class Endpoints:
    def __init__(self) -> None:
        self._kept: dict[str, tuple[dict[str, Table], dict[str, dict[str, bytes]], dict[str, str]]] = {}
        self._start()

    def _start(self) -> None:
        self.dynamodb = DynamoDB()
        self.objects = Objects()
        self.platform = Platform()

    def handle(self, asked: Asked) -> Reply:
        if asked.target.startswith(CONTROL):
            action, _, query = asked.target.removeprefix(CONTROL).partition("?")
            return self.control(action, query)
        target = asked.header("x-amz-target")
        if target is None:
            return self.objects.handle(asked)
        if target.startswith(TARGET):
            return self.dynamodb.handle(target.removeprefix(TARGET), asked)
        if target.startswith(SERVICES):
            return self.platform.handle(target, asked)
        return Reply(encode({"__type": "UnknownOperationException", "message": target}), 400)

    def control(self, action: str, query: str) -> Reply:
        """`latency` holds for DynamoDB alone; `copy` tells id and version of every item that is not gone."""
        if action == "clear":
            self._start()
        elif action == "keep":
            self.dynamodb.settle()
            self._kept[query] = self._state()
        elif action == "restore":
            self.dynamodb.settle()
            self.dynamodb.tables, self.objects.buckets, self.platform.secrets = self._kept[query]
            self._kept[query] = self._state()
        elif action == "reset":
            self._forget_counts()
        elif action == "latency":
            self.dynamodb.latency = float(query.removeprefix("ms=")) / 1000
        elif action == "limit":
            total, _, partition = query.partition(",")
            self.dynamodb.limit = Limit(float(total), float(partition)) if total else None
        elif action == "copy":
            return self._copy({name: values[0] for name, values in parse_qs(query).items()})
        elif action != "stats":
            return Reply(encode({"error": f"There is no control {action}."}), 404)
        return Reply(encode(self._told()))

    def _state(self) -> tuple[dict[str, Table], dict[str, dict[str, bytes]], dict[str, str]]:
        """All that is stored, in containers of its own."""
        tables = {name: table.copied() for name, table in self.dynamodb.tables.items()}
        buckets = {name: dict(objects) for name, objects in self.objects.buckets.items()}
        return tables, buckets, dict(self.platform.secrets)

    def _forget_counts(self) -> None:
        self.dynamodb.forget_counts()
        self.objects.requests.clear()
        self.objects.bytes_in = self.objects.bytes_out = 0
        self.platform.requests.clear()
        self.platform.entries.clear()

    def _told(self) -> dict[str, Any]:
        objects, kept = self.objects, sum(len(c) for bucket in self.objects.buckets.values() for c in bucket.values())
        return {
            "dynamodb": self.dynamodb.told(),
            "s3": {
                "requests": dict(objects.requests),
                "bytes_in": objects.bytes_in,
                "bytes_out": objects.bytes_out,
                "bytes_kept": kept,
            },
            "platform": self.platform.told(),
        }

    def _copy(self, given: dict[str, str]) -> Reply:
        self.dynamodb.settle()
        lines = [
            f"{item['id']['S']} {item.get(given['version'], {}).get('S', '')}\n"
            for item in self.dynamodb.tables[given["table"]].live(given.get("prefix", ""))
            if given.get("gone", "") not in item
        ]
        return Reply("".join(lines).encode())


def main() -> None:
    parser = argparse.ArgumentParser(description="DynamoDB, S3, SQS, SSM and EventBridge for measuring.")
    parser.add_argument("--port", type=int, default=0)
    serve(Endpoints().handle, parser.parse_args().port)


if __name__ == "__main__":
    main()
