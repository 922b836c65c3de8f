"""Prints what every alarm does when its fault is done to the system: `python -m tests.watch`."""

from __future__ import annotations

from tests.watch.faults import FAULTS, verdict


def main() -> None:
    print("| alarm | fault injected | before | with the fault | mended |")
    print("| --- | --- | --- | --- | --- |")
    for alarm in FAULTS:
        found = verdict(alarm)
        print(f"| {found.name.removeprefix('watched ')} | {found.injected} | {' | '.join(found.states)} |")


if __name__ == "__main__":
    main()
