"""Claims in README and docs: each figure is a link to its row, and the link's title the column.

``[0.84 s](benchmarks/results/0.1.0.md#command-1600-x-100-x-12-solve "wall")`` says what stands in
that cell and nothing else. ``python -m benchmarks.claims`` copies the cells into the texts again,
as a run that writes results does; a test holds that they are equal.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
CLAIM = re.compile(r'\[([^\[\]]+)\]\(([^()\s#]*results/[^()\s#]+)#([a-z0-9-]+)\s+"([^"]+)"\)')
"""Figure, results file, anchor, column."""
ROW = re.compile(r'^\| <a id="([^"]+)"></a>(.*) \|$')

Rows = dict[str, dict[str, str]]
"""Cells by column, by anchor."""


def pages() -> list[Path]:
    """README and every page of the docs."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def rows_of(results: Path) -> Rows:
    """Read the tables of a results file.

    Raises
    ------
    ValueError
        An anchor is there twice.
    """
    rows: Rows = {}
    columns: list[str] = []
    for line in results.read_text(encoding="utf-8").splitlines():
        if not line.startswith("|"):
            columns = []
        elif found := ROW.match(line):
            if found[1] in rows:
                raise ValueError(f"{results.name}: there are two rows {found[1]}")
            rows[found[1]] = dict(zip(columns, found[2].split(" | "), strict=True))
        elif not columns:
            columns = line.strip("| ").split(" | ")
    return rows


def wrong_claims(page: Path, text: str) -> Iterator[str]:
    """Say of every claim of a page that is not what its cell says what it should be."""
    for figure, file, anchor, column in CLAIM.findall(text):
        cell = _cell(page, file, anchor, column)
        if figure != cell:
            yield f"{page.name}: [{figure}] is {cell or 'nowhere'} in {file}#{anchor} {column!r}"


def renewed(page: Path, text: str) -> str:
    """Copy each cell into its claim; what has no cell stays."""

    def renew(claim: re.Match[str]) -> str:
        figure, *place = claim.groups()
        return claim[0].replace(f"[{figure}]", f"[{_cell(page, *place) or figure}]", 1)

    return CLAIM.sub(renew, text)


def renew_pages() -> list[str]:
    """Renew README and docs in place; returns the claims that have no cell."""
    wrong: list[str] = []
    for page in pages():
        old = page.read_text(encoding="utf-8")
        new = renewed(page, old)
        if new != old:
            page.write_text(new, encoding="utf-8")
        wrong += wrong_claims(page, new)
    return wrong


def _cell(page: Path, file: str, anchor: str, column: str) -> str | None:
    results = page.parent / file
    return rows_of(results).get(anchor, {}).get(column) if results.is_file() else None


if __name__ == "__main__":
    claims = renew_pages()
    print("\n".join(claims) or "Every claim is what its row says.")
    sys.exit(1 if claims else 0)
