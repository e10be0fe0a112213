"""Hard events: value, bound and gap after 10 s and 60 s, and seconds to the proof.

``python -m benchmarks.hard`` solves every event of ``generate --hard`` in three sizes, up to 70 s
each (about 15 minutes), and writes ``results/<version>-hard.md``.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass

import scheduler
from benchmarks.report import RESULTS, Part, heading, say
from scheduler.generate import Hardship, generate_event
from scheduler.model import Event, Result, Status
from scheduler.solve import solve
from scheduler.strategies.base import Settings

WORKERS = 8
"""As the command line has it."""
LIMITS_S = (10.0, 60.0)


@dataclass(frozen=True, slots=True)
class Size:
    """An event of 12 slots; the seed is the number of its students."""

    students: int
    companies: int
    seats: int

    def event(self, hardship: Hardship) -> Event:
        """The event of this size in which the difficulty bites."""
        return generate_event(
            students=self.students,
            companies=self.companies,
            seats=self.seats,
            seed=self.students,
            is_hard=True,
            hardship=hardship,
        )


SIZES = (Size(60, 15, 1), Size(150, 30, 1), Size(400, 40, 2))


def measure() -> Part:
    """Solve the family within each limit; a proof ends the row."""
    part = Part(
        "hard",
        "Hard events",
        ("event", "within 10 s", "gap", "within 60 s", "gap", "proven after"),
    )
    for hardship in Hardship:
        for size in SIZES:
            name = f"{hardship.value} {size.students:,} x {size.companies:,}, {size.seats}"
            event = size.event(hardship)
            cells: list[str] = []
            proven = "not within 60 s"
            for limit_s in LIMITS_S:
                say(f"{name}, {limit_s:.0f} s")
                result = solve(event, Settings(time_limit_s=limit_s, workers=WORKERS))
                cells += [_levels(result), _gap(result)]
                if result.status is Status.OPTIMAL:
                    proven = f"{dict(result.runtime_s)['total']:.1f} s"
                    break
            cells += ["the same", ""] * ((4 - len(cells)) // 2)
            part.rows.append((name, *cells, proven))
    part.notes += [
        "Students with 1 and with 2 meetings; companies' minimum; points, each of its bound where "
        "they differ. The gap is that of the points; it means little where a level above is open.",
        "Seats after the comma; 12 slots, 10 wishes, seed = students, 8 workers.",
    ]
    return part


def _levels(result: Result) -> str:
    if result.timetable is None:
        return "none"
    texts = []
    for level in result.levels[:3]:
        pairs = zip(level.value, level.bound, strict=True)
        texts.append(", ".join(_entry(value, bound) for value, bound in pairs))
    return "; ".join(texts)


def _entry(value: int, bound: int | None) -> str:
    if bound == value:
        return f"{value:,}"
    return f"{value:,} of {'?' if bound is None else f'{bound:,}'}"


def _gap(result: Result) -> str:
    if result.timetable is None:
        return ""
    (value,), (bound,) = result.levels[2].value, result.levels[2].bound
    return "" if not bound else f"{(bound - value) / bound:.2%}"


def main() -> int:
    """Measure, print and write."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    part = measure()
    text = f"{heading()}\n{part.markdown()}"
    print(text)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{scheduler.__version__}-hard.md"
    path.write_text(text, encoding="utf-8")
    print(f"Written: {path}")
    return 0 if part.is_good else 1


if __name__ == "__main__":
    sys.exit(main())
