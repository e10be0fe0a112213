"""The job after publishing: each company's day sheet as PDF, in a mail to the company."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from scheduler.documents import print_pack
from webui.jobs.worker import Running
from webui.operations import sheets
from webui.operations.sheets import Sheets

_UNUSUAL = re.compile(r"[^A-Za-z0-9_-]+")


def run(running: Running) -> None:
    """Make the day sheets of a version and hand the mails over to be sent.

    Notes
    -----
    Run again after an accident it sends nothing twice: each mail has its own key.
    """
    work = sheets.prepare(running.database, running.claimed)
    made: dict[int, tuple[str, bytes]] = {}
    for pk, company_id in work.companies.items():
        if running.should_stop():
            break
        running.progress = {"done": len(made), "count": len(work.companies)}
        made[pk] = _sheet(work, company_id)
    running.store(
        lambda: sheets.store(
            running.database,
            running.clock(),
            running.claimed,
            worker=running.worker,
            work=work,
            made=made,
        )
    )


def _sheet(work: Sheets, company_id: str) -> tuple[str, bytes]:
    with TemporaryDirectory() as folder:
        report = print_pack(
            work.event,
            work.timetable,
            Path(folder),
            only=("companies",),
            ids=(company_id,),
            badge_ids={},
            processes=1,
            version=work.number,
        )
        [printed] = report.files
        name = _UNUSUAL.sub("-", company_id).strip("-") or "company"
        return f"{name}-version-{work.number}.pdf", printed.path.read_bytes()
