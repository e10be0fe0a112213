"""The levels of the working timetable beside those it was solved with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from webui.operations.board import Board
from webui.words.filters import number
from webui.words.levels import points, points_hint


@dataclass(frozen=True, slots=True)
class LevelNow:
    """One number of a level: as solved (None when not known), and now.

    Parameters
    ----------
    text
        The number with its unit.
    hint
        What it counts, where that needs words.
    """

    name: str
    now: int
    solved: int | None
    is_smaller_better: bool = False
    text: str = ""
    hint: str = ""

    @property
    def change(self) -> int:
        """How much larger it is now."""
        return 0 if self.solved is None else self.now - self.solved

    @property
    def is_worse(self) -> bool:
        """Whether changes by hand cost something here."""
        return self.change > 0 if self.is_smaller_better else self.change < 0


def levels_now(board: Board) -> list[LevelNow]:
    """Every level, in its order."""
    solved: dict[str, object] = {
        own["name"]: own["value"] for own in board.row.summary.get("levels", [])
    }
    return list(_levels(board, solved))


def _levels(board: Board, solved: dict[str, object]) -> Iterator[LevelNow]:
    scores = board.scores
    before = solved.get("guaranteed_meetings")
    for index, value in enumerate(scores.guaranteed):
        known = before[index] if isinstance(before, list) and index < len(before) else None
        name = _("At least 1 meeting") if index == 0 else _("At least %(k)s meetings", k=index + 1)
        yield LevelNow(str(name), value, known, text=number(value))
    for key, text, value in (
        ("company_minimum", _("Companies' minimum"), scores.company_minimum),
        ("preferences", _("Wishes"), scores.preferences),
        ("breaks", _("Waiting"), scores.breaks),
    ):
        found = solved.get(key)
        known = found[0] if isinstance(found, list) and found else found
        before_it = known if isinstance(known, int) else None
        said, hint = number(value), ""
        if key == "preferences":
            said = points(value)
            hint = points_hint(board.event.rules.rank_weights, board.event.rules.mutual_bonus)
        elif key == "breaks":
            said = ngettext("%(num)d break", "%(num)d breaks", value)
            hint = str(_("Breaks that students wait between their first and last meeting"))
        is_smaller_better = key == "breaks"
        yield LevelNow(str(text), value, before_it, is_smaller_better, said, hint)
