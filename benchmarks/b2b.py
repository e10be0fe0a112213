"""Solves every business-to-business instance of a folder: ``python -m benchmarks.b2b DIR``."""

from __future__ import annotations

import argparse
import csv
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.dzn import read_placing
from scheduler.strategies.meetings.minimise import minimise_breaks
from scheduler.strategies.meetings.problem import Outcome, Status
from scheduler.strategies.meetings.verify import count_breaks, violations

FAIRNESS = 2


@dataclass(frozen=True, slots=True)
class Published:
    """What the paper says of an instance: optimum and seconds of its best MaxSAT."""

    optimum: int
    maxsat_s: float


def main(arguments: list[str] | None = None) -> int:
    """Solve, verify and print; 0 only when every published optimum is proven."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--time-limit-s", type=float, default=120.0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args(arguments)
    published = read_published(options.folder / "published.csv")
    print(f"{'instance':28} {'status':10} {'breaks':>6} {'bound':>5} {'s':>7}  optimum  maxsat_s")
    total_s, are_all_proven = 0.0, True
    for path in sorted(options.folder.glob("*.dzn")):
        began = time.perf_counter()
        problem = read_placing(path, fairness=FAIRNESS)
        outcome = minimise_breaks(
            problem,
            time_limit_s=options.time_limit_s,
            seed=options.seed,
            workers=options.workers,
        )
        seconds = time.perf_counter() - began
        total_s += seconds
        known = published.get(path.stem)
        wrong = violations(problem, outcome.slots) if outcome.slots else []
        if outcome.slots and sum(count_breaks(problem, outcome.slots).values()) != outcome.breaks:
            wrong.append("the breaks are counted wrongly")
        is_proven = outcome.status is Status.OPTIMAL and not wrong
        if known and not (is_proven and outcome.breaks == known.optimum):
            are_all_proven = False
        are_all_proven = are_all_proven and not wrong
        print(_line(path.stem, outcome, seconds, known), *wrong, flush=True)
    print(f"{'sum':28} {'':10} {'':6} {'':5} {total_s:7.2f}", end="")
    print(f"  {'':7}  {sum(known.maxsat_s for known in published.values()):8.1f}")
    return 0 if are_all_proven else 1


def read_published(path: Path) -> dict[str, Published]:
    """Published values by instance; empty when there is no such file."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["instance"]: Published(int(row["optimum"]), float(row["maxsat_s"]))
            for row in csv.DictReader(file)
        }


def _line(name: str, outcome: Outcome, seconds: float, known: Published | None) -> str:
    breaks = "-" if outcome.breaks is None else str(outcome.breaks)
    text = f"{name:28} {outcome.status.value:10} {breaks:>6} {outcome.bound:5} {seconds:7.2f}"
    if known is None:
        return f"{text}  {'':7}  {'':8}  ({outcome.by})"
    is_slow = seconds > max(3.0, 1.5 * known.maxsat_s)
    mark = " SLOW" if is_slow else ""
    return f"{text}  {known.optimum:7}  {known.maxsat_s:8.1f}  ({outcome.by}){mark}"


if __name__ == "__main__":
    sys.exit(main())
