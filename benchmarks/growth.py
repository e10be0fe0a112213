"""How time and memory grow from 100 to 100,000 students, beside plain models.

``python -m benchmarks.growth`` runs whole commands over 1x ... 1,000x of 100 students, 3 companies,
40 slots and 8 seats, and the plain models until they take longer than two minutes (about 15 minutes
in all). It writes ``results/<version>-growth.md`` and two plots into ``docs/images``.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import scheduler
from benchmarks.command import program
from benchmarks.peers.cp_sat import cp_sat
from benchmarks.peers.highs import highs
from benchmarks.peers.run import STOPPING_S
from benchmarks.plot import log_chart
from benchmarks.report import RESULTS, Part, heading, say
from benchmarks.tree import TreeRun, run_tree
from scheduler.generate import generate_event
from scheduler.importers import load_event, write_event

FACTORS = (1, 3, 10, 30, 100, 300, 1_000)
STUDENTS, COMPANIES, SLOTS, SEATS, SEED = 100, 3, 40, 8, 1
LIMIT_S = 600.0
PEER_LIMIT_S = 120.0
OURS = "Company Dating"
PEERS = {"CP-SAT": cp_sat, "HiGHS": highs}
WORKERS = 2
IMAGES = Path(__file__).parents[1] / "docs" / "images"


def measure(factors: Sequence[int], folder: Path) -> dict[str, list[tuple[int, TreeRun]]]:
    """Run everybody on every size; a peer that does not prove in time is asked no more."""
    runs: dict[str, list[tuple[int, TreeRun]]] = {OURS: [], **{name: [] for name in PEERS}}
    waiting = list(PEERS)
    for factor in factors:
        event = folder / f"event-{factor}"
        _write(event, factor)
        say(f"{STUDENTS * factor:,} students")
        limit = ["--time-limit", str(LIMIT_S)]
        solve = [*program(), "solve", str(event), "--out", str(folder / "out"), *limit]
        run = run_tree(solve, limit_s=LIMIT_S)
        summary = json.loads((folder / "out" / "summary.json").read_text())
        if run.exit_status or summary["status"] != "optimal":
            raise SystemExit(f"{STUDENTS * factor} students were not proven: {run}")
        runs[OURS].append((STUDENTS * factor, run))
        for name in list(waiting):
            say(f"{STUDENTS * factor:,} students, {name}")
            peer = [sys.executable, "-m", "benchmarks.growth", "--peer", name, str(event)]
            run = run_tree(peer, limit_s=PEER_LIMIT_S + 60)
            runs[name].append((STUDENTS * factor, run))
            if run.exit_status != 0:
                waiting.remove(name)
    return runs


def _write(folder: Path, factor: int) -> None:
    event = generate_event(
        students=STUDENTS * factor,
        companies=COMPANIES * factor,
        slots=SLOTS,
        seats=SEATS,
        seed=SEED,
        with_absences=True,
    )
    write_event(event, folder)


def _ask_peer(name: str, folder: Path) -> int:
    answer = PEERS[name](load_event(folder).event, PEER_LIMIT_S, WORKERS)
    is_proven = answer.meetings is not None and None not in answer.bounds
    return 0 if is_proven and answer.seconds < PEER_LIMIT_S - STOPPING_S else 1


def part_of(runs: dict[str, list[tuple[int, TreeRun]]]) -> Part:
    """The table of all runs."""
    columns = ["students", *(f"{name}, {unit}" for name in runs for unit in ("s", "MB"))]
    part = Part("growth", "Growth", columns)
    for students, _ in runs[OURS]:
        cells = []
        for own in runs.values():
            run = dict(own).get(students)
            if run is None:
                cells += ["-", "-"]
            else:
                more = "" if run.exit_status == 0 else "> "
                cells += [f"{more}{run.seconds:.1f}", f"{more}{run.peak_mb:,.0f}"]
        part.rows.append((f"{students:,}", *cells))
    part.notes += [
        f"{COMPANIES} companies per {STUDENTS} students, {SLOTS} slots, {SEATS} seats, up to 10 "
        f"wishes, absences, seed {SEED}. Everything proven, except after >: "
        f"the peer gave up at {PEER_LIMIT_S:.0f} s, and was not asked larger ones (-).",
        "Whole command, files to files; a peer reads the same files and solves the plain model. "
        "Memory: proportional set size of the process and all its children together, sampled.",
    ]
    return part


def draw(runs: dict[str, list[tuple[int, TreeRun]]]) -> None:
    """Both plots."""
    for name, unit, of in (
        ("growth-time", "seconds", lambda run: run.seconds),
        ("growth-memory", "MB, all processes together", lambda run: run.peak_mb),
    ):
        lines = {
            who: [(students, of(run), run.exit_status == 0) for students, run in own]
            for who, own in runs.items()
        }
        chart = log_chart(
            f"From files to a proven timetable: {unit} (open: given up)", "students", unit, lines
        )
        (IMAGES / f"{name}.svg").write_text(chart, encoding="utf-8")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, write, draw."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--largest", type=int, default=FACTORS[-1], help="largest factor")
    parser.add_argument("--peer", nargs=2, metavar=("NAME", "EVENT"), help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.peer:
        return _ask_peer(arguments.peer[0], Path(arguments.peer[1]))
    with tempfile.TemporaryDirectory() as folder:
        factors = [factor for factor in FACTORS if factor <= arguments.largest]
        runs = measure(factors, Path(folder))
    text = f"{heading()}\n{part_of(runs).markdown()}"
    print(text)
    draw(runs)
    (RESULTS / f"{scheduler.__version__}-growth.md").write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
