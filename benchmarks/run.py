"""Run every part of the benchmark, print its tables and write them to ``results``."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.against_peers import against_peers
from benchmarks.report import Part, heading, write
from benchmarks.whole_command import Workspace, printing, real_events, whole_command

PARTS = ("peers", "command", "print", "data")
DATA_VARIABLE = "COMPANY_DATING_DATA"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure.

    Returns
    -------
    int
        1 when a proven value differs or a bar is missed, else 0.
    """
    parser = _parser()
    arguments = parser.parse_args(argv)
    if arguments.only == "data" and arguments.data is None:
        parser.error(f"--only data needs --data or {DATA_VARIABLE}")
    print(heading(), flush=True)
    done: list[Part] = []
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder), times=1 if arguments.quick else 3)
        for measure in _chosen(arguments, workspace):
            part = measure()
            print(part.markdown(), flush=True)
            done.append(part)
    if arguments.quick or arguments.only:
        print("Not the whole benchmark, so no results file was written.")
    else:
        print(f"Written: {write(done)}")
    bars = [bar for part in done for bar in part.bars]
    missed = sum(not bar.is_met for bar in bars)
    wrong = sum(len(part.wrong) for part in done)
    print(f"{len(bars)} bars, {missed} missed; {wrong} contradictions.")
    return 0 if all(part.is_good for part in done) else 1


def _chosen(arguments: argparse.Namespace, workspace: Workspace) -> list[Callable[[], Part]]:
    is_quick, data = arguments.quick, arguments.data
    measures: dict[str, Callable[[], Part]] = {
        "command": lambda: whole_command(workspace, is_quick=is_quick),
        "print": lambda: printing(workspace),
    }
    if data is not None:
        measures["data"] = lambda: real_events(workspace, data)
    measures["peers"] = lambda: against_peers(is_quick=is_quick, workers=os.cpu_count() or 1)
    return [run for name, run in measures.items() if arguments.only in (None, name)]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the small events only, each once")
    parser.add_argument("--only", choices=PARTS, help="one part")
    parser.add_argument(
        "--data",
        type=_folder,
        default=os.environ.get(DATA_VARIABLE) or None,
        help=f"a directory of real event folders (or the variable {DATA_VARIABLE})",
    )
    return parser


def _folder(text: str) -> Path:
    path = Path(text)
    if not path.is_dir():
        raise argparse.ArgumentTypeError(f"{text} is not a directory")
    return path


if __name__ == "__main__":
    sys.exit(main())
