"""Variables of the CP-SAT model.

``meets[p][t]`` says that pair p meets in slot t; it exists only where ``presence`` and
``eligible`` allow it. ``stands[c][r]`` says that company c stands in room r; it is None, for
certain, where the room is given. ``visits[s, b][t]`` says that student s is in building b in slot
t, made only where walking time can bind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from scheduler.strategies.instance import Instance


@dataclass(slots=True)
class Variables:
    """The variables by pair, company and student, and the pairs of each.

    ``seated[c, t]`` counts students who sit at company c in slot t whatever the model decides; with
    them, every company has its room.
    """

    instance: Instance
    model: cp_model.CpModel
    pairs: tuple[int, ...]
    seated: dict[tuple[int, int], int] = field(default_factory=dict)
    meets: dict[int, dict[int, cp_model.IntVar]] = field(default_factory=dict)
    stands: list[dict[int, cp_model.IntVar | None]] = field(default_factory=list)
    visits: dict[tuple[int, int], dict[int, cp_model.IntVar]] = field(default_factory=dict)
    of_student: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    of_company: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def seated_at(self, company: int) -> int:
        """Meetings of a company that the model does not decide."""
        return sum(self.seated.get((company, slot), 0) for slot in range(self.instance.n_slots))

    def meetings_of(self, pairs: Sequence[int]) -> list[cp_model.IntVar]:
        """Every variable of these pairs: their sum is a number of meetings."""
        return [variable for pair in pairs for variable in self.meets[pair].values()]

    def at(self, pairs: Sequence[int], slot: int) -> list[cp_model.IntVar]:
        """Variables of these pairs in one slot."""
        return [self.meets[pair][slot] for pair in pairs if slot in self.meets[pair]]


def make_variables(
    instance: Instance, pairs: Sequence[int], rooms: Sequence[int] | None
) -> Variables:
    """Declare ``meets`` and ``stands`` for these pairs.

    Parameters
    ----------
    rooms
        Room index per company; None leaves the unnamed ones to the model.
    """
    variables = Variables(instance, cp_model.CpModel(), tuple(pairs))
    model = variables.model
    for pair in pairs:
        own = instance.pairs[pair]
        variables.meets[pair] = {
            slot: model.new_bool_var(f"meets_{pair}_{slot}")
            for slot in range(instance.n_slots)
            if own.slots >> slot & 1
        }
        variables.of_student[own.student].append(pair)
        variables.of_company[own.company].append(pair)
    for company in range(len(instance.room_of)):
        room = instance.room_of[company] if rooms is None else rooms[company]
        if room is None:
            variables.stands.append(
                {
                    index: model.new_bool_var(f"stands_{company}_{index}")
                    for index in range(len(instance.event.rooms))
                }
            )
        else:
            variables.stands.append({room: None})
    return variables
