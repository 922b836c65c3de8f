"""`make smoke STACK=…` tries the whole in an account of AWS and deletes it again; WHERE=local on the local cloud.

    deploy, one night, one night whose workers are killed by their timeout, redrive, compare, delete

It says first what that costs, and asks; YES=1 answers. What it made is deleted even when something went wrong.
"""

from __future__ import annotations

import os
import platform
import re
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local_cloud.cloud import ROOT, start_cloud
from local_cloud.deployment import ARTIFACTS, build
from local_cloud.processes import Children, LocalCloudError, free_port
from local_cloud.smoke import stacks
from local_cloud.smoke.place import Place, on_local_cloud, real_account
from local_cloud.smoke.trial import Trial

SCRATCH = ROOT / "build" / "smoke"
COST = """\
This deploys two stacks, {stack} and {stack}-source, into account {account}, region {region}, and deletes them again.
It takes a quarter of an hour and costs less than $0.10: some hundred invocations, a few thousand requests to DynamoDB
and S3, alarms and metrics by the hour. If it cannot delete them, they cost about $0.15 a day until you do."""
KEPT = ("AWS::DynamoDB::Table", "AWS::S3::Bucket")


def main() -> int:
    """0 when everything held, 1 when not or when something is missing, 2 when nobody agreed."""
    stack = os.environ.get("STACK", "")
    if not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9-]{2,40}", stack):
        print("STACK= names the stacks that are made and deleted; choose a name that is not in use.", file=sys.stderr)
        return 1
    with Children(SCRATCH / "logs") as children:
        try:
            return _smoke(_place(children), stack)
        except LocalCloudError as error:
            _say(str(error))
            return 1


def _place(children: Children) -> Place:
    if os.environ.get("WHERE") != "local":
        return real_account()
    cloud = start_cloud(children, port=free_port(), scratch=SCRATCH / "cloud")
    cloud.s3.create_bucket(Bucket=ARTIFACTS, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    return on_local_cloud(cloud)


def _smoke(place: Place, stack: str) -> int:
    account = place.client("sts").get_caller_identity()["Account"]
    _say(COST.format(stack=stack, account=account, region=place.session.region_name))
    if os.environ.get("YES") != "1" and input("Type the stack's name to go on: ") != stack:
        _say("Nothing was done.")
        return 2
    if _is_there(place, stack):
        raise LocalCloudError(f"There is a stack {stack} already. Choose another name: this one would be deleted.")
    began = time.monotonic()
    try:
        _try(place, stack)
    finally:
        _delete(place, stack)
    _say(f"Everything held. {time.monotonic() - began:.0f} s")
    return 0


def _try(place: Place, stack: str) -> None:
    built, parameters, function = _built(place)
    _say("1. The vendor, a simulator as a function behind an HTTP API")
    source = stacks.deploy_source(place, stack, function)
    _say(f"  {source}")
    _say("2. The product")
    outputs = stacks.deploy(place, stack, built, parameters)
    trial = Trial(place, outputs, source, _say)
    try:
        _say("3. A night of one integration")
        trial.ordinary_night()
        _say("4. A night whose workers are killed, and its dead letters sent back")
        trial.night_of_killed_workers()
    finally:
        trial.erase_secrets()


def _built(place: Place) -> tuple[Path, Mapping[str, str], Mapping[str, Any]]:
    """The built template, its parameters, and what the simulator's function is made for."""
    if place.cloud:
        machine = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
        told = {"Runtime": f"python{sys.version_info.major}.{sys.version_info.minor}", "Architecture": machine}
        return build(), told, {"Runtime": told["Runtime"], "Architectures": [machine]}
    built = ROOT / ".aws-sam" / "build" / "template.yaml"
    if not built.exists():
        raise LocalCloudError("Nothing is built. Run `make build` first.")
    return built, {}, {"Runtime": "python3.13", "Architectures": ["arm64"]}


def _delete(place: Place, stack: str) -> None:
    """Both stacks; then what the product's keeps by its policy, which is said before it goes."""
    _say("5. Deleting")
    kept = _kept(place, stack)
    for name in (stack, f"{stack}-source"):
        if _is_there(place, name):
            stacks.delete(place, name)
            _say(f"  stack {name} is deleted")
    for kind, name in kept:
        if _outlived(place, kind, name):
            _say(f"  kept by its DeletionPolicy: {kind} {name}; deleting it by hand")
            _remove(place, kind, name)


def _kept(place: Place, stack: str) -> list[tuple[str, str]]:
    if not _is_there(place, stack):
        return []
    found = place.client("cloudformation").describe_stack_resources(StackName=stack)["StackResources"]
    return [(each["ResourceType"], each["PhysicalResourceId"]) for each in found if each["ResourceType"] in KEPT]


def _outlived(place: Place, kind: str, name: str) -> bool:
    if kind == KEPT[0]:
        return name in place.client("dynamodb").list_tables()["TableNames"]
    return name in [each["Name"] for each in place.client("s3").list_buckets()["Buckets"]]


def _remove(place: Place, kind: str, name: str) -> None:
    if kind == KEPT[0]:
        place.client("dynamodb").delete_table(TableName=name)
        return
    client = place.client("s3")
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=name):
        for each in page.get("Contents", []):
            client.delete_object(Bucket=name, Key=each["Key"])
    client.delete_bucket(Bucket=name)


def _is_there(place: Place, stack: str) -> bool:
    pages = place.client("cloudformation").get_paginator("list_stacks").paginate()
    summaries = [each for page in pages for each in page["StackSummaries"]]
    return any(each["StackName"] == stack and each["StackStatus"] != "DELETE_COMPLETE" for each in summaries)


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
