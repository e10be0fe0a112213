"""Ours against the peers on the same events: the same optimum, and how many times faster."""

from __future__ import annotations

import gc
import time
from math import inf
from statistics import median

from benchmarks.peers import Answer, Peer, cp_sat, cp_sat_by_level, highs
from benchmarks.report import Bar, Part, say
from benchmarks.workspace import Size, Workspace
from scheduler.model import Event, Level
from scheduler.solve import solve
from scheduler.strategies.base import Settings

SIZES = tuple(
    Size(students, companies, seats=seats, has_absences=has_absences)
    for students, companies, seats in ((60, 15, 1), (150, 30, 1), (400, 40, 2))
    for has_absences in (False, True)
)
QUICK_SIZES = SIZES[:2]
BAR_SIZES = SIZES[-2:]
TIMES_FASTER = 50
PEERS: tuple[tuple[str, Peer], ...] = (
    ("CP-SAT", cp_sat),
    ("CP-SAT by level", cp_sat_by_level),
    ("HiGHS", highs),
)


def against_peers(workspace: Workspace) -> Part:
    """Measure the generated events, each with everybody present and with absences."""
    workers, time_limit_s = workspace.workers, 10.0 if workspace.is_quick else 60.0
    part = Part(
        "peers",
        "Against plain time-indexed models",
        (
            "students x companies, seats",
            "guaranteed; minimum; preferences",
            "ours",
            *(heading for name, _ in PEERS for heading in (name, f"{name} / ours")),
        ),
        notes=[
            f"{workers} workers each, {time_limit_s:.0f} s per peer run, from the same event in "
            "memory to the answer, seed 1, 12 slots, 10 wishes.",
            "Ours: median of 3 whole solves, with the verifier and with fewer breaks (level 4), "
            "which the peers do not look at. Peers: once.",
            "CP-SAT has one weighted objective, or one solve per level; its bar is against the "
            "faster. HiGHS has one solve per level, because weights so large pass its tolerances.",
            "In every row no solver's levels may exceed what another has proven.",
        ],
    )
    for size in QUICK_SIZES if workspace.is_quick else SIZES:
        absences = ", absences" if size.has_absences else ""
        name = f"{size.students} x {size.companies}, {size.seats}{absences}"
        limits = time_limit_s, workers
        _measure(part, name, size.event(), limits, is_barred=size in BAR_SIZES)
    return part


def _measure(
    part: Part, name: str, event: Event, limits: tuple[float, int], *, is_barred: bool
) -> None:
    time_limit_s, workers = limits
    say(f"{name}: ours")
    ours = _ours(event, workers)
    fastest = Answer(None, (), inf)
    if not ours.is_proven:
        part.wrong.append(f"{name}: ours has proven nothing, so there is nothing to compare")
    answers = {"ours": ours}
    cells = [name, _levels(ours), _seconds(ours.seconds)]
    for peer_name, peer in PEERS:
        say(f"{name}: {peer_name}, at most {time_limit_s:.0f} s")
        gc.collect()
        answer = answers[peer_name] = peer(event, time_limit_s, workers)
        cells += [_peer_cell(answer), _ratio(answer, ours)]
        if peer is not highs and answer.seconds < fastest.seconds:
            fastest = answer
    if is_barred:
        text = f"at least {TIMES_FASTER} times faster than the plain CP-SAT model at {name}"
        is_met = fastest.seconds >= TIMES_FASTER * ours.seconds
        part.bars.append(Bar(text, _ratio(fastest, ours), is_met))
    part.rows.append(cells)
    part.wrong += [f"{name}: {text}" for text in contradictions(answers)]


def _ratio(answer: Answer, ours: Answer) -> str:
    """How many times longer; a lower limit when the answer is not proven."""
    sign = "" if answer.is_proven else "> "
    return f"{sign}{answer.seconds / ours.seconds:,.0f} times"


def _ours(event: Event, workers: int) -> Answer:
    seconds: list[float] = []
    levels: tuple[Level, ...] = ()
    for _ in range(3):
        gc.collect()
        started = time.monotonic()
        result = solve(event, Settings(workers=workers), in_child=False)
        seconds.append(time.monotonic() - started)
        levels = result.levels[:3]
    return _answer(levels, median(seconds))


def _answer(levels: tuple[Level, ...], seconds: float) -> Answer:
    values = tuple(value for level in levels for value in level.value)
    bounds = tuple(bound for level in levels for bound in level.bound)
    return Answer(values or None, bounds, seconds)


def contradictions(answers: dict[str, Answer]) -> list[str]:
    """Name every answer that is better than what another one has proven to be the best.

    Notes
    -----
    Levels compare as tuples, the most important first. Two proven answers that differ contradict:
    one of them is better than the other.
    """
    return [
        f"{name} has {other.values}, but {prover} has proven {proven.values}"
        for prover, proven in answers.items()
        if proven.is_proven and proven.values is not None
        for name, other in answers.items()
        if other.values is not None and other.values > proven.values
    ]


def _levels(answer: Answer) -> str:
    if answer.values is None:
        return "none"
    *guaranteed, minimum, preferences = (f"{value:,}" for value in answer.values)
    return f"{', '.join(guaranteed)}; {minimum}; {preferences}"


def _peer_cell(answer: Answer) -> str:
    seconds = _seconds(answer.seconds)
    if answer.is_proven:
        return seconds
    if answer.values is None:
        return f"{seconds}, nothing found"
    return f"{seconds}, not proven: {_gap(answer)}"


def _gap(answer: Answer) -> str:
    """The first entry that is not proven, with its bound and the gap between them."""
    values = answer.values or ()
    for number, (value, bound) in enumerate(zip(values, answer.bounds, strict=True), 1):
        if bound is None:
            return f"entry {number} is {value:,}, no bound"
        if bound != value:
            share = (bound - value) / max(1, abs(bound))
            return f"entry {number} is {value:,} of at most {bound:,}, gap {share:.2%}"
    return "nothing is missing"


def _seconds(seconds: float) -> str:
    return f"{seconds:.3f} s" if seconds < 1 else f"{seconds:.1f} s"
