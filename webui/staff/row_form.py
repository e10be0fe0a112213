"""The form of one row of a list: what was typed, what may be chosen, how it becomes cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from scheduler.model import Position
from webui import access
from webui.access import services
from webui.operations import editing, naming, people, row_choices
from webui.operations.consents import Agreed, agreed_by
from webui.operations.editing import WISH
from webui.operations.people import Line
from webui.store.exchange import window_of
from webui.words.columns import value_name
from webui.words.filters import clock
from webui.words.language_lines import (
    LanguageLine,
    cell_of_lines,
    language_names,
    level_choices,
    lines_of_cell,
)

SPARE_WISHES, SPARE_LANGUAGES = 3, 2
"""Empty places at the end of what can grow; a saved form has as many again."""
LANGUAGES = frozenset({"languages", "small_talk"})
"""Columns that the form shows as lines of a language and a level each."""
LONG = frozenset({"about", "reason"})
WIDE = frozenset({"name", "email", "website", "programme"})
GUESSED = frozenset({"building", "field", "programme"})
"""Columns for which the form offers what other rows have, and takes anything."""


@dataclass(slots=True)
class RowForm:
    """The form of one row: what stands in it, and what is wrong with it."""

    name: str
    pk: int | None
    was: str
    texts: dict[str, str]
    title: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    theirs: dict[str, str] | None = None

    def lines(self, column: str) -> list[LanguageLine]:
        """Lines of a column of languages, with empty ones to fill in."""
        cell = self.texts[column]
        found = lines_of_cell(cell, is_refused=column in self.errors)
        return [*found, *[LanguageLine()] * SPARE_LANGUAGES]

    def chosen(self, column: str) -> list[str]:
        """What of a column of words is chosen."""
        return [own.strip() for own in self.texts[column].split(";") if own.strip()]


def title_of(name: str, line: Line) -> str:
    """What a row is called."""
    if name in ("shortlist", "decisions"):
        return f"{line.names['student_id']} – {line.names['company_id']}"
    return line.names.get("id") or line.cells.get("name") or line.cells.get("room_id", "")


def form_of(name: str, line: Line) -> RowForm:
    """The form of a row as it is stored."""
    texts = dict(line.cells)
    if name == "wishes":
        last = max((rank for rank, _company in line.wishes), default=0)
        texts = {f"{WISH}{rank}": "" for rank in range(1, last + SPARE_WISHES + 1)}
        texts |= {f"{WISH}{rank}": company for rank, company in line.wishes}
    return RowForm(name, line.pk, line.was, texts, title_of(name, line))


def typed(name: str, form: MultiDict[str, str]) -> dict[str, str]:
    """Read what was typed and chosen, each column as the cell of a file."""
    if name == "wishes":
        ranks = sorted(int(own.removeprefix(WISH)) for own in form if own[len(WISH) :].isdecimal())
        return {f"{WISH}{rank}": form[f"{WISH}{rank}"] for rank in ranks}
    return {own: _cell(own, form) for own in _fields(name)}


def _fields(name: str) -> list[str]:
    own = [column.name for column in editing.columns_of(name)]
    return [*own, "reason"] if name == "decisions" else own


def _cell(column: str, form: MultiDict[str, str]) -> str:
    names = [own.strip() for own in form.getlist(f"{column}.name")]
    if names:
        levels, either = form.getlist(f"{column}.level"), form.getlist(f"{column}.either")
        return cell_of_lines(zip(names, levels, either, strict=False))
    if column not in ("positions", "fields"):
        return form.get(column, "")
    words = (own.strip() for text in form.getlist(column) for own in text.split(";"))
    return ";".join({own.casefold(): own for own in words if own}.values())


def values_of(form: RowForm) -> dict[str, Any]:
    """What the templates of a form show."""
    row, name = access.event(), form.name
    choices = row_choices.choices(services().database, event_pk=row.id, name=name)
    if name == "decisions":
        choices["start"] = [
            (begins, f"{begins}–{clock(row.start_min + slot.end_min)}")
            for slot in window_of(row).slots
            if (begins := clock(row.start_min + slot.start_min))
        ]
    return {
        "form": form,
        "name": name,
        "columns": editing.columns_of(name),
        "choices": choices,
        "ticks": {
            "positions": [(own.value, value_name(own.value, "position")) for own in Position],
            "fields": [(own, own) for own, _label in choices.get("fields", ())],
        },
        "words": _words(),
        "blanks": {"room_id": _("the computer chooses"), "start": _("at any time")},
        "language_columns": LANGUAGES,
        "language_names": language_names(),
        "levels": level_choices(),
        "span": len(people.SHOWN[name]) + 1,
        "long": LONG,
        "wide": WIDE,
        "guessed": GUESSED,
        "made_id": naming.ID_COLUMNS.get(name) if form.pk is None else None,
        "agreed": _agreed(form),
    }


def _agreed(form: RowForm) -> Agreed | None:
    """What a student agreed to, and whether there is a CV; None of other rows."""
    if form.name != "students" or form.pk is None:
        return None
    with services().database.reading() as session:
        return agreed_by(session, form.pk)


def _words() -> dict[str, list[tuple[str, str]]]:
    """What columns hold that have one of a few words."""
    return {
        "shortlist.verdict": [("yes", _("yes")), ("no", _("no"))],
        "unavailable.kind": [("student", _("student")), ("company", _("company"))],
        "decisions.kind": [("pin", _("pinned")), ("forbid", _("forbidden"))],
    }
