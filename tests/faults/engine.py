"""Faults in the model and the engine: presence, weights, flow, colouring, comfort, CP-SAT."""

from __future__ import annotations

from tests.faults.fault import BANK, SOLVING, planted

MODEL = (
    planted(
        "slot loses its last minute's edge: leaving at its end is too early",
        "model/presence.py",
        ("slot.end_min <= leaves", "slot.end_min < leaves"),
        "tests/scheduler/model/test_presence.py",
    ),
    planted(
        "absence that only touches a slot counts",
        "model/presence.py",
        ("slot.start_min < end and", "slot.start_min <= end and"),
        "tests/scheduler/model/test_presence.py",
    ),
    planted(
        "last slot dropped",
        "model/window.py",
        (
            "start + window.slot_min > window.length_min",
            "start + window.slot_min >= window.length_min",
        ),
        "tests/scheduler/model/test_window.py",
    ),
    planted(
        "change between slots forgotten",
        "model/window.py",
        ("start += window.slot_min + window.changeover_min", "start += window.slot_min"),
        "tests/scheduler/model/test_window.py",
    ),
    planted(
        "vetoes forgotten",
        "model/eligibility.py",
        ("if pair in self.vetoes:", "if False:"),
        "tests/scheduler/model/test_eligibility.py",
    ),
    planted(
        "field rule lets students without a field pass",
        "model/eligibility.py",
        ("if not field or field not in", "if field and field not in"),
        "tests/scheduler/model/test_eligibility.py",
    ),
    planted(
        "one alternative of a language need is not enough",
        "model/people.py",
        (
            "any(spoken.satisfies(asked) for asked in need",
            "all(spoken.satisfies(asked) for asked in need",
        ),
        "tests/scheduler/model/test_people.py",
    ),
    planted(
        "level asked for must be exceeded",
        "model/people.py",
        ("self.proficiency >= asked.proficiency", "self.proficiency > asked.proficiency"),
        "tests/scheduler/model/test_people.py",
    ),
    planted(
        "weight of the next rank",
        "model/event.py",
        ("weights[rank - 1] if rank <= len(weights)", "weights[rank] if rank < len(weights)"),
        "tests/scheduler/test_objective.py",
    ),
    planted(
        "mutual bonus forgotten",
        "objective.py",
        ("points += rules.mutual_bonus", "points += 0"),
        "tests/scheduler/test_objective.py",
    ),
    planted(
        "guarantee counts more than k instead of at least k",
        "objective.py",
        (
            "if count >= k) for k in range(1, guarantee + 1)",
            "if count > k) for k in range(1, guarantee + 1)",
        ),
        "tests/scheduler/test_objective.py",
    ),
    planted(
        "lot leaves students in the order of the file",
        "model/order.py",
        ("sorted(event.students, key=lambda own: _lot(own.student_id, seed))", "event.students"),
        "tests/scheduler/model/test_order.py",
    ),
    planted(
        "hash depends on the order of rows",
        "model/digest.py",
        (
            '"".join(sorted(f"{row!r}\\n" for row in rows))',
            '"".join(f"{row!r}\\n" for row in rows)',
        ),
        "tests/scheduler/model/test_digest.py",
    ),
)

FLOW = (
    planted(
        "student's own maximum forgotten",
        "strategies/instance.py",
        ("overall if student.max_meetings is None else student.max_meetings", "overall"),
        BANK,
    ),
    planted(
        "timed pin may go anywhere",
        "strategies/instance.py",
        ("slots &= 1 << pin", "slots &= -1"),
        f"{SOLVING}/test_instance.py",
    ),
    planted(
        "walk of exactly the time left is refused",
        "strategies/instance.py",
        (
            "after.start_min - before.end_min < minutes",
            "after.start_min - before.end_min <= minutes",
        ),
        BANK,
    ),
    planted(
        "row of max_in_a_row is one slot too long",
        "strategies/instance.py",
        ("range(first, first + limit + 1)", "range(first, first + limit + 2)"),
        BANK,
    ),
    planted(
        "rows run on through event breaks",
        "strategies/instance.py",
        (" or window.has_break_after(slot.index)", ""),
        f"{SOLVING}/test_instance.py",
    ),
    planted(
        "pins do not take places of their company",
        "strategies/allocation.py",
        ("[max(0, most - self._company_pins[c]) for c, most in", "[max(0, most) for c, most in"),
        BANK,
    ),
    planted(
        "minimum is worth too little against wishes",
        "strategies/allocation.py",
        ("return pairs * int(self._reward.max(initial=0)) + 1", "return 1"),
        f"{SOLVING}/test_allocation.py",
    ),
    planted(
        "repair: slots that have begun stay open",
        "strategies/instance.py",
        ("is_open = -1 << first_open", "is_open = -1"),
        "tests/scheduler/test_repair.py",
    ),
    planted(
        "repair: a turn that lost seats keeps everybody in the bound",
        "strategies/keeping.py",
        ("bound += min(seats, len(pairs))", "bound += len(pairs)"),
        "tests/scheduler/test_repair.py",
    ),
    planted(
        "pairs without points cost the flow nothing and stay out",
        "strategies/allocation.py",
        ("(most_pairs + 1) + 1", "(most_pairs + 1)"),
        f"{SOLVING}/test_allocation.py",
    ),
    planted(
        "room's capacity counted once for all slots",
        "strategies/allocation.py",
        ("most += seats if capacity is None", "most = seats if capacity is None"),
        BANK,
    ),
)

