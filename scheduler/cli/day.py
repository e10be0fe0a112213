"""The commands of the day itself: repair and standby."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from scheduler.cli.commands import finish, load, settings_of
from scheduler.cli.main import OK
from scheduler.errors import SchedulerError
from scheduler.importers import load_changes, load_timetable
from scheduler.isolation import usual_memory_mb
from scheduler.model import Change, Event, Timetable


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
            memory_limit_mb=usual_memory_mb(),
        )
    if repaired.result.timetable is None:
        (arguments.out / "diff.csv").unlink(missing_ok=True)
    else:
        rows = difference_csv(event, repaired.differences)
        write_whole(arguments.out / "diff.csv", rows)
        for line in describe_differences(event, repaired):
            print(line)
    return finish(repaired.day.event, repaired.result, arguments.out, ["diff.csv"], is_repair=True)


def standby(arguments: argparse.Namespace) -> int:
    """Name who can step in: at every turn, or at the empty places of the next slot."""
    from scheduler.cli.day_words import describe_standby
    from scheduler.files import write_whole
    from scheduler.repair import begin, still_possible
    from scheduler.reports.standby import rescue
    from scheduler.reports.standby import standby as name_two
    from scheduler.reports.standby_rows import standby_csv

    event = load(arguments.event)
    timetable = load_timetable(arguments.timetable, event)
    if arguments.company not in (None, *(company.company_id for company in event.companies)):
        raise SchedulerError(f"--company: '{arguments.company}' is not in companies")
    now = 0 if arguments.now is None else arguments.now - event.opens_min
    day = begin(event, timetable, _changes(arguments.changes, event), now_min=now)
    left = Timetable(still_possible(day), day.begun.timetable.places)
    if arguments.now is None:
        turns = name_two(day.event, left)
    else:
        slot = day.begun.first_open(event.window)
        if slot == len(event.window.slots):
            raise SchedulerError(f"no slot begins at {event.clock(now)} or later")
        turns = rescue(day.event, left, slot=slot)
    if arguments.company is not None:
        turns = tuple(turn for turn in turns if turn.company_id == arguments.company)
    if arguments.out is not None:
        write_whole(arguments.out, standby_csv(event, turns))
    for line in describe_standby(event, turns, is_now=arguments.now is not None):
        print(line)
    if arguments.out is not None:
        print(f"Written: {arguments.out}")
    return OK


def _changes(path: Path | None, event: Event) -> Sequence[Change]:
    if path is None:
        return ()
    changes, warnings = load_changes(path, event)
    for warning in warnings:
        print(f"warning: {warning}", file=sys.stderr)
    return changes
