"""Rules that speak against a change, in few words of the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler.model import Position, StudentId
from scheduler.model.people import Language, Proficiency
from webui.operations.board import Board
from webui.operations.judging import Conflict
from webui.words.columns import value_name
from webui.words.filters import spoken_within


def why(board: Board, conflicts: Sequence[Conflict], *, of: StudentId | None = None) -> str:
    """Say what speaks against a change; empty when nothing does.

    Parameters
    ----------
    of
        The student who is spoken of; others are named.
    """
    return "; ".join(dict.fromkeys(_one(board, own, of) for own in conflicts))


def _one(board: Board, conflict: Conflict, of: StudentId | None) -> str:
    text = _TEXTS[conflict.code](board, conflict)
    if conflict.slots and conflict.code != "room":
        text = str(_("%(times)s: %(reason)s", times=_times(board, conflict), reason=text))
    if of is not None and conflict.student_id not in (None, of):
        student = board.judge.students[conflict.student_id]
        return str(_("%(name)s: %(reason)s", name=student.name, reason=text))
    return text


def positions_of(positions: Sequence[Position]) -> str:
    """Names of positions."""
    return ", ".join(value_name(own.value, "position") for own in positions)


def languages_of(needs: Sequence[Sequence[Language]]) -> str:
    """Languages that a company asks for."""
    return ", ".join(str(_(" or ")).join(map(_language, need)) for need in needs)


def _language(asked: Language) -> str:
    is_native = asked.proficiency is Proficiency.NATIVE
    return f"{spoken_within(asked.code)} {_('native') if is_native else asked.proficiency}"


def _company(board: Board, conflict: Conflict) -> str:
    assert conflict.company_id is not None  # those who call it have one
    return board.judge.companies[conflict.company_id].name


def _needs(board: Board, conflict: Conflict) -> str:
    assert conflict.company_id is not None
    return languages_of(board.judge.companies[conflict.company_id].languages)


def _fields(board: Board, conflict: Conflict) -> str:
    assert conflict.company_id is not None
    return ", ".join(board.judge.companies[conflict.company_id].fields)


def _offers(board: Board, conflict: Conflict) -> str:
    assert conflict.company_id is not None
    return positions_of(board.judge.companies[conflict.company_id].positions)


def _times(board: Board, conflict: Conflict) -> str:
    slots = board.event.window.slots
    return ", ".join(board.event.clock(slots[own].start_min) for own in conflict.slots)


def _full_room(board: Board, conflict: Conflict) -> str:
    room = board.judge.rooms.get(conflict.room_id) if conflict.room_id else None
    return str(
        ngettext(
            "%(room)s is full at %(times)s: %(num)d of %(num)d student",
            "%(room)s is full at %(times)s: %(num)d of %(num)d students",
            conflict.number,
            room=room.label if room else "",
            times=_times(board, conflict),
        )
    )


def _at_most(_board: Board, conflict: Conflict) -> str:
    return str(ngettext("at most %(num)d meeting", "at most %(num)d meetings", conflict.number))


_TEXTS: Mapping[str, Callable[[Board, Conflict], str]] = {
    "veto": lambda _b, _c: _("the company said no"),
    "forbid": lambda _b, _c: _("staff decided against it"),
    "unranked": lambda _b, _c: _("not among the wishes"),
    "language": lambda b, c: _("asks for %(needs)s", needs=_needs(b, c)),
    "field": lambda b, c: _("looks for %(fields)s", fields=_fields(b, c)),
    "position": lambda b, c: _("offers %(positions)s", positions=_offers(b, c)),
    "student_away": lambda _b, _c: _("not here then"),
    "company_away": lambda _b, _c: _("the company is away then"),
    "never_together": lambda _b, _c: _("never here at the same time"),
    "place": lambda _b, _c: _("not a table of the company"),
    "seats": lambda _b, _c: _("the table is full"),
    "full": lambda _b, c: ngettext(
        "its %(num)d place is taken", "all %(num)d places are taken", c.number
    ),
    "full_then": lambda _b, c: ngettext(
        "its %(num)d place while both are here is taken",
        "all %(num)d places while both are here are taken",
        c.number,
    ),
    "room": _full_room,
    "student_max": _at_most,
    "company_max": lambda b, c: _("the company takes %(most)s", most=_at_most(b, c)),
    "busy": lambda b, c: _("with %(company)s then", company=_company(b, c)),
    "walk": lambda b, c: _("too far from %(company)s", company=_company(b, c)),
    "twice": lambda b, c: _("they meet at %(time)s", time=b.event.clock(c.number)),
    "row": lambda _b, c: _("more than %(most)s in a row", most=c.number),
    "pinned": lambda b, c: _("pinned at %(time)s", time=b.event.clock(c.number)),
}
