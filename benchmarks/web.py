"""The web application under its loads: ``python -m benchmarks.web`` (seven minutes).

Pages, the timetable in a browser, and everybody at once; writes ``results/<version>-pages.md``. Let
nothing else run meanwhile.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import scheduler
from benchmarks.claims import renew_pages
from benchmarks.grid import grid
from benchmarks.pages import pages
from benchmarks.report import RESULTS, Part, heading
from benchmarks.storm import storm

PARTS: dict[str, Callable[[Path], Part]] = {"pages": pages, "grid": grid, "storm": storm}


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print and write; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.web", description=__doc__)
    parser.add_argument("--only", choices=PARTS, help="one part; writes nothing")
    arguments = parser.parse_args(argv)
    done = []
    for name in [arguments.only] if arguments.only else PARTS:
        with tempfile.TemporaryDirectory() as folder:
            done.append(PARTS[name](Path(folder)))
        print(done[-1].markdown(), flush=True)
    if not arguments.only:
        text = "\n".join([heading(), *(part.markdown() for part in done)])
        path = RESULTS / f"{scheduler.__version__}-pages.md"
        path.write_text(text, encoding="utf-8")
        print(f"Written: {path}", *renew_pages(), sep="\n")
    return 0 if all(part.is_good for part in done) else 1


if __name__ == "__main__":
    sys.exit(main())
