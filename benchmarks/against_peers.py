"""Ours against the peers on the same events: value, bound, seconds, memory, who is left out."""

from __future__ import annotations

from math import inf

from benchmarks.peers.cases import GENERATED_LIMIT_S, LIMIT_S, QUICK_LIMIT_S, Case, cases
from benchmarks.peers.process import PEERS
from benchmarks.peers.question import points_of
from benchmarks.peers.run import VISIT, VISIT_PYTHON, Measured, ask, ask_visit
from benchmarks.peers.visit import common_part
from benchmarks.report import Bar, Part, say
from benchmarks.workspace import Workspace
from scheduler.importers import load_event

OURS = "ours, to level 3"
TIMES_FASTER = 50
COLUMNS = (
    *("event", "solver", "guaranteed; minimum; wishes", "bound", "seconds", "times ours"),
    *("peak memory", "breaks", "below guarantee", "without meeting", "rules broken"),
)


def against_peers(workspace: Workspace) -> Part:
    """Ask every peer about every event, each in a process of its own."""
    part = Part("peers", "Against peers", COLUMNS, key_columns=2)
    part.notes += [
        f"{workspace.workers} workers and at most {GENERATED_LIMIT_S:.0f} s on generated events, "
        f"{LIMIT_S:.0f} s on the others ({QUICK_LIMIT_S:.0f} s with --quick). Seconds: from the "
        "event in memory to the answer; ours the median of 3 whole solves, the verifier included. "
        "Peak memory: the whole process.",
        f"The peers do not look at level 4, so times are of {OURS}; ours, as the command works, "
        "lowers the breaks for half a second more.",
        "Generated events: students x companies, seats; seed 1, 12 slots, 10 wishes. Levels, "
        "breaks and broken rules are recomputed from each timetable by our own code.",
        "aarhus-2026 has the rooms that ours has chosen. Its common part is without what "
        f"{VISIT} does not know: seats of each company, rest, room capacity, minimums.",
        "No answer may be better than what another one has proven to be the best.",
    ]
    if not VISIT_PYTHON.is_file():
        part.notes.append(f"{VISIT} is not installed: `make bench` does it.")
    for case in cases(workspace):
        try:
            points_of(load_event(case.folder).event)
        except ValueError as reason:
            part.notes.append(f"{case.name} is left out: {reason}.")
        else:
            _compare(part, case, workspace.workers)
    return part


def _compare(part: Part, case: Case, workers: int) -> None:
    answers: dict[str, Measured] = {}
    for peer in PEERS:
        say(f"{case.name}: {peer}")
        answers[peer] = ask(peer, case.folder, case.limit_s, workers)
    event = load_event(case.folder).event
    if VISIT_PYTHON.is_file() and event == common_part(event):
        say(f"{case.name}: {VISIT}")
        answers[VISIT] = ask_visit(case.folder, case.limit_s)
    ours = answers[OURS]
    for peer, answer in answers.items():
        part.rows.append([case.name, peer, *_cells(answer, ours)])
    part.wrong += [f"{case.name}: {text}" for text in contradictions(answers)]
    if case.is_barred:
        fastest = min((answers["CP-SAT"], answers["CP-SAT by level"]), key=lambda a: a.seconds)
        text = f"at least {TIMES_FASTER} times faster than the plain CP-SAT model at {case.name}"
        is_met = ours.is_proven and fastest.seconds >= TIMES_FASTER * ours.seconds
        part.bars.append(Bar(text, _ratio(fastest, ours), is_met))


def contradictions(answers: dict[str, Measured]) -> list[str]:
    """Name every answer that breaks a rule, or is better than what another one has proven.

    Notes
    -----
    Levels compare as tuples, the most important first. Two proven answers that differ contradict:
    one of them is better than the other.
    """
    broken = [f"{name} breaks {a.broken} rules" for name, a in answers.items() if a.broken]
    return broken + [
        f"{name} has {other.values}, but {prover} has proven {proven.values}"
        for prover, proven in answers.items()
        if proven.is_proven and proven.values is not None
        for name, other in answers.items()
        if other.values is not None and other.values > proven.values
    ]


def _cells(answer: Measured, ours: Measured) -> list[str]:
    seconds = f"{answer.seconds:.3f} s" if answer.seconds < 1 else f"{answer.seconds:.1f} s"
    measured = [seconds, _ratio(answer, ours), f"{answer.peak_mb:,.0f} MB"]
    if answer.values is None or answer.scores is None or answer.metrics is None:
        return ["nothing in time", _entries(answer.bounds), *measured, "", "", "", ""]
    return [
        _entries(answer.values),
        "proven" if answer.is_proven else _entries(answer.bounds),
        *measured,
        f"{answer.scores.breaks:,}",
        f"{len(answer.metrics.below_guarantee):,}",
        f"{answer.metrics.students_without_meeting:,}",
        f"{answer.broken:,}",
    ]


def _entries(entries: tuple[int | None, ...]) -> str:
    """Entries as one cell; an en dash where there is none."""
    if all(entry is None for entry in entries):
        return "none"
    *guaranteed, minimum, wishes = ("–" if entry is None else f"{entry:,}" for entry in entries)
    return f"{', '.join(guaranteed)}; {minimum}; {wishes}"


def _ratio(answer: Measured, ours: Measured) -> str:
    """How many times our time; a lower limit when the time limit ended it unproven."""
    times = answer.seconds / ours.seconds if ours.seconds else inf
    sign = "> " if answer.is_cut and not answer.is_proven else ""
    return f"{sign}{times:,.{0 if times >= 10 else 1}f} times"
