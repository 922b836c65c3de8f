"""singer-sdk: the tap piped into the target, as a runner such as Meltano does. Variants: everything, incremental."""

from __future__ import annotations

import os
import subprocess
import sys

from benchmarks.peers.work import Work, told


def main(work: Work) -> int:
    environment = {
        **os.environ,
        "PEER_UPSTREAM": work.upstream,
        "PEER_DYNAMODB": work.dynamodb,
        "PEER_KIND": work.kind,
        "PEER_STATE": str(work.state),
        "PEER_VARIANT": work.variant,
        "PEER_TOKEN": work.token,
    }
    (work.state / "config.json").write_text("{}")
    state = work.state / "state.json"
    command = [sys.executable, "-m", "benchmarks.peers.singer_tap", "--config", str(work.state / "config.json")]
    command += ["--state", str(state)] if work.variant == "incremental" and state.exists() else []
    with (work.state / "tap.log").open("w") as log:
        tap = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, env=environment)
        target = [sys.executable, "-m", "benchmarks.peers.singer_target"]
        ended = subprocess.run(target, stdin=tap.stdout, env=environment, check=False)
        return ended.returncode or tap.wait()


if __name__ == "__main__":
    sys.exit(main(told("everything", "incremental")))
