"""One function per command; each returns its exit status."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.cli.counts import counted
from scheduler.cli.main import INFEASIBLE, NOTHING_FOUND, OK, PROBLEMS
from scheduler.errors import SchedulerError
from scheduler.importers import load_event, load_timetable
from scheduler.isolation import usual_memory_mb
from scheduler.model import CompanyId, Event, Result, Status, Timetable

if TYPE_CHECKING:
    from scheduler.strategies.base import Settings

EXAMPLE = Path(__file__).parents[2] / "examples" / "aarhus-2026"


def check(arguments: argparse.Namespace) -> int:
    """List every problem; loading raises them, so arriving here means none."""
    from scheduler.cli.words import absent, sizes

    event = load(arguments.event)
    missing = absent(event)
    but = f", but {missing} yet" if missing else ""
    slots = counted(len(event.window.slots), "slot")
    print(f"{arguments.event}: no problems{but}. {sizes(event)}, {slots}.")
    return OK


def template(arguments: argparse.Namespace) -> int:
    """Write an empty workbook."""
    from scheduler.importers import write_template

    write_template(arguments.out, arguments.language)
    print(f"Written: {arguments.out}. Fill in its sheets, then: company-dating check FILE")
    return OK


def solve(arguments: argparse.Namespace) -> int:
    """Make the timetable and write the results."""
    event = load(arguments.event)
    if arguments.keep is not None:
        from scheduler.keep import keep_meetings

        timetable = load_timetable(arguments.keep, event)
        event = keep_meetings(event, timetable, file=arguments.keep.name)
        print(
            f"Keeping {len(timetable.meetings)} meetings of {arguments.keep}; "
            "what is proven holds for timetables that have them."
        )
    result = _solve(event, arguments)
    return finish(event, result, arguments.out)


def _solve(event: Event, arguments: argparse.Namespace) -> Result:
    from scheduler.cli.progress import ProgressBar
    from scheduler.files import make_folder
    from scheduler.solve import solve as make_timetable

    make_folder(arguments.out)
    with ProgressBar() as bar:
        return make_timetable(
            event, settings_of(arguments), progress=bar.show, memory_limit_mb=usual_memory_mb()
        )


def settings_of(arguments: argparse.Namespace) -> Settings:
    """How long and with what to solve."""
    from scheduler.strategies.base import Settings, usual_workers

    return Settings(
        time_limit_s=arguments.time_limit,
        comfort_s=arguments.comfort_s,
        seed=arguments.seed,
        workers=arguments.workers or usual_workers(),
    )


def finish(
    event: Event,
    result: Result,
    out: Path,
    written: Sequence[str] = (),
    *,
    is_repair: bool = False,
) -> int:
    """Write the result files, or none, and say how good the timetable is.

    Parameters
    ----------
    written
        Names of files that are there already.

    Returns
    -------
    int
        Exit status.
    """
    from scheduler.cli.words import describe, describe_infeasible
    from scheduler.files import write_whole
    from scheduler.reports.files import summary_json, timetable_csv, write_timetable_xlsx

    if result.timetable is None:
        for name in ("timetable.csv", "timetable.xlsx"):
            (out / name).unlink(missing_ok=True)
        write_whole(out / "summary.json", summary_json(result).encode())
        for line in describe_infeasible(event, result, is_repair=is_repair):
            print(line, file=sys.stderr)
        return INFEASIBLE if result.status is Status.INFEASIBLE else NOTHING_FOUND
    write_whole(out / "timetable.csv", timetable_csv(event, result.timetable))
    write_timetable_xlsx(event, result.timetable, out / "timetable.xlsx")
    write_whole(out / "summary.json", summary_json(result).encode())
    for line in describe(event, result):
        print(line)
    files = ", ".join([*written, "timetable.csv", "timetable.xlsx"])
    print(f"Written: {files} and summary.json in {out}")
    return OK


def verify(arguments: argparse.Namespace) -> int:
    """List every violated rule and the recomputed levels."""
    from scheduler.cli.words import level_lines
    from scheduler.objective import score
    from scheduler.solve import levels_of
    from scheduler.verify import violations

    event = load(arguments.event)
    timetable = load_timetable(arguments.timetable, event)
    found = violations(event, timetable)
    levels = levels_of(score(event, timetable), {})
    if arguments.json:
        rules = [{"rule": violation.rule, "message": violation.message} for violation in found]
        values = [
            {
                "name": level.name,
                "value": list(level.value) if index == 0 else level.value[0],
            }
            for index, level in enumerate(levels)
        ]
        print(json.dumps({"violations": rules, "levels": values}, ensure_ascii=False, indent=2))
    else:
        for violation in found:
            print(f"{violation.rule}: {violation.message}", file=sys.stderr)
        broken = counted(len(found), "violation") if found else "No rule is broken"
        print(f"{broken}; {counted(len(timetable.meetings), 'meeting')}.")
        for line in level_lines(event, levels, with_bounds=False):
            print(line)
    return PROBLEMS if found else OK


def print_pack(arguments: argparse.Namespace) -> int:
    """Make the PDFs of a timetable that breaks no rule."""
    from scheduler.cli.printing import print_files
    from scheduler.importers import load_ids

    event = load(arguments.event)
    timetable = load_timetable(arguments.timetable, event)
    _require_clean(event, timetable)
    ids = None if arguments.ids is None else load_ids(arguments.ids, event)
    for line in print_files(
        event,
        timetable,
        arguments.out,
        only=arguments.only,
        ids=ids,
        stock=arguments.stock,
        offset_mm=tuple(arguments.offset_mm),
        crop_marks=arguments.crop_marks,
    ):
        print(line)
    return OK


def _require_clean(event: Event, timetable: Timetable) -> None:
    from scheduler.verify import violations

    found = violations(event, timetable)
    if found:
        lines = [f"{violation.rule}: {violation.message}" for violation in found]
        lines.append("Nothing was printed; correct the timetable or solve again.")
        raise SchedulerError("\n".join(lines))


def explain(arguments: argparse.Namespace) -> int:
    """Say why a student and a company do not meet."""
    from scheduler.cli.progress import ProgressBar
    from scheduler.explain.pair import explain_pair
    from scheduler.explain.pair_words import sentences
    from scheduler.strategies.base import Settings, usual_workers

    event = load(arguments.event)
    timetable = load_timetable(arguments.timetable, event)
    settings = Settings(time_limit_s=arguments.time_limit, workers=usual_workers())
    with ProgressBar() as bar:
        answer = explain_pair(
            event,
            timetable,
            arguments.student,
            arguments.company,
            settings=settings,
            progress=bar.show,
            memory_limit_mb=usual_memory_mb(),
        )
    for sentence in sentences(event, answer):
        print(sentence)
    return OK


def whatif(arguments: argparse.Namespace) -> int:
    """Solve the event with other settings and show the levels side by side."""
    from scheduler.cli.variations import (
        VariationTable,
        listening_to_ctrl_c,
        remarks,
        variations_json,
    )
    from scheduler.explain.whatif import changes, compare
    from scheduler.strategies.base import Settings, usual_workers

    event = load(arguments.event)
    wanted = changes(
        slot_min=arguments.slot_min,
        changeover_min=arguments.changeover_min,
        length_min=[closes - event.opens_min for closes in arguments.end],
        guarantee=arguments.guarantee,
        max_meetings=arguments.max_meetings,
        tables=_by_company(arguments.tables),
        seats=_by_company(arguments.seats),
    )
    table = VariationTable(event, wanted)
    settings = Settings(
        time_limit_s=arguments.time_limit,
        comfort_s=0.0,
        workers=usual_workers(),
    )
    with listening_to_ctrl_c() as is_stopped:
        done = compare(
            event,
            wanted,
            settings,
            memory_limit_mb=usual_memory_mb(),
            should_stop=is_stopped,
            on_done=None if arguments.json else table.show,
        )
        was_stopped = is_stopped()
    for line in [variations_json(event, done)] if arguments.json else remarks(done):
        print(line)
    if was_stopped:
        print("Stopped; the variations not shown were not solved.", file=sys.stderr)
        return NOTHING_FOUND
    return OK


def _by_company(pairs: list[tuple[str, tuple[int, ...]]]) -> dict[CompanyId, tuple[int, ...]]:
    """Join what was said of one company in several places."""
    values: dict[CompanyId, tuple[int, ...]] = {}
    for name, numbers in pairs:
        company_id = CompanyId(name)
        values[company_id] = values.get(company_id, ()) + numbers
    return values


def forecast(arguments: argparse.Namespace) -> int:
    """Count the students who would fit a company's conditions."""
    from scheduler.cli.forecast import describe
    from scheduler.explain.forecast import WishList
    from scheduler.explain.forecast import forecast as count

    wishes = WishList(
        arguments.languages, arguments.fields, arguments.positions, arguments.small_talk
    )
    if wishes == WishList():
        raise SchedulerError(
            "give at least one of --languages, --fields, --positions and --small-talk"
        )
    event = load(arguments.event)
    for line in describe(event, count(event, wishes)):
        print(line)
    return OK


