"""Staff's pages, one module a subject."""

from webui.staff.base import blueprint

from webui.staff import (  # isort: skip  # they add their routes
    accounts,
    backup,
    collecting,
    colleagues,
    copying,
    cvs,
    events,
    forecast,
    importing,
    people,
    printing,
    publishing,
    removed,
    solving,
    timetable,
    whatif,
)

__all__ = [
    "accounts",
    "backup",
    "blueprint",
    "colleagues",
    "collecting",
    "copying",
    "cvs",
    "events",
    "forecast",
    "importing",
    "people",
    "printing",
    "publishing",
    "removed",
    "solving",
    "timetable",
    "whatif",
]
