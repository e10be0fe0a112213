"""Refusals of the operations in the reader's language."""

from __future__ import annotations

from flask_babel import gettext

from webui.operations.log import RefusedError
from webui.words.sentences import said


def told(error: RefusedError) -> str:
    """Translate a refusal; `make words` finds its words where it is raised."""
    return str(gettext(error.text, **{name: said(own) for name, own in error.values.items()}))
