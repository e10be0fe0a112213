"""Fewer breaks for students, with the allocation fixed: a local search.

Level 4 counts the idle runs between a student's first and last meeting. A meeting moves to an open
turn of its company, or exchanges its slot with another student's meeting at the same company;
levels 1 to 3 cannot change, because the pairs stay. Heuristic: no bound comes from it.
"""

from __future__ import annotations

import time

from scheduler.strategies.board import Board, bits


def count_breaks(used: int) -> int:
    """Idle runs between the first and last slot of a mask: its runs of ones, less one."""
    return (used & ~(used << 1)).bit_count() - 1 if used else 0


def improve_breaks(board: Board, *, until: float) -> bool:
    """Move meetings until no single move helps, or until the time.

    Parameters
    ----------
    board
        Changed in place; breaks no rule before, after, or when time runs out.
    until
        Reading of ``time.monotonic`` at which to stop.

    Returns
    -------
    bool
        Whether it came to its end; then the same board gives the same one again.

    Notes
    -----
    Students in order, first improvement.
    """
    waiting = [s for s, used in enumerate(board.used) if count_breaks(used)]
    while waiting:
        touched: set[int] = set()
        for student in waiting:
            if time.monotonic() > until:
                return False
            while count_breaks(board.used[student]):
                moved = _improve(board, student)
                if not moved:
                    break
                touched |= moved
        waiting = sorted(s for s in touched if count_breaks(board.used[s]))
    return True


def _improve(board: Board, student: int) -> set[int]:
    """Make one move that lowers the breaks; the students it touched, empty when there is none."""
    for slot, pair in sorted(board.meeting_at[student].items()):
        if board.instance.pairs[pair].is_pinned and board.instance.pairs[pair].slots == 1 << slot:
            continue
        if _relocate(board, pair):
            return {student}
        other = _exchange(board, pair)
        if other is not None:
            return {student, other}
    return set()


def _relocate(board: Board, pair: int) -> bool:
    """Move a meeting to an open turn that lowers the student's breaks."""
    used = board.used[board.instance.pairs[pair].student]
    here = 1 << board.slot_of[pair]
    before = count_breaks(used)
    better = [
        t for t in bits(board.open_slots(pair)) if count_breaks(used ^ here | 1 << t) < before
    ]
    if not better:
        return False
    slot = board.remove(pair)
    for target in better:
        if board.fits(pair, target):
            board.place(pair, target)
            return True
    board.place(pair, slot)
    return False


def _exchange(board: Board, pair: int) -> int | None:
    """Swap slots with another meeting of the company; the other student, or None."""
    pairs = board.instance.pairs
    own = pairs[pair]
    here = board.slot_of[pair]
    mine = board.used[own.student]
    for there in bits(own.slots & ~mine):
        swap = 1 << here | 1 << there
        gain = count_breaks(mine) - count_breaks(mine ^ swap)
        for rival in board.seated[own.company][there]:
            other = pairs[rival]
            theirs = board.used[other.student]
            if not other.slots & ~theirs & 1 << here:
                continue
            loss = count_breaks(theirs ^ swap) - count_breaks(theirs)
            if loss < gain and _swap(board, (pair, here), (rival, there)):
                return other.student
    return None


def _swap(board: Board, first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Exchange two placed meetings, or leave all as it was when a rule forbids it."""
    board.remove(first[0])
    board.remove(second[0])
    if board.fits(first[0], second[1]):
        board.place(first[0], second[1])
        if board.fits(second[0], first[1]):
            board.place(second[0], first[1])
            return True
        board.remove(first[0])
    board.place(*first)
    board.place(*second)
    return False
