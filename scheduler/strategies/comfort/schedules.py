"""Every schedule that one student can have with few breaks, looked at alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from scheduler.strategies.equally_good import Choices
from scheduler.strategies.instance import Instance


@dataclass(frozen=True, slots=True)
class Schedule:
    """One student's meetings (pair and slot, in order of time) and their breaks."""

    student: int
    breaks: int
    meetings: tuple[tuple[int, int], ...]


class Schedules:
    """Lists the schedules of students under the rules that concern one student.

    Parameters
    ----------
    rooms
        Room index of every company; None where any room would do, for a bound that holds whatever
        the choice of rooms.
    choices
        A schedule has all certain pairs of its student and some of the open ones.
    """

    def __init__(self, instance: Instance, rooms: Sequence[int | None], choices: Choices) -> None:
        self._instance = instance
        self.rooms = tuple(rooms)
        buildings = instance.buildings
        building_of = [None if room is None else buildings[room] for room in rooms]
        self._building = [building_of[pair.company] for pair in instance.pairs]
        self._before: list[list[int]] = [[] for _ in range(instance.n_slots)]
        if len(set(buildings)) > 1:
            for earlier, later in instance.near_slots():
                self._before[later].append(earlier)
        self._rows = [
            [sum(1 << t for t in row if t != slot) for row in instance.rows() if row[-1] == slot]
            for slot in range(instance.n_slots)
        ]
        self.certain: list[list[int]] = [[] for _ in instance.student_free]
        self.open: list[list[int]] = [[] for _ in instance.student_free]
        for own, chosen in ((self.certain, choices.certain), (self.open, choices.open)):
            for index in sorted(chosen):
                own[instance.pairs[index].student].append(index)

    def of(self, student: int, most_breaks: int) -> Iterator[Schedule]:
        """Every schedule with so many breaks at most, the empty one if no pair is certain.

        Notes
        -----
        Depth first over the slots; exponential in the student's meetings, so the caller counts.
        """
        certain = self.certain[student]
        pairs = [*certain, *self.open[student]]
        most = min(self._instance.student_max[student], len(pairs))
        for breaks, meetings in self._from(0, pairs, len(certain), most, (), 0, most_breaks):
            yield Schedule(student, breaks, meetings)

    def _from(
        self,
        slot: int,
        left: list[int],
        due: int,
        most: int,
        meetings: tuple[tuple[int, int], ...],
        breaks: int,
        most_breaks: int,
    ) -> Iterator[tuple[int, tuple[tuple[int, int], ...]]]:
        """Continue a schedule; the first ``due`` of the pairs left have to be in it."""
        if not due:
            yield breaks, meetings
        if not most or self._instance.n_slots - slot < due:
            return
        used = sum(1 << t for _, t in meetings)
        for at in range(slot, self._instance.n_slots):
            more = breaks + (1 if meetings and at > meetings[-1][1] + 1 else 0)
            if more > most_breaks or self._instance.n_slots - at < due:
                return
            if any(used & row == row for row in self._rows[at]):
                continue
            for place, pair in enumerate(left):
                if self._can(pair, at, meetings):
                    yield from self._from(
                        at + 1,
                        left[:place] + left[place + 1 :],
                        due - (place < due),
                        most - 1,
                        (*meetings, (pair, at)),
                        more,
                        most_breaks,
                    )

    def _can(self, pair: int, slot: int, meetings: tuple[tuple[int, int], ...]) -> bool:
        """Whether both are present, and the student has the time to walk there."""
        if not self._instance.pairs[pair].slots >> slot & 1:
            return False
        near, here = self._before[slot], self._building[pair]
        return here is None or all(
            other not in near or self._building[met] in (here, None) for met, other in meetings
        )
