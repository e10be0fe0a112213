"""Plant the faults and run the tests that must catch them: ``python -m tests.faults [WORD ...]``.

With words, only faults whose text or file has one of them.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.faults.fault import Fault
from tests.faults.planted import faults

ROOT = Path(__file__).parents[2]
COPIED = ("scheduler", "tests", "examples", "docs", "pyproject.toml", "README.md")
AT_ONCE = 2
LONGEST_S = 600


def plant(fault: Fault, package: Path) -> None:
    """Put the fault into a copy of the package.

    Raises
    ------
    ValueError
        The text to replace does not stand exactly once in the file.
    """
    file = package / fault.file
    text = file.read_text(encoding="utf-8")
    if text.count(fault.was) != 1:
        raise ValueError(f"{fault.file}: {fault.was!r} stands {text.count(fault.was)} times")
    file.write_text(text.replace(fault.was, fault.becomes), encoding="utf-8")


def catcher(fault: Fault, *, is_planted: bool = True) -> str | None:
    """The first test that fails with the fault, or in a copy without it; None when all pass."""
    with tempfile.TemporaryDirectory() as folder:
        for name in COPIED:
            source, target = ROOT / name, Path(folder) / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, target)
        if is_planted:
            plant(fault, Path(folder) / "scheduler")
        command = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", fault.tests]
        run = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=LONGEST_S, check=False
        )
    if run.returncode == 0:
        return None
    failed = re.search(r"^FAILED \S+::(\w+)", run.stdout, re.MULTILINE)
    if run.returncode != 1 or failed is None:
        raise RuntimeError(f"{fault.what}: the tests did not run\n{run.stdout}{run.stderr}")
    return failed[1]


def main(words: list[str]) -> int:
    """Print a table of the faults and what caught them; 1 when one survived."""
    chosen = [
        fault
        for fault in faults()
        if not words or any(word in f"{fault.what} {fault.file}" for word in words)
    ]
    print("| fault | in | caught by |\n|---|---|---|")
    survived = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        controls = list({fault.tests: fault for fault in chosen}.values())
        for fault, failed in zip(
            controls, pool.map(lambda own: catcher(own, is_planted=False), controls), strict=True
        ):
            if failed is not None:
                raise RuntimeError(f"{fault.tests}: {failed} fails without any fault")
        for fault, caught in zip(chosen, pool.map(catcher, chosen), strict=True):
            survived += caught is None
            name = "**nothing**" if caught is None else f"`{caught}`"
            print(f"| {fault.what} | `{fault.file}` | {name} |", flush=True)
    print(f"\n{len(chosen)} faults planted, {survived} survived")
    return 1 if survived or not chosen else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
