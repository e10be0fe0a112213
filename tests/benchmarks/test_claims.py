"""Figures in README and docs are those of their rows in the benchmark's results."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.claims import CLAIM, ROOT, pages, renewed, rows_of, wrong_claims
from benchmarks.report import Part

FIGURE = re.compile(r"\d (?:s|ms|seconds|MB|GB|times)\b")
RESULTS = sorted((ROOT / "benchmarks" / "results").glob("*.md"))


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A page beside results of one row: 400 x 40, 3 s, 50 MB."""
    part = Part("peers", "Peers", ("event", "solver", "seconds", "memory"), key_columns=2)
    part.rows.append(("1,400 x 40", "HiGHS", "3 s", "50 MB"))
    results = tmp_path / "results" / "1.md"
    results.parent.mkdir()
    results.write_text(part.markdown(), encoding="utf-8")
    return tmp_path / "README.md"


def claim(figure: str, row: str = "peers-1400-x-40-highs", column: str = "seconds") -> str:
    return f'It takes [{figure}](results/1.md#{row} "{column}").'


def wrong(page: Path, text: str) -> list[str]:
    return list(wrong_claims(page, text))


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_claims_are_what_their_rows_say(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert wrong(page, text) == []
    assert len(re.findall(r"results/[^()\s]+#", text)) == len(CLAIM.findall(text))


def test_figures_of_readme_are_claims() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8").split("## What you can rely on")[1]
    assert CLAIM.search(text)
    assert FIGURE.findall(CLAIM.sub("", text)) == []


@pytest.mark.parametrize("results", RESULTS, ids=lambda path: path.name)
def test_rows_of_results_are_told_apart(results: Path) -> None:
    anchors = results.read_text(encoding="utf-8").count('<a id="')
    assert len(rows_of(results)) == anchors


def test_claim_is_compared_with_its_cell(page: Path) -> None:
    assert wrong(page, claim("3 s")) == []
    assert wrong(page, claim("50 MB", column="memory")) == []
    assert "[2 s] is 3 s" in wrong(page, claim("2 s"))[0]


def test_claim_without_a_cell_is_wrong(page: Path) -> None:
    assert "nowhere" in wrong(page, claim("3 s", row="peers-gone"))[0]
    assert "nowhere" in wrong(page, claim("3 s", column="minutes"))[0]
    assert "nowhere" in wrong(page, claim("3 s").replace("1.md", "2.md"))[0]


def test_renewing_copies_the_cell_and_nothing_else(page: Path) -> None:
    gone = claim("9 s", row="peers-gone")
    assert renewed(page, f"{claim('2 s')} {gone}") == f"{claim('3 s')} {gone}"


def test_two_rows_of_one_name_are_refused(page: Path) -> None:
    results = page.parent / "results" / "1.md"
    results.write_text(2 * results.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(ValueError, match="two rows peers-1400-x-40-highs"):
        rows_of(results)
