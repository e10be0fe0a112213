"""A form for every route that changes something: what is stored is other than before."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scheduler.importers import load_event, write_event
from tests.webui.conftest import EXAMPLES, NOON, PASSWORD
from tests.webui.policies.prepared import (
    CLOSES,
    ELSEWHERE,
    EVENT,
    OPENS,
    PDF,
    STOCK,
    Prepared,
    Stage,
    changed_files,
)
from webui.operations import uploads
from webui.operations.profile import profile_of
from webui.store import Database, EventRow, StudentRow, TimetableRow

Form = dict[str, Any]

NO_EFFECT = frozenset({"pages.language", "staff.count_places", "staff.delete_event"})
"""What these are sent is stored nowhere; the events of these tests were published."""

EVENT_SETTINGS = {
    "event.name": "Company Dating, November",
    "event.date": "2026-11-26",
    "event.timezone": "Europe/Copenhagen",
    "event.start": "13:00",
    "event.end": "15:30",
    "event.slot_min": "10",
    "event.changeover_min": "2",
    "event.language": "en",
    "rules.require_language": "true",
}


def queries_of(prepared: Prepared, key: str) -> dict[str, Form]:
    """Queries of the pages that show nothing without one."""
    stage = prepared.stages[key]
    met, dropped = (
        dict(zip(("student", "company"), own, strict=True)) for own in (stage.met, stage.dropped)
    )
    return {
        "staff.changes": {"from": 1, "to": "working"},
        "staff.verdicts_of_meeting": met,
        "staff.price": dropped,
        "staff.print_whom": {"version": 1},
    }


def new_files() -> list[tuple[io.BytesIO, str]]:
    """Files of an event that is not there yet, as a browser sends them."""
    event = replace(load_event(EXAMPLES / "tiny").event, event_id="from-files")
    with TemporaryDirectory() as place:
        folder = Path(place, "event")
        write_event(event, folder)
        return [(io.BytesIO(own.read_bytes()), own.name) for own in sorted(folder.iterdir())]


SAME_EVERYWHERE: dict[str, Form] = {
    "pages.language": {"language": "da"},
    "staff.sign_in": {"email": "planner@au.dk", "password": PASSWORD},
    "staff.sign_out": {"everywhere": "1"},
    "staff.join": {"name": "New", "password": PASSWORD},
    "staff.account": {"name": "Another Name", "language": "da"},
    "staff.second_factor": {"remove": "1", "password": PASSWORD},
    "staff.colleagues": {
        "email": "newer@au.dk",
        "role": "desk",
        "sees": "chosen",
        "events": [EVENT],
    },
    "staff.change_colleague": {"role": "planner", "sees": "chosen", "events": [EVENT]},
    "staff.take_back_invitation": {},
    "staff.back_up": {},
    "staff.new_event": EVENT_SETTINGS,
    "staff.count_places": EVENT_SETTINGS,
    "staff.copy_event": {"name": "Next", "date": "2027-03-18", "parts": ["rooms"]},
    "staff.archive_event": {"archived": "1"},
    "staff.delete_event": {"typed": EVENT},
    "staff.new_row": {"student_id": "new", "name": "New"},
    "staff.restore_row": {},
    "staff.erase_row": {},
    "staff.drop_upload": {},
    "staff.export": {"form": "zip"},
    "staff.student_cv": {},
    "staff.all_cvs": {},
    "staff.collect_window": {
        "was": f"{OPENS.isoformat()}|{CLOSES.isoformat()}|",
        "action": "close",
    },
    "staff.write_mail": {"subject": "Hi", "text": "{link}", "step": "send"},
    "staff.change_links": {"sure": "1"},
    "staff.try_mail_again": {},
    "staff.solve": {"time_limit": "5"},
    "staff.cancel_job": {},
    "staff.use_result": {},
    "staff.drop_result": {},
    "staff.what_if": {"guarantee": "2", "time_limit": "5"},
    "staff.use_variation": {},
    "staff.solve_rest": {},
    "staff.withdraw": {},
    "staff.work_on": {},
    "staff.fit_in": {},
    "staff.cancel_fit_in": {},
    "staff.prints": {"version": 1, "parts": ["desk"], "language": "en", "stock": STOCK},
    "staff.cancel_print": {},
    "students.submit": {},
    "students.remove_cv": {},
    "students.data_file": {},
}
"""Forms that name no row of an event."""


def forms_of(database: Database, prepared: Prepared, key: str) -> dict[str, Callable[[], Form]]:
    """Forms by route; each is made when it is sent, because files are read once.

    Parameters
    ----------
    key
        Event that the form is filled in for.
    """
    stage = prepared.stages[key]
    plain = {
        **SAME_EVERYWHERE,
        **people_forms(database, stage),
        **timetable_forms(database, stage, number=3 if key == ELSEWHERE else 2),
        **student_forms(database, stage),
    }
    forms: dict[str, Callable[[], Form]] = {
        endpoint: lambda form=form: form  # type: ignore[misc]  # each its own
        for endpoint, form in plain.items()
    }
    return forms | forms_with_files(prepared)


def people_forms(database: Database, stage: Stage) -> dict[str, Form]:
    """Forms of an event's settings and rows: each says what its page showed."""
    with database.reading() as session:
        event = session.get_one(EventRow, stage.pk)
        chiara = session.get_one(StudentRow, stage.students["chiara"])
    imported = uploads.preview(database, NOON, event_pk=stage.pk, upload_id=stage.upload)
    return {
        "staff.set_up": {**EVENT_SETTINGS, "revision": event.revision},
        "staff.edit_row": {"student_id": "chiara", "name": "New", "was": chiara.revision},
        "staff.delete_row": {"was": chiara.revision},
        "staff.import_preview": {"shown": imported.comparison.digest(is_overwriting=False)},
    }


