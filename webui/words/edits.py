"""Changes of the timetable by hand, in a sentence."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from webui.operations.board import Board
from webui.words.filters import clock


def said(board: Board, words: dict[str, Any]) -> str:
    """Say what a change was; who is not in the event any more has no name."""
    people, gone = board.people, str(_("somebody removed"))
    student = people.students.get(words["student"])
    company = people.companies.get(words["company"])
    other = people.students.get(words.get("other", 0))
    to = people.companies.get(words.get("to_company", 0))
    values = {
        "student": student.name if student else gone,
        "company": company.name if company else gone,
        "other": other.name if other else gone,
        "to": to.name if to else gone,
        "from_time": clock(words.get("from")),
        "to_time": clock(words.get("to")),
    }
    kind = words["kind"]
    if kind == "move" and words["to_company"] == words["company"]:
        return str(_("%(student)s meets %(company)s at %(to_time)s, not %(from_time)s", **values))
    if kind in ("lock", "unlock"):
        values["who"] = student.name if student else company.name if company else gone
        return _locked(kind, words["count"], values)
    texts = {
        "move": _("%(student)s meets %(to)s at %(to_time)s instead of %(company)s", **values),
        "swap": _("%(student)s (%(company)s) and %(other)s (%(to)s) swapped places", **values),
        "add": _("%(student)s meets %(company)s at %(to_time)s", **values),
        "remove": _("%(student)s does not meet %(company)s at %(from_time)s any more", **values),
        "pin": _("%(student)s and %(company)s pinned", **values),
        "unpin": _("pin of %(student)s and %(company)s taken away", **values),
        "forbid": _("%(student)s and %(company)s are not to meet", **values),
        "allow": _("%(student)s and %(company)s may meet again", **values),
    }
    return str(texts[kind])


def _locked(kind: str, count: int, values: dict[str, str]) -> str:
    if kind == "lock":
        text = ngettext(
            "%(who)s: %(num)d meeting pinned",
            "%(who)s: %(num)d meetings pinned",
            count,
            **values,
        )
    else:
        text = ngettext(
            "%(who)s: %(num)d pin taken away",
            "%(who)s: %(num)d pins taken away",
            count,
            **values,
        )
    return str(text)
