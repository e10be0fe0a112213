"""Two events at every stage of their way, and somebody of every role signed in."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select, update

from scheduler.importers import load_event
from tests.webui.conftest import EXAMPLES, NOON, PASSWORD, make_colleague
from tests.webui.jobs import do_jobs
from tests.webui.publishing import drop_a_meeting, publish, solve_and_use
from webui.operations import (
    accounts,
    backup,
    consents,
    deleting,
    editing,
    importing,
    links,
    people,
    printing,
    repairing,
    sessions,
    solving,
    uploads,
    versions,
    whatif,
)
from webui.operations.accounts import EVERY_EVENT, Colleague, Given
from webui.operations.colleagues import list_invitations
from webui.operations.log import SYSTEM, Actor
from webui.operations.whatif import Wanted
from webui.store import (
    CompanyRow,
    Database,
    EventRow,
    Job,
    JobFile,
    Mail,
    MeetingRow,
    Membership,
    StudentRow,
    TimetableRow,
)

EVENT, ELSEWHERE = "tiny", "elsewhere"
CHOSEN = Given(is_all=False)
OPENS, CLOSES = NOON - dt.timedelta(days=1), NOON + dt.timedelta(days=1)
STOCK = "avery-l4785"
PDF = b"%PDF-1.4\nstartxref\n9\n%%EOF\n"


@dataclass
class Stage:
    """One event, ready for every request; the rows that its addresses and forms name."""

    pk: int
    students: dict[str, int] = field(default_factory=dict)
    companies: dict[str, int] = field(default_factory=dict)
    jobs: dict[str, int] = field(default_factory=dict)
    result: int = 0
    working: int = 0
    proposal: int = 0
    file: int = 0
    upload: int = 0
    removed: int = 0
    met: tuple[int, int] = (0, 0)
    dropped: tuple[int, int] = (0, 0)


@dataclass
class Prepared:
    """What a request needs to know of the database.

    Parameters
    ----------
    cookies
        Of each role's browser, by name.
    """

    stages: dict[str, Stage]
    cookies: dict[str, dict[str, str]]
    staff: dict[str, int]
    link: str
    invitation: str
    invitation_id: int
    backup: bytes


def prepare(database: Database) -> Prepared:
    """Fill an empty database."""
    colleagues = {
        name: make_colleague(database, NOON, f"{name}@au.dk", role, given)
        for name, role, given in (
            ("administrator", "administrator", EVERY_EVENT),
            ("planner", "planner", CHOSEN),
            ("desk", "desk", EVERY_EVENT),
            ("planner-elsewhere", "planner", CHOSEN),
            ("desk-elsewhere", "desk", CHOSEN),
        )
    }
    stages = {key: _stage(database, colleagues["administrator"], key) for key in (EVENT, ELSEWHERE)}
    publish(database, colleagues["administrator"], stages[ELSEWHERE].pk)  # a number the first lacks
    for stage in stages.values():
        _wait(database, colleagues["administrator"].actor, stage)
    with database.writing() as session:
        for name in ("planner", f"planner-{ELSEWHERE}", f"desk-{ELSEWHERE}"):
            key = ELSEWHERE if name.endswith(ELSEWHERE) else EVENT
            session.add(Membership(event_id=stages[key].pk, staff_id=colleagues[name].id))
    cookies: dict[str, dict[str, str]] = {"nobody": {}}
    tokens = {}
    for name, key in (("ana", EVENT), ("bilal", EVENT), (f"ana-{ELSEWHERE}", ELSEWHERE)):
        tokens[name] = _link(database, stages[key], name.split("-")[0])
        cookies[name] = {"cd_student": links.open_link(database, NOON, tokens[name])}
    for name, own in colleagues.items():
        token, _who = sessions.sign_in(database, NOON, email=own.email, password=PASSWORD)
        cookies[name] = {"cd_staff": token}
    invitation = accounts.invite(database, SYSTEM, NOON, email="new@au.dk", role="desk")
    invitation_id = list_invitations(database, NOON)[0].id
    packed = io.BytesIO()
    backup.back_up_into(database, colleagues["administrator"].actor, NOON, file=packed)
    staff = {name: own.id for name, own in colleagues.items()}
    return Prepared(
        stages, cookies, staff, tokens["ana"], invitation, invitation_id, packed.getvalue()
    )


def _link(database: Database, stage: Stage, student_id: str) -> str:
    with database.writing() as session:
        student = session.get_one(StudentRow, stage.students[student_id])
        return links.make_link(session, NOON, student, session.get_one(EventRow, stage.pk))


def _stage(database: Database, staff: Colleague, key: str) -> Stage:
    event = replace(load_event(EXAMPLES / "tiny").event, event_id=key)
    stage = Stage(importing.create_from(database, staff.actor, NOON, event))
    with database.writing() as session:
        row = session.get_one(EventRow, stage.pk)
        row.opens_at, row.closes_at = OPENS, CLOSES
        for student in session.scalars(select(StudentRow).where(StudentRow.event_id == stage.pk)):
            stage.students[student.student_id] = student.id
        for own in session.scalars(select(CompanyRow).where(CompanyRow.event_id == stage.pk)):
            stage.companies[own.company_id] = own.id
    for pk in stage.students.values():
        consents.save_consents(database, SYSTEM, NOON, student_pk=pk, purposes=["cv"], cv=PDF)
    stage.removed = _delete_a_room(database, staff.actor, stage.pk)
    stage.working = solve_and_use(database, staff, stage.pk)
    stage.result = solving.results_of(database, stage.pk)[0].id
    publish(database, staff, stage.pk)
    stage.dropped = drop_a_meeting(database, stage.working)  # there is something new to publish
    _keep_jobs(database, staff.actor, stage)
    _keep_upload(database, staff.actor, stage)
    _keep_failed_mail(database, stage)
    with database.reading() as session:
        met = select(MeetingRow).where(MeetingRow.timetable_id == stage.working)
        own = session.scalars(met.order_by(MeetingRow.id)).first()
    assert own
    stage.met = own.student_pk, own.company_pk
    return stage


def _delete_a_room(database: Database, actor: Actor, pk: int) -> int:
    own: dict[str, Any] = {"event_pk": pk, "name": "rooms"}
    texts = {"room_id": "attic", "tables": "1"}
    room = editing.save_row(database, actor, NOON, **own, pk=None, was="", texts=texts)
    line = people.line_of(database, **own, pk=room)
    assert line
    return deleting.delete_row(database, actor, NOON, **own, pk=room, was=line.was)


def _keep_jobs(database: Database, actor: Actor, stage: Stage) -> None:
    """A print, a proposal and variations."""
    printing.start_print(
        database, actor, NOON, event_id=stage.pk, number=1, parts=["desk"], stock=STOCK
    )
    repairing.start_repair(database, actor, NOON, event_id=stage.pk)
    wanted = Wanted(guarantee=(2,), time_limit_s=5)
    whatif.start_whatif(database, actor, NOON, event_id=stage.pk, wanted=wanted)
    done = {job.kind: job for job in do_jobs(database)}
    assert {job.state for job in done.values()} == {"done"}
    stage.jobs["whatif"] = done["whatif"].id
    with database.writing() as session:
        stage.file = session.scalars(
            select(JobFile.id).where(JobFile.job_id == done["print"].id)
        ).one()
        stage.proposal = session.scalars(
            select(TimetableRow.id).where(
                TimetableRow.event_id == stage.pk, TimetableRow.origin == "repair"
            )
        ).one()


def _wait(database: Database, actor: Actor, stage: Stage) -> None:
    """Let a job of each kind wait, and another be asked for all the same."""
    stage.jobs["solve"] = solving.start_solve(database, actor, NOON, event_id=stage.pk)
    number = versions.published_number(database, stage.pk)
    stage.jobs["print"] = printing.start_print(
        database, actor, NOON, event_id=stage.pk, number=number or 0, parts=["desk"], stock=STOCK
    )
    with database.writing() as session:
        session.execute(update(Job).values(active_key=None))
        repair = Job(event_id=stage.pk, kind="repair", asked={}, created_at=NOON)
        session.add(repair)  # asking for one would drop the proposal
        session.flush()
        stage.jobs["repair"] = repair.id


def _keep_upload(database: Database, actor: Actor, stage: Stage) -> None:
    number, _found = uploads.keep(database, actor, NOON, event_pk=stage.pk, files=changed_files())
    assert number
    stage.upload = number


def _keep_failed_mail(database: Database, stage: Stage) -> None:
    with database.writing() as session:
        session.add(
            Mail(
                event_id=stage.pk,
                kind="invitation",
                to_address="gone@au.dk",
                subject="s",
                text="t",
                state="failed",
                next_try_at=NOON,
                created_at=NOON,
            )
        )


def changed_files() -> dict[str, bytes]:
    """Files of the tiny event, with a student's name changed."""
    text = (EXAMPLES / "tiny" / "students.csv").read_text()
    assert "Ana Sousa" in text
    return {"students.csv": text.replace("Ana Sousa", "Ana Souza").encode()}
