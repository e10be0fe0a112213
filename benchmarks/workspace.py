"""What the parts of one run share: its options, event folders, and results of commands."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.report import say
from scheduler.generate import generate_event
from scheduler.importers import write_event
from scheduler.model import Event

EXAMPLE = Path(__file__).parents[1] / "examples" / "aarhus-2026"
SEED = 1


@dataclass(frozen=True, slots=True)
class Size:
    """A generated event: by default with 6 seats, 10 wishes and absences."""

    students: int
    companies: int
    slots: int = 12
    seats: int = 6
    has_absences: bool = True

    @property
    def name(self) -> str:
        """As the tables call it."""
        return f"{self.students:,} x {self.companies:,} x {self.slots}"

    def event(self) -> Event:
        """Make it; always the same."""
        return generate_event(
            students=self.students,
            companies=self.companies,
            slots=self.slots,
            seats=self.seats,
            seed=SEED,
            with_absences=self.has_absences,
        )


@dataclass(frozen=True, slots=True)
class Workspace:
    """Options of a run, and a folder in which events and results are made, each once.

    Parameters
    ----------
    folder
        Temporary; the run deletes it.
    is_quick
        The small events only, each command once.
    data
        Directory of real event folders; None without one.
    """

    folder: Path
    is_quick: bool = False
    data: Path | None = None
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)

    @property
    def times(self) -> int:
        """Runs of each command; the seconds are the median."""
        return 1 if self.is_quick else 3

    def event(self, size: Size) -> Path:
        """Folder of a generated event."""
        kind = (size.students, size.companies, size.slots, size.seats, int(size.has_absences))
        folder = self.folder / "-".join(map(str, ("event", *kind)))
        if not folder.is_dir():
            say(f"writing {size.name}")
            write_event(size.event(), folder)
        return folder

    def out(self, name: str) -> Path:
        """Folder of the results of one command."""
        return self.folder / f"out-{name}"

    def real_events(self) -> list[Path]:
        """Every event folder below the directory of real ones."""
        if self.data is None:
            return []
        return [settings.parent for settings in sorted(self.data.rglob("event.toml"))]
