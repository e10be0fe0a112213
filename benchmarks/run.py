"""Run every part of the benchmark, print its tables and write them to ``results``.

A part is a function from the workspace to what it has to say, and a line in `PARTS`.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.against_peers import against_peers
from benchmarks.claims import renew_pages
from benchmarks.comfort import comfort
from benchmarks.repairs import repairs
from benchmarks.report import Part, heading, write
from benchmarks.whole_command import printing, real_events, whole_command
from benchmarks.workspace import Workspace

PARTS: dict[str, Callable[[Workspace], Part]] = {
    "command": whole_command,
    "print": printing,
    "repair": repairs,
    "data": real_events,
    "comfort": comfort,
    "peers": against_peers,
}
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
        workspace = Workspace(Path(folder), is_quick=arguments.quick, data=arguments.data)
        for name in [arguments.only] if arguments.only else PARTS:
            part = PARTS[name](workspace)
            print(part.markdown(), flush=True)
            done.append(part)
    if arguments.quick or arguments.only:
        print("Not the whole benchmark, so no results file was written.")
    else:
        print(f"Written: {write(done)}", *renew_pages(), sep="\n")
    bars = [bar for part in done for bar in part.bars]
    missed = sum(not bar.is_met for bar in bars)
    wrong = sum(len(part.wrong) for part in done)
    print(f"{len(bars)} bars, {missed} missed; {wrong} contradictions.")
    return 0 if all(part.is_good for part in done) else 1


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
