"""Placing an allocation: greedy by least slack, then alternating (Kempe) chains.

Notes
-----
Placing is edge colouring of a bipartite graph with slots as colours (König 1916): with everybody
present and degrees within the slots and seats it always succeeds. With absences it is list
colouring, which is NP-hard (Even, Itai, Shamir 1976); the chains are then a heuristic, and what
they leave goes to CP-SAT.

References
----------
D. König (1916), Über Graphen und ihre Anwendung auf Determinantentheorie und Mengenlehre.
A. B. Kempe (1879), On the geographical problem of the four colours.
S. Even, A. Itai, A. Shamir (1976), On the complexity of timetable and multicommodity flow problems.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Sequence

from scheduler.strategies.board import Board, bits
from scheduler.strategies.instance import Instance

Moves = list[tuple[int, int]]


def place(
    instance: Instance, pairs: Sequence[int], rooms: Sequence[int]
) -> tuple[Board, tuple[int, ...]]:
    """Seat the chosen pairs.

    Returns
    -------
    Board
        Breaks no rule, except that pins may be missing.
    tuple of int
        The pairs that found no slot; empty when the whole allocation is placed.

    Notes
    -----
    Deterministic. Greedy costs O(pairs x slots); a chain at most one look at every meeting in its
    two slots. Chains know presence and seats only, so they run where no other rule can bind.
    """
    board = Board(instance, rooms)
    for pair in pairs:
        if instance.pairs[pair].is_past:
            board.place(pair, instance.pairs[pair].slots.bit_length() - 1)
    ordered = [pair for pair in _by_slack(instance, pairs) if pair not in board.slot_of]
    left = [pair for pair in ordered if not _place_emptiest(board, pair)]
    if instance.is_colourable():
        left = [pair for pair in left if not _place_by_chain(board, pair)]
    return board, tuple(left)


def _by_slack(instance: Instance, pairs: Sequence[int]) -> list[int]:
    """Pins first, those with one slot before others, then pairs with the fewest slots to spare."""
    students = Counter(instance.pairs[pair].student for pair in pairs)
    companies = Counter(instance.pairs[pair].company for pair in pairs)

    def slack(pair: int) -> tuple[int, int, int, int]:
        own = instance.pairs[pair]
        spare = instance.student_free[own.student].bit_count() - students[own.student]
        turns = instance.company_free[own.company].bit_count()
        seats = instance.company_seats[own.company]
        return (
            own.slots.bit_count() > 1 if own.is_pinned else 2,
            own.slots.bit_count() + min(spare, turns - companies[own.company] // seats),
            spare,
            pair,
        )

    return sorted(pairs, key=slack)


def _place_emptiest(board: Board, pair: int) -> bool:
    """Place the pair in the slot where its company is emptiest; False when none fits."""
    seated = board.seated[board.instance.pairs[pair].company]
    found, fewest = -1, len(board.instance.pairs)
    for slot in bits(board.open_slots(pair)):
        if len(seated[slot]) < fewest and board.fits(pair, slot):
            found, fewest = slot, len(seated[slot])
            if not fewest:
                break
    if found < 0:
        return False
    board.place(pair, found)
    return True


def _place_by_chain(board: Board, pair: int) -> bool:
    """Free a slot for the pair by exchanging two slots along a chain of other meetings."""
    if _place_emptiest(board, pair):  # an earlier chain may have opened a turn
        return True
    own = board.instance.pairs[pair]
    free = own.slots & ~board.used[own.student]
    has_seat = [t for t in bits(own.slots) if board.has_seat(own.company, t)]
    for here in bits(free):
        for there in has_seat:
            if here == there:
                continue
            moves = _chain(board, board.seated[own.company][here], here, there)
            if moves is not None:
                _apply(board, moves)
                board.place(pair, here)
                return True
            moves = _student_chain(board, own.student, here, there)
            if moves is not None:
                _apply(board, moves)
                board.place(pair, there)
                return True
    return False


def _student_chain(board: Board, student: int, here: int, there: int) -> Moves | None:
    """Empty slot ``there`` of the student by moving its meeting to ``here``."""
    blocking = board.meeting_at[student][there]
    own = board.instance.pairs[blocking]
    if not own.slots >> here & 1:
        return None
    if board.has_seat(own.company, here):
        return [(blocking, here)]
    moves = _chain(board, board.seated[own.company][here], here, there)
    return None if moves is None else [(blocking, here), *moves]


def _chain(board: Board, starts: Iterable[int], here: int, there: int) -> Moves | None:
    """Shortest chain that moves one of ``starts`` from ``here`` to ``there``, or None.

    A pin with a time has that slot only, so it does not move; one without a time may.

    A moved meeting may push its student's meeting in ``there`` back to ``here``, whose company
    then pushes one of its own from ``here`` to ``there``, and so on (breadth first).
    """
    pairs = board.instance.pairs
    parent: dict[int, int | None] = dict.fromkeys(starts)
    queue = deque(parent)
    while queue:
        meeting = queue.popleft()
        own = pairs[meeting]
        if not own.slots >> there & 1:
            continue
        back = board.meeting_at[own.student].get(there)
        if back is None:
            return _trace(board, parent, meeting, here, there)
        other = pairs[back]
        if not other.slots >> here & 1:
            continue
        if board.has_seat(other.company, here):
            return _trace(board, parent, meeting, here, there)
        for following in board.seated[other.company][here]:
            if following not in parent:
                parent[following] = meeting
                queue.append(following)
    return None


def _trace(board: Board, parent: dict[int, int | None], last: int, here: int, there: int) -> Moves:
    moves: Moves = []
    meeting: int | None = last
    while meeting is not None:
        back = board.meeting_at[board.instance.pairs[meeting].student].get(there)
        moves.append((meeting, there))
        if back is not None:
            moves.append((back, here))
        meeting = parent[meeting]
    return moves


def _apply(board: Board, moves: Moves) -> None:
    for meeting, _ in moves:
        board.remove(meeting)
    for meeting, slot in moves:
        board.place(meeting, slot)
