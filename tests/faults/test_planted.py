"""The list of faults stays true: every one can still be planted, and planting works."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.__main__ import ROOT, catcher, plant
from tests.faults.fault import Fault
from tests.faults.planted import faults

ALL = list(faults())


@pytest.mark.parametrize("fault", ALL, ids=lambda fault: fault.what)
def test_fault_can_be_planted(fault: Fault, tmp_path: Path) -> None:
    target = tmp_path / fault.file
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text((ROOT / "scheduler" / fault.file).read_text(encoding="utf-8"), "utf-8")
    plant(fault, tmp_path)
    compile(target.read_text(encoding="utf-8"), fault.file, "exec")
    assert fault.was != fault.becomes
    assert (ROOT / fault.tests.split("::")[0]).exists()


def test_list_is_long_and_each_fault_stands_once() -> None:
    assert len(ALL) >= 40
    assert len({(fault.file, fault.was) for fault in ALL}) == len(ALL)


def test_every_fault_is_in_the_docs() -> None:
    text = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
    rows = {f"| {own.what} | `{own.file}` | `{own.tests.removeprefix('tests/')}` |" for own in ALL}
    assert rows == {line for line in text.splitlines() if line.startswith("| ") and "`" in line}


@pytest.mark.parametrize("part", ["weight of the next rank", "verifier: pins dropped"])
def test_fault_is_caught(part: str) -> None:
    """For two of them; ``make faults`` plants all."""
    assert catcher(next(fault for fault in ALL if fault.what == part)) is not None


def test_same_tests_pass_without_the_fault() -> None:
    """The control."""
    fault = next(fault for fault in ALL if fault.what == "weight of the next rank")
    assert catcher(fault, is_planted=False) is None


def test_text_that_has_changed_is_told(tmp_path: Path) -> None:
    (tmp_path / "some.py").write_text("a = 1\na = 1\n")
    with pytest.raises(ValueError, match="stands 2 times"):
        plant(Fault("", "some.py", "a = 1", "a = 2", ""), tmp_path)
