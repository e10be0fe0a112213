"""The events that ours and the peers are compared on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.peers.visit import common_part
from benchmarks.workspace import EXAMPLE, Size, Workspace
from scheduler.importers import load_event, write_event
from scheduler.model import Event
from scheduler.solve import solve
from scheduler.strategies.base import Settings

SIZES = tuple(
    Size(students, companies, seats=seats, has_absences=has_absences)
    for students, companies, seats in ((60, 15, 1), (150, 30, 1), (400, 40, 2))
    for has_absences in (False, True)
)
QUICK_SIZES = SIZES[:2]
BAR_SIZES = SIZES[-2:]
GENERATED_LIMIT_S = 60.0
LIMIT_S = 20.0
QUICK_LIMIT_S = 10.0


@dataclass(frozen=True, slots=True)
class Case:
    """An event folder, its name in the table, seconds for a peer, whether it is a bar's."""

    name: str
    folder: Path
    limit_s: float
    is_barred: bool = False


def cases(workspace: Workspace) -> Iterator[Case]:
    """Generated events, the example, and every real one."""
    limit_s = QUICK_LIMIT_S if workspace.is_quick else LIMIT_S
    generated_s = QUICK_LIMIT_S if workspace.is_quick else GENERATED_LIMIT_S
    for size in QUICK_SIZES if workspace.is_quick else SIZES:
        absences = ", absences" if size.has_absences else ""
        name = f"{size.students} x {size.companies}, {size.seats}{absences}"
        yield Case(name, workspace.event(size), generated_s, size in BAR_SIZES)
    example = with_rooms(load_event(EXAMPLE).event)
    for name, event in (("", example), (", common part", common_part(example))):
        folder = workspace.folder / f"example{name}"
        write_event(event, folder)
        yield Case(f"{EXAMPLE.name}{name}", folder, limit_s)
    for folder in workspace.real_events():
        yield Case(folder.name, folder, limit_s)


def with_rooms(event: Event) -> Event:
    """Give every company the room that our timetable chooses; no peer chooses rooms."""
    timetable = solve(event, Settings()).timetable
    chosen = {place.company_id: place.room_id for place in timetable.places} if timetable else {}
    return replace(
        event,
        companies=tuple(replace(c, room_id=chosen[c.company_id]) for c in event.companies),
    )