def generate(arguments: argparse.Namespace) -> int:
    """Make up an event and write its folder."""
    from scheduler.generate import Hardship, generate_event
    from scheduler.importers import write_event

    event = generate_event(
        students=arguments.students,
        companies=arguments.companies,
        seed=arguments.seed,
        slots=arguments.slots,
        tables=arguments.tables,
        seats=arguments.seats,
        wishes=arguments.wishes,
        with_absences=arguments.absences,
        is_hard=arguments.hard is not None,
        hardship=Hardship(arguments.hard or "every"),
    )
    write_event(event, arguments.out)
    students = counted(len(event.students), "student")
    print(f"Written: an event of {students} in {arguments.out}")
    return OK


def demo(arguments: argparse.Namespace) -> int:
    """Solve the example event and print its pack."""
    from scheduler.cli.printing import print_files
    from scheduler.cli.words import sizes

    if not EXAMPLE.is_dir():
        raise SchedulerError(f"{EXAMPLE}: the example is not there; run this in a clone")
    started = time.monotonic()
    event = load(EXAMPLE)
    print(f"Read {EXAMPLE.parent.name}/{EXAMPLE.name}: {sizes(event)}.")
    arguments.time_limit, arguments.comfort_s = 60.0, 0.5
    arguments.seed, arguments.workers = 1, None
    result = _solve(event, arguments)
    status = finish(event, result, arguments.out)
    if result.timetable is None:
        return status
    for line in print_files(event, result.timetable, arguments.out):
        print(line)
    print(f"All of it took {time.monotonic() - started:.1f} s. Look into {arguments.out}/ now.")
    return OK


def load(path: Path) -> Event:
    """Read an event and print what was left out."""
    loaded = load_event(path)
    for warning in loaded.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    return loaded.event
