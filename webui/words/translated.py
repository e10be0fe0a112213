"""Translation with types: what Flask-Babel gives is untyped."""

from __future__ import annotations

import flask_babel


def _(text: str, **values: object) -> str:
    """The text in the reader's language, its ``%(name)s`` filled."""
    return str(flask_babel.gettext(text, **values))


def ngettext(singular: str, plural: str, num: int, **values: object) -> str:
    """The same for a number, which is ``%(num)d``."""
    return str(flask_babel.ngettext(singular, plural, num, **values))
