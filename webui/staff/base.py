"""The blueprint of staff's pages, and the steps that every page of an event shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from webui import access
from webui.operations import steps
from webui.operations.log import ArchivedError

blueprint = Blueprint("staff", __name__)


ENDPOINTS = {
    "set_up": "staff.set_up",
    "people": "staff.people_overview",
    "collect": "staff.collect",
    "solve": "staff.solve",
    "timetable": "staff.timetable",
    "publish": "staff.publish",
    "print": "staff.prints",
}
"""Route of the page of each step, by the step's key."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way from an empty event to the printed pack."""

    endpoint: str
    name: str
    is_done: bool
    is_waiting: bool
    missing: str


def event_page(template: str, *, step: str, **values: Any) -> str:
    """Render a page of an event below its steps.

    Parameters
    ----------
    step
        Key of the step this page belongs to.

    Raises
    ------
    ArchivedError
        The page is there to change an event that is archived.
    """
    row = access.event()
    if row.archived_at is not None and access.is_for_changing():
        raise ArchivedError
    done = steps.progress_of(access.services().database, row, access.now()).steps
    names = step_names()
    missing = {
        "": "",
        "slots": _("No slots yet"),
        "rooms": _("No rooms yet"),
        "companies": _("No companies yet"),
        "students": _("No students yet"),
        "window": _("No window for wishes yet"),
        "timetable": _("No timetable yet"),
        "new_slots": _("The slots were changed: solve again"),
        "version": _("Nothing published yet"),
        "changes": _("Changes that students do not see yet"),
    }
    shown = [
        Step(ENDPOINTS[key], names[key], state.is_done, state.is_waiting, missing[state.missing])
        for key, state in done.items()
    ]
    return render_template(template, event=row, steps=shown, step=ENDPOINTS[step], **values)


def step_names() -> dict[str, str]:
    """What the steps are called, by key."""
    return {
        "set_up": _("Set up"),
        "people": _("People"),
        "collect": _("Collect"),
        "solve": _("Solve"),
        "timetable": _("Timetable"),
        "publish": _("Publish"),
        "print": _("Print"),
    }
