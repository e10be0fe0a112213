"""Refusals of the operations in the reader's language."""

from __future__ import annotations

from flask_babel import gettext

from webui.operations.log import RefusedError


def told(error: RefusedError) -> str:
    """Translate a refusal; `make words` finds its words where it is raised."""
    return str(gettext(error.text, **error.values))
