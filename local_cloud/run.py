"""What `make run` does: the deployed system, two nights of it, a judgement after each, then a server to play with."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import FrameType

from local_cloud.cloud import ROOT, start_cloud
from local_cloud.deployment import Deployment, build, deploy
from local_cloud.issuer.running import RunningIssuer
from local_cloud.nights import Night, next_night, tick_at
from local_cloud.outcome import NightOutcome, outcome, write_summary
from local_cloud.processes import Children, LocalCloudError
from local_cloud.seed import Connected, register
from local_cloud.show import Screen
from local_cloud.vendors import Vendor, start_vendors

SUMMARY = ROOT / "build" / "run-summary.json"
SCRATCH = ROOT / "build" / "local-cloud"
SIZES = {"tiny": 50, "small": 700, "medium": 5_000, "large": 33_000}
CLIENT = "planster-cli"
PATIENCE = {"tiny": 300.0, "small": 300.0, "medium": 900.0, "large": 3600.0}


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the caller may choose: PORT, SIZE (inventory items per integration), ONCE=1 to end after the nights."""

    port: int
    size: str
    ends: bool

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Wishes:
        port, size = environment.get("PORT", "4566"), environment.get("SIZE", "small")
        if not port.isdecimal():
            raise LocalCloudError(f"PORT={port} is not a number.")
        if size not in SIZES:
            raise LocalCloudError(f"SIZE={size} is unknown. Use one of: {', '.join(SIZES)}.")
        return cls(int(port), size, environment.get("ONCE", "") not in ("", "0"))


@dataclass(slots=True)
class Play:
    """The stage with everything on it."""

    deployment: Deployment
    vendors: list[Vendor]
    connected: list[Connected]
    screen: Screen
    patience: float
    nights: list[NightOutcome]

    def first_night(self) -> None:
        night = Night(self.deployment, self.connected)
        night.wait_for_tick(self.screen.waiting, seconds=150)
        self.screen.say("")
        self._watch("Night 1: everything is new", night)

    def second_night(self) -> None:
        self.screen.say("A day passes at the warehouses: some records change, appear and vanish.")
        for vendor in self.vendors:
            vendor.advance_day()
        night = Night(self.deployment, self.connected)
        tick_at(self.deployment, next_night(self.deployment, self.connected))
        self._watch("Night 2: a day later", night)

    def _watch(self, title: str, night: Night) -> None:
        with self.screen.night():
            seen = night.wait(self.screen.watch, seconds=self.patience)
        self.nights.append(outcome(self.deployment, self.connected, seen))
        self.screen.table(title, self.nights[-1])


def main() -> int:
    """0 when every task succeeded and the store equals the sources, 1 when not or when something is missing here."""
    screen = Screen()
    for number in (signal.SIGINT, signal.SIGTERM):  # SIGINT too: a shell's background job is started with it ignored
        signal.signal(number, _interrupt)
    nights: list[NightOutcome] = []
    try:
        wishes = Wishes.of(os.environ)
        with Children(SCRATCH / "logs") as children, RunningIssuer() as issuer:
            _play(wishes, children, issuer, screen, nights)
    except LocalCloudError as error:
        screen.say(f"\n{error}")
        return 1
    except KeyboardInterrupt:
        screen.say("\nStopped.")
        return 130 if len(nights) < 2 else 0
    finally:
        write_summary(SUMMARY, nights)
        shutil.rmtree(SCRATCH / "cloud" / "tmp", ignore_errors=True)
    return 0 if len(nights) == 2 and all(night.is_good for night in nights) else 1


def _play(
    wishes: Wishes, children: Children, issuer: RunningIssuer, screen: Screen, nights: list[NightOutcome]
) -> None:
    began = time.monotonic()
    cloud = start_cloud(children, port=wishes.port, scratch=SCRATCH / "cloud")
    vendors = start_vendors(children, size=SIZES[wishes.size])
    screen.say("Building and deploying template.yaml to the local cloud ...")
    deployment = replace(deploy(cloud, build(), issuer.parameters), proof=issuer.proof)
    connected = register(deployment, vendors)
    screen.say(f"Deployed in {time.monotonic() - began:.0f} s; {len(connected)} integrations are due.")
    play = Play(deployment, vendors, connected, screen, PATIENCE[wishes.size], nights)
    play.first_night()
    play.second_night()
    verdict = "Every task succeeded." if all(night.is_good for night in nights) else "Something is wrong; see above."
    screen.say(f"{verdict} Summary: {SUMMARY.relative_to(ROOT)}; logs: {(SCRATCH / 'logs').relative_to(ROOT)}")
    _say_what_to_try(screen, deployment, connected[0], issuer)
    if not wishes.ends:
        screen.say("Serving until Ctrl-C.")
        children.wait()


def _say_what_to_try(screen: Screen, deployment: Deployment, one: Connected, issuer: RunningIssuer) -> None:
    organisation = one.integration.organisation
    machine = f"{organisation}-machine"
    form = f"grant_type=client_credentials&client_id={machine}&client_secret={issuer.machine_secrets[machine]}"
    aim = f"--url {deployment.api_url} --organisation {organisation} --issuer {issuer.url} --client-id {CLIENT}"
    screen.say(f"API: {deployment.api_url}")
    screen.say(f"Tokens, good for ten minutes: {issuer.url}, or")
    screen.say(f"     curl -s -d '{form}' {issuer.url}/token")
    screen.say(f"Try: .venv/bin/planster target add local {aim}")
    screen.say("     .venv/bin/planster login")
    screen.say(f"     .venv/bin/planster sync {one.integration.id} --follow")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):  # a second Ctrl-C must not cut the stopping short
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