PLACING = (
    planted(
        "turn takes one student too many",
        "strategies/board.py",
        (
            "seated.append(pair)\n        if len(seated) >= self",
            "seated.append(pair)\n        if len(seated) > self",
        ),
        f"{SOLVING}/test_colouring.py",
    ),
    planted(
        "room takes one student too many",
        "strategies/board.py",
        (
            "self._load[room][slot] >= capacity:\n                return False",
            "self._load[room][slot] > capacity:\n                return False",
        ),
        BANK,
    ),
    planted(
        "rest rule forgotten while placing",
        "strategies/board.py",
        ("if any(with_slot & row == row for row in self._rows[slot]):", "if False:"),
        f"{SOLVING}/test_colouring.py",
    ),
    planted(
        "walk forgotten in one direction",
        "strategies/board.py",
        ("                self._near[after] |= 1 << before\n", ""),
        f"{SOLVING}/test_colouring.py",
    ),
    planted(
        "chain sends a meeting where its student is absent",
        "strategies/colouring.py",
        ("if not own.slots >> there & 1:", "if False:"),
        f"{SOLVING}/test_colouring.py",
    ),
    planted(
        "chain ends at a company without a free seat",
        "strategies/colouring.py",
        ("if board.has_seat(other.company, here):", "if True:"),
        f"{SOLVING}/test_colouring.py",
    ),
    planted(
        "ejection loses what it takes off",
        "strategies/ejection.py",
        ("            self._waiting.append(other)\n", ""),
        f"{SOLVING}/test_ejection.py",
    ),
    planted(
        "rooms chosen one table too small",
        "strategies/rooms.py",
        ("if free >= tables]", "if free >= tables - 1]"),
        f"{SOLVING}/test_rooms.py",
    ),
    planted(
        "table numbers overlap",
        "strategies/rooms.py",
        ("following[room] += company.tables", "following[room] += 1"),
        f"{SOLVING}/test_rooms.py",
    ),
    planted(
        "exchange for comfort ignores weights",
        "strategies/comfort/moves.py",
        ("if own.weight + other.weight != wished.weight + pairs[theirs].weight:", "if False:"),
        f"{SOLVING}/test_comfort.py",
    ),
    planted(
        "breaks counted one too many",
        "strategies/comfort/costs.py",
        (".bit_count() - 1 if used else 0", ".bit_count() if used else 0"),
        f"{SOLVING}/test_comfort.py",
    ),
)

SEARCH = (
    planted(
        "variable for the first slot missing",
        "strategies/cpsat/variables.py",
        (
            "for slot in range(instance.n_slots)\n            if own.slots",
            "for slot in range(1, instance.n_slots)\n            if own.slots",
        ),
        BANK,
    ),
    planted(
        "two places at a time",
        "strategies/cpsat/constraints.py",
        ("    one_place_at_a_time(variables)\n", ""),
        f"{SOLVING}/cpsat/test_constraints.py",
    ),
    planted(
        "same pair meets twice",
        "strategies/cpsat/constraints.py",
        ("    once_per_pair(variables)\n", ""),
        BANK,
    ),
    planted(
        "seats: one student too many",
        "strategies/cpsat/constraints.py",
        (
            "variables.model.add(sum(here) <= limit)\n\n\ndef max_meetings",
            "variables.model.add(sum(here) <= limit + 1)\n\n\ndef max_meetings",
        ),
        f"{SOLVING}/cpsat/test_constraints.py",
    ),
    planted(
        "walking time dropped from the model",
        "strategies/cpsat/constraints.py",
        ("    walking_time(variables)\n", ""),
        f"{SOLVING}/cpsat/test_constraints.py",
    ),
    planted(
        "later guarantee counts without the earlier one",
        "strategies/cpsat/objective.py",
        (
            "variables.model.add(sum(steps) <= sum(variables.meetings_of(own)))",
            "variables.model.add(sum(steps) <= 2 * sum(variables.meetings_of(own)))",
        ),
        BANK,
    ),
    planted(
        "entries weigh too little against those below",
        "strategies/cpsat/objective.py",
        ("factor *= bound + 1", "factor *= 1"),
        f"{SOLVING}/cpsat/test_neighbourhood.py",
    ),
    planted(
        "what is reached is not held",
        "strategies/cpsat/search.py",
        ("add(self._entries[entry] >= value)", "add(self._entries[entry] >= 0)"),
        BANK,
    ),
    planted(
        "flow's bound one too small",
        "strategies/cpsat/levels.py",
        ("search.limit(entry, bound)", "search.limit(entry, bound - 1)"),
        BANK,
    ),
    planted(
        "infeasible said without a second search",
        "strategies/cpsat/levels.py",
        (
            "            self._confirm()\n",
            "            self._emit(Infeasible(is_confirmed=False))\n",
        ),
        BANK,
    ),
    planted(
        "pins of an explanation need no meeting",
        "strategies/cpsat/pins.py",
        ("if pair.is_pinned]", "if not pair.is_pinned]"),
        "tests/scheduler/explain/test_diagnose.py",
    ),
    planted(
        "neighbourhood forgets those who stay",
        "strategies/cpsat/neighbourhood.py",
        ("variables.seated.get(key, 0) + 1", "variables.seated.get(key, 0)"),
        f"{SOLVING}/cpsat/test_neighbourhood.py",
    ),
)
