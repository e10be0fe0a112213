"""The commands of the day itself: repair and standby."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from scheduler.cli.commands import finish, load, memory_limit_mb, settings_of
from scheduler.importers import load_changes, load_timetable
from scheduler.model import Change, Event


def repair(arguments: argparse.Namespace) -> int:
    """Change as little as can be, and write the results and who moves."""
    from scheduler.cli.day_words import describe_differences
    from scheduler.cli.progress import ProgressBar
    from scheduler.files import make_folder, write_whole
    from scheduler.repair import repair as make_repair
    from scheduler.reports.difference import difference_csv

    event = load(arguments.event)
    timetable = load_timetable(arguments.timetable, event)
    changes = _changes(arguments.changes, event)
    make_folder(arguments.out)
    with ProgressBar() as bar:
        repaired = make_repair(
            event,
            timetable,
            changes,
            now_min=arguments.now - event.opens_min,
            settings=settings_of(arguments),
            progress=bar.show,
            memory_limit_mb=memory_limit_mb(),
        )
    if repaired.result.timetable is None:
        (arguments.out / "diff.csv").unlink(missing_ok=True)
    else:
        rows = difference_csv(event, repaired.differences)
        write_whole(arguments.out / "diff.csv", rows)
        for line in describe_differences(event, repaired):
            print(line)
    return finish(repaired.day.event, repaired.result, arguments.out, ["diff.csv"], is_repair=True)


def _changes(path: Path | None, event: Event) -> Sequence[Change]:
    if path is None:
        return ()
    changes, warnings = load_changes(path, event)
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr)
    return changes
