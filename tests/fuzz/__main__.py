"""Schemathesis against the deployed local cloud: the template's own API, functions in processes of their own.

    python -m tests.fuzz                  from a fresh seed, which is printed
    SEED=7 EXAMPLES=20 python -m ...      from that one, so many random requests for each operation
    SECONDS=300 python -m ...             each act (reading and writing; settings; disconnecting) at most so long

Writes build/fuzz.txt. Ends with 1 where a check did not hold.
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from local_cloud.cloud import start_cloud
from local_cloud.deployment import Deployment, build, deploy
from local_cloud.issuer.running import RunningIssuer
from local_cloud.nights import Night, tick_at
from local_cloud.processes import Children, free_port
from local_cloud.seed import register
from local_cloud.vendors import start_stocked
from planster_sync.model.integrations import Integration
from tests.fuzz.campaign import Plan, run, told
from tests.fuzz.samples import WEBHOOK, samples_for

OUTPUT = Path("build/fuzz.txt")
SCRATCH = Path("build/fuzz").absolute()
PARAMETERS = {"TickRate": "rate(24 hours)", "OrganisationRequestsPerMinute": "100000"}


def main() -> int:
    given = os.environ
    seed = int(given.get("SEED") or secrets.randbelow(10**9))
    seconds = int(given["SECONDS"]) if given.get("SECONDS") else None
    print(f"Seed {seed}. Building and deploying template.yaml to the local cloud ...", flush=True)
    with Children(SCRATCH / "logs") as children, RunningIssuer() as issuer:
        cloud = start_cloud(children, port=free_port(), scratch=SCRATCH / "cloud")
        vendor = start_stocked(children, size=40, accounts=2)
        deployment = replace(deploy(cloud, build(), {**PARAMETERS, **issuer.parameters}), proof=issuer.proof)
        connected = register(deployment, [vendor])
        night = Night(deployment, connected)
        tick_at(deployment, datetime.now(UTC))
        night.wait(lambda _: None, seconds=180)
        one = connected[0].integration

        def token() -> str:
            return issuer.proof(one.organisation)["authorization"].removeprefix("Bearer ")

        known = {"organisation": [one.organisation], "integration": [one.id], **_known(deployment, one)}
        known["webhook"] = [deployment.ask(one.organisation, "webhooks", WEBHOOK)["id"]]
        plan = Plan(seed, int(given.get("EXAMPLES") or 10), known, samples_for(one.id, known), seconds, token)
        print("Asking ...", flush=True)
        outcome = run(deployment.api_url, plan)
    text = told(outcome)
    OUTPUT.write_text(text + "\n")
    print(text)
    return 1 if outcome.findings or outcome.errors else 0


def _known(deployment: Deployment, one: Integration) -> Mapping[str, list[str]]:
    runs = deployment.ask(one.organisation, f"integrations/{one.id}/runs")["runs"]
    records = deployment.ask(one.organisation, f"integrations/{one.id}/records/products")["records"]
    return {"run": [each["id"] for each in runs], "record": [each["id"] for each in records[:5]]}


if __name__ == "__main__":
    sys.exit(main())
