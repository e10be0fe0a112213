"""Refusals of the operations in the reader's language."""

from __future__ import annotations

from flask_babel import gettext

from webui.operations.log import RefusedError


def told(error: RefusedError) -> str:
    """Translate a refusal; its words are listed in `webui.words.catalogue`."""
    return str(gettext(error.text, **error.values))
