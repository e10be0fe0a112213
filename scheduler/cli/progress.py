"""The progress of a solve on a terminal."""

from __future__ import annotations

import sys
from types import TracebackType

from scheduler.model import Progress

STAGES = {
    "keep": "Who stays",
    "allocate": "Who meets whom",
    "place": "Finding slots",
    "search": "Searching",
    "comfort": "Fewer breaks",
}


class ProgressBar:
    """Shows stage, best, bound and time; silent where there is no terminal.

    It starts with the first message: its thread must not exist when the solver's process is forked.
    """

    def __init__(self) -> None:
        self._bar: _Bar | None = None
        self._is_shown = sys.stderr.isatty()

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, progress: Progress) -> None:
        """Show a moment of the solve."""
        if not self._is_shown:
            return
        if self._bar is None:
            self._bar = _Bar()
        self._bar.show(progress)


class _Bar:
    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
        from rich.progress import Progress as RichProgress

        self._rich = RichProgress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.fields[figures]}"),
            TimeElapsedColumn(),
            console=Console(file=sys.stderr),
            transient=True,
        )
        self._task = self._rich.add_task("", total=None, figures="")
        self._rich.start()

    def show(self, progress: Progress) -> None:
        figures = ""
        if progress.best is not None:
            figures = f"{progress.level.replace('_', ' ')} {progress.best:,}"
            if progress.bound is not None:
                figures += f", at most {progress.bound:,}"
        self._rich.update(
            self._task,
            description=STAGES.get(progress.stage, progress.stage),
            total=progress.bound,
            completed=progress.best or 0,
            figures=figures,
        )

    def stop(self) -> None:
        self._rich.stop()
