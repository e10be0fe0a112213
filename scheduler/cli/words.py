"""Results in plain words, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scheduler.cli.counts import counted
from scheduler.model import Comfort, Event, Level, Result, Status, Timetable
from scheduler.objective import CHANGES, LEVEL_NAMES

LABELS = {
    "changes": "later meetings moved or lost",
    "guaranteed_meetings": "guaranteed meetings",
    "company_minimum": "companies' minimum",
    "preferences": "wishes, in points",
    "breaks": "breaks between meetings",
}


def sizes(event: Event) -> str:
    """Say how much an event holds."""
    return (
        f"{counted(len(event.students), 'student')}, "
        f"{counted(len(event.companies), 'company', 'companies')}, "
        f"{counted(len(event.preferences), 'wish', 'wishes')}"
    )


def absent(event: Event) -> str:
    """Say which people an event does not have yet; empty when it has both kinds."""
    kinds = (("students", event.students), ("companies", event.companies))
    return " and ".join(f"no {name}" for name, people in kinds if not people)


def describe(event: Event, result: Result) -> Iterator[str]:
    """Say how good a timetable is, what is proven, and who has too few meetings."""
    from scheduler.explain.shortfall import shortfalls

    yield _headline(result)
    yield from level_lines(event, result.levels)
    numbers = result.metrics
    if numbers is not None:
        ranks = _ranks(numbers.mean_rank, numbers.first_choice_share)
        yield f"{counted(numbers.meetings, 'meeting')}{ranks}."
    if result.comfort is not None:
        yield _comfort(result.comfort, result.levels[-1].value[0])
    if result.timetable is not None:
        below = shortfalls(event, result.timetable)
        guarantee = event.rules.guaranteed_meetings_per_student
        if below:
            yield f"Below the {counted(guarantee, 'guaranteed meeting')}:"
        for entry in below:
            yield (
                f"  {entry.student.name} ({entry.student.student_id}), {entry.meetings}: "
                f"{'; '.join(entry.reasons)}"
            )
        yield from _fairness(event, result.timetable)
    yield from result.notes


def _comfort(comfort: Comfort, breaks: int) -> str:
    before = comfort.breaks_before
    was = "" if before in (None, breaks) else f" (of {before:,} when just placed)"
    return (
        f"{counted(breaks, 'break')} left{was}; "
        f"{counted(comfort.company_breaks, 'break')} of companies, "
        f"{counted(comfort.room_changes, 'change')} of room."
    )


def _fairness(event: Event, timetable: Timetable) -> Iterator[str]:
    """One line where a group of students has clearly fewer meetings than all of them."""
    from scheduler.reports.fairness import fairness

    rows = fairness(event, timetable)
    below = sorted((row for row in rows if row.is_clearly_below), key=lambda row: row.meetings)
    if below:
        low, others = below[0], len(below) - 1
        more = f", and {counted(others, 'more group')}" if others else ""
        yield (
            f"Clearly fewer than the {rows[0].meetings:.1f} meetings of all students: "
            f"{low.by} {low.group} ({low.students} students, {low.meetings:.1f} each, of "
            f"{low.wishes:.1f} wishes){more}; see the sheet fairness in timetable.xlsx."
        )


def _headline(result: Result) -> str:
    if result.status is Status.OPTIMAL:
        text = "Proven best: no timetable scores higher on wishes while keeping the guarantees."
        if result.levels[0].name == CHANGES:
            text = "Proven: no timetable changes fewer meetings, and of those none is better."
    else:
        open_levels = [LABELS[level.name] for level in result.levels if not level.is_proven]
        text = f"The best found; not proven: {', '.join(open_levels[:3])}."
    total = dict(result.runtime_s)["total"]
    return f"{text} ({total:.1f} s)"


def _ranks(mean_rank: float | None, share: float | None) -> str:
    text = ""
    if mean_rank is not None:
        text += f", on average wish number {mean_rank:.1f}"
    if share is not None:
        text += f"; {share:.0%} of those with wishes meet their first choice"
    return text


def level_lines(
    event: Event, levels: Sequence[Level], *, with_bounds: bool = True
) -> Iterator[str]:
    """One line per entry: what it counts, its value, and what is known of its bound."""
    for level in levels:
        is_list = level.name == LEVEL_NAMES[0]
        for k, (value, bound) in enumerate(zip(level.value, level.bound, strict=True), 1):
            label = f"students with {k} or more meetings" if is_list else LABELS[level.name]
            size = f"{value:,} of {len(event.students):,}" if is_list else f"{value:,}"
            known = ""
            if with_bounds:
                is_smaller_better = level.name in (CHANGES, LEVEL_NAMES[3])
                known = _known(value, bound, is_smaller_better=is_smaller_better)
            yield f"  {label:<34}{size:>14}  {known}".rstrip()


def _known(value: int, bound: int | None, *, is_smaller_better: bool) -> str:
    if bound is None:
        return "not proven, no bound known"
    if value == bound:
        return "proven"
    return f"not proven, at {'least' if is_smaller_better else 'most'} {bound:,}"


def describe_infeasible(event: Event, result: Result, *, is_repair: bool = False) -> Iterator[str]:
    """Say that there is no timetable, why, and what would resolve it."""
    if result.status is not Status.INFEASIBLE:
        yield "No timetable was found in time; give it longer with --time-limit."
        yield from result.notes
        return
    if is_repair:
        yield "No timetable has what is past and pinned (confirmed by a second search): drop a pin."
        return
    from scheduler.explain.diagnose import diagnose

    yield "No timetable exists (confirmed by a second search)."
    diagnosis = diagnose(event)
    if diagnosis is None:
        yield "The reason was not found in time."
        return
    yield "These cannot all hold:"
    yield from (f"  - {fact}" for fact in diagnosis.facts)
    if diagnosis.remedies:
        yield "Any one of these resolves it:"
        yield from (f"  - {remedy}" for remedy in diagnosis.remedies)
    elif diagnosis.way_out:
        yield (
            f"Other facts clash too, and no single change resolves it; these "
            f"{len(diagnosis.way_out)} together do, and no fewer:"
        )
        yield from (f"  - {remedy}" for remedy in diagnosis.way_out)
    else:
        yield "No single change resolves it: other facts clash too; give one up, then try again."
