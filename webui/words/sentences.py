"""What the engine says, in the reader's language."""

from __future__ import annotations

from typing import Any

import flask_babel

from scheduler.errors import Problem
from scheduler.sentence import Grouped, Sentence, Term, TermKind
from webui.words.columns import column_name, list_name, value_name
from webui.words.filters import spoken_within

_SAID = (Sentence, Term, Grouped)


def said(text: object) -> Any:
    """Translate what the engine says; anything else stays as it is.

    Every template shows its values through this, so that none can forget it.
    """
    if isinstance(text, Problem):
        return _said(text.sentence(), text.table)
    return _said(text)


def _said(text: object, table: str = "") -> Any:
    """Translate it; columns are called as in the list that it is about."""
    if not isinstance(text, _SAID):
        return text
    if isinstance(text, Sentence):
        return _sentence(text, table)
    if isinstance(text, Term):
        return _term(text, table)
    return str(flask_babel.format_decimal(int(text)))


def begun(text: object) -> str:
    """Say it as a sentence of its own, which begins with a capital."""
    own = str(said(text))
    return own[:1].upper() + own[1:]


def whole(text: object) -> str:
    """Say it as a whole sentence, from the capital to the full stop."""
    return begun(text).rstrip(".") + "."


def _sentence(text: Sentence, table: str) -> str:
    if text.parts:
        between = text.template
        if between.strip(" ,;\n"):
            between = str(flask_babel.gettext(between))
        return between.join(str(_said(part, table)) for part in text.parts)
    if not text.template:
        return ""
    values = {name: _said(value, table) for name, value in text.values.items()}
    if text.plural:
        values["num"] = flask_babel.format_decimal(text.number)
        words = flask_babel.get_domain().get_translations()
        chosen = words.ungettext(text.template, text.plural, text.number)
        return str(chosen) % values
    return str(flask_babel.gettext(text.template, **values))


def _term(term: Term, table: str) -> str:
    if term.kind is TermKind.TABLE:
        return list_name(term)
    if term.kind is TermKind.POSITION:
        return value_name(term, "position")
    if term.kind is TermKind.LANGUAGE:
        code, _, level = term.partition(":")
        return f"{spoken_within(code)} {value_name(level, 'level')}"
    return column_name(term, table)