def timetable_forms(database: Database, stage: Stage, *, number: int) -> dict[str, Form]:
    """Forms of the working timetable; ``number`` is the next version's."""
    with database.reading() as session:
        working = session.get_one(TimetableRow, stage.working)
    timetable = {"timetable": working.id, "revision": working.revision}
    met, dropped = (
        dict(zip(("student", "company"), own, strict=True)) for own in (stage.met, stage.dropped)
    )
    return {
        "staff.change_timetable": {"kind": "remove", **met, "revision": working.revision},
        "staff.ask_price": dropped,
        "staff.pay_price": dropped,
        "staff.publish": {**timetable, "number": number},
        "staff.keep_timetable": timetable,
        "staff.proposal": {"timetable": stage.proposal, "do": "accept"},
    }


def student_forms(database: Database, stage: Stage) -> dict[str, Form]:
    """Forms of a student's own pages."""
    with database.reading() as session:
        ana = session.get_one(StudentRow, stage.students["ana"])
        profile = profile_of(session, ana).digest
    coffee, robots = stage.companies["coffee"], stage.companies["robots"]
    return {
        "students.lost_link": {"email": ana.email},
        "students.wishes": {
            "ranking": f"{robots},{coffee}",
            "base": "",
            "revision": ana.revision,
        },
        "students.change_wish": {"company": coffee, "action": "drop"},
        "students.about": {"language": "English", "level": "C1", "base": profile},
    }


def forms_with_files(prepared: Prepared) -> dict[str, Callable[[], Form]]:
    """Forms that send files."""
    return {
        "staff.restore": lambda: {
            "typed": "replace everything",
            "file": (io.BytesIO(prepared.backup), "backup.zip"),
        },
        "staff.new_from_files": lambda: {"files": new_files()},
        "staff.import_files": lambda: {
            "files": [(io.BytesIO(own), name) for name, own in changed_files().items()]
        },
        "students.cv": lambda: {"purpose": ["brochure"], "cv": (io.BytesIO(PDF), "cv.pdf")},
    }
