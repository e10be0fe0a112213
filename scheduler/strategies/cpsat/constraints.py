"""One function per rule, called as in the verifier and in docs/model.md.

``presence`` and ``eligible`` have no function here: the variables exist only where they allow a
meeting. Rules that look at one slot, and those that look back, bind from the first slot that is
not past: what has happened may break them.
"""

from __future__ import annotations

from ortools.sat.python import cp_model

from scheduler.strategies.cpsat.variables import Variables


def add_rules(variables: Variables) -> None:
    """Add every rule of the event."""
    past_is_fixed(variables)
    once_per_pair(variables)
    pins(variables)
    one_place_at_a_time(variables)
    seats(variables)
    max_meetings(variables)
    room_tables(variables)
    room_capacity(variables)
    walking_time(variables)
    max_in_a_row(variables)


def past_is_fixed(variables: Variables) -> None:
    """A meeting that has begun stays (no other variable exists in a past slot)."""
    for pair, by_slot in variables.meets.items():
        if variables.instance.pairs[pair].is_past:
            variables.model.add_bool_and(by_slot.values())


def once_per_pair(variables: Variables) -> None:
    """A pair meets in one slot at most."""
    for by_slot in variables.meets.values():
        variables.model.add_at_most_one(by_slot.values())


def pins(variables: Variables) -> None:
    """A pinned pair meets (a timed pin has a variable in its slot only)."""
    for pair, by_slot in variables.meets.items():
        if variables.instance.pairs[pair].is_pinned:
            variables.model.add_bool_or(by_slot.values())


def one_place_at_a_time(variables: Variables) -> None:
    """A student sits at one table at a time."""
    for own in variables.of_student.values():
        for slot in open_slots(variables):
            here = variables.at(own, slot)
            if len(here) > 1:
                variables.model.add_at_most_one(here)


def open_slots(variables: Variables) -> range:
    """Slots that are not past."""
    return range(variables.instance.first_open, variables.instance.n_slots)


def seats(variables: Variables) -> None:
    """A turn seats as many students as the company's tables have seats."""
    for company, own in variables.of_company.items():
        for slot in open_slots(variables):
            here = variables.at(own, slot)
            limit = variables.instance.company_seats[company]
            limit -= variables.seated.get((company, slot), 0)
            if len(here) > limit:
                variables.model.add(sum(here) <= limit)


def max_meetings(variables: Variables) -> None:
    """Nobody has more meetings than the smaller of the two maxima."""
    instance = variables.instance
    for student, own in variables.of_student.items():
        limit = instance.student_max[student]
        if len(own) > limit:
            variables.model.add(sum(variables.meetings_of(own)) <= limit)
    for company, own in variables.of_company.items():
        limit = instance.company_max[company] - variables.seated_at(company)
        if len(own) > limit:
            variables.model.add(sum(variables.meetings_of(own)) <= limit)


def room_tables(variables: Variables) -> None:
    """A company stands in one room, and the tables fit.

    Numbering them without gaps is always possible then, so only the sums count.
    """
    event = variables.instance.event
    free: list[list[cp_model.LinearExprT]] = [[] for _ in event.rooms]
    left = [room.tables for room in event.rooms]
    for company, choice in zip(event.companies, variables.stands, strict=True):
        chosen = [stands for stands in choice.values() if stands is not None]
        if chosen or not choice:
            variables.model.add_exactly_one(chosen)
        for room, stands in choice.items():
            if stands is None:
                left[room] -= company.tables
            else:
                free[room].append(stands * company.tables)
    for room, asked in enumerate(free):
        if asked:
            variables.model.add(sum(asked) <= left[room])


def room_capacity(variables: Variables) -> None:
    """The students seated in a room at once are no more than its capacity."""
    instance, model = variables.instance, variables.model
    for room, own in enumerate(instance.event.rooms):
        if own.capacity is None:
            continue
        inside = [c for c, choice in enumerate(variables.stands) if room in choice]
        if sum(instance.company_seats[c] for c in inside) <= own.capacity:
            continue
        for slot in open_slots(variables):
            seated: list[cp_model.LinearExprT] = []
            left = own.capacity
            for company in inside:
                left -= variables.seated.get((company, slot), 0)
                here = variables.at(variables.of_company.get(company, []), slot)
                stands = variables.stands[company][room]
                if stands is None:
                    seated += here
                elif here:
                    limit = instance.company_seats[company]
                    seated.append(_seated_if(model, stands, limit, here))
            if seated:
                model.add(sum(seated) <= left)


def _seated_if(
    model: cp_model.CpModel, stands: cp_model.IntVar, limit: int, here: list[cp_model.IntVar]
) -> cp_model.IntVar:
    """At least the students at a company's turn if it stands in the room, else at least 0."""
    seated = model.new_int_var(0, limit, f"seated_{stands.name}")
    model.add(seated >= sum(here)).only_enforce_if(stands)
    return seated


def walking_time(variables: Variables) -> None:
    """Between two buildings a student has the minutes that the walk takes."""
    instance, model = variables.instance, variables.model
    if not instance.has_walking():
        return
    buildings = instance.buildings
    near = instance.near_slots()
    for student, own in variables.of_student.items():
        reachable = {
            buildings[room]
            for pair in own
            for room in variables.stands[instance.pairs[pair].company]
        }
        if len(reachable) < 2:
            continue
        for pair in own:
            choice = variables.stands[instance.pairs[pair].company]
            for slot, meets in variables.meets[pair].items():
                for room, stands in choice.items():
                    visit = _visit(variables, student, buildings[room], slot)
                    if stands is None:
                        model.add_implication(meets, visit)
                    else:
                        model.add_bool_or(meets.negated(), stands.negated(), visit)
        _keep_apart(variables, student, sorted(reachable), near)


def _keep_apart(
    variables: Variables, student: int, reachable: list[int], near: list[tuple[int, int]]
) -> None:
    for here in reachable:
        for there in reachable:
            if here == there:
                continue
            visits_here = variables.visits.get((student, here), {})
            visits_there = variables.visits.get((student, there), {})
            for before, after in near:
                is_over = after < variables.instance.first_open
                if before in visits_here and after in visits_there and not is_over:
                    variables.model.add_at_most_one(visits_here[before], visits_there[after])


def _visit(variables: Variables, student: int, building: int, slot: int) -> cp_model.IntVar:
    by_slot = variables.visits.setdefault((student, building), {})
    if slot not in by_slot:
        name = f"visits_{student}_{building}_{slot}"
        by_slot[slot] = variables.model.new_bool_var(name)
    return by_slot[slot]


def max_in_a_row(variables: Variables) -> None:
    """After so many slots in a row one slot stays free."""
    limit = variables.instance.event.rules.max_in_a_row
    for row in variables.instance.rows():
        if row[-1] < variables.instance.first_open:
            continue
        for own in variables.of_student.values():
            here = [variable for slot in row for variable in variables.at(own, slot)]
            if len(own) > limit and len(here) > limit:
                variables.model.add(sum(here) <= limit)
