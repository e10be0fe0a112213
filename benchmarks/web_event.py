"""An event taken through the whole web application.

Collected, solved, compared, changed by hand, published twice, printed, with a proposal and an
upload that wait: no page has nothing to show.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select, update

from scheduler.documents import DEFAULT_STOCK
from scheduler.importers import write_event
from scheduler.model import Event, Language, LanguageNeed, Position, Proficiency, Verdict
from webui.jobs.worker import Running
from webui.operations import (
    accounts,
    changes,
    collecting,
    consents,
    deleting,
    edits,
    events,
    importing,
    inviting,
    links,
    people,
    pricing,
    printing,
    publishing,
    queue,
    repairing,
    sessions,
    solving,
    uploads,
    verdicts,
    whatif,
    wishes,
)
from webui.operations.board import require_board
from webui.operations.changes import Change
from webui.operations.collecting import PreferenceWindow
from webui.operations.inviting import Letter
from webui.operations.log import SYSTEM, Actor
from webui.serving import HANDLERS
from webui.store import (
    AbsenceRow,
    CompanyRow,
    Database,
    DecisionRow,
    EventRow,
    Mail,
    PersonalLink,
    RoomRow,
    ShortlistRow,
    StudentRow,
    TimetableRow,
)

NOW = dt.datetime(2026, 11, 20, 11, 0, tzinfo=dt.UTC)
"""Six days before the events that `generate` makes."""
PASSWORD = "seven quiet herons"
ABOUT = "We build what the next twenty years need, and we like to be asked how. " * 3
CV = b"%PDF-1.4\nstartxref\n9\n%%EOF\n"
MOVES = 12
"""Changes by hand before each version."""
LISTS: Mapping[str, Any] = {
    "companies": CompanyRow,
    "students": StudentRow,
    "rooms": RoomRow,
    "wishes": StudentRow,
    "shortlist": ShortlistRow,
    "unavailable": AbsenceRow,
    "decisions": DecisionRow,
}
"""What the rows of each list are kept as."""


@dataclass(frozen=True, slots=True)
class WebEvent:
    """An event in a database, who may see it, and the rows that addresses name."""

    database: Database
    home: Path
    key: str
    pk: int
    actor: Actor
    staff_cookie: str
    student_cookie: str
    invitation: str
    pair: tuple[int, int]
    unmet: tuple[int, int]
    turn: str
    results: tuple[int, ...]
    upload: int
    rows: dict[str, int]

    def touch(self) -> None:
        """Count a change of the event and of its timetable: nothing remembered holds any more."""
        with self.database.writing() as session:
            events.touch(session, self.pk)
            session.execute(
                update(TimetableRow)
                .where(TimetableRow.event_id == self.pk, TimetableRow.is_working)
                .values(revision=TimetableRow.revision + 1)
            )


def with_profiles(event: Event, *, seed: int = 1) -> Event:
    """Give people what generated ones lack: fields, positions, languages, an answer of a few."""
    random = Random(seed)
    fields = ("Computing", "Business", "Mechanical engineering", "Chemistry")
    others = tuple(Language(code, Proficiency.B2) for code in ("da", "de", "es", "pt", "zh"))
    wanted = tuple(Position)
    need: LanguageNeed = (Language("en", Proficiency.B2), Language("da", Proficiency.C1))
    return replace(
        event,
        students=tuple(
            replace(
                own,
                programme=f"MSc {fields[number % len(fields)]}",
                field=fields[number % len(fields)],
                positions=wanted[: 1 + number % len(wanted)],
                languages=(*own.languages, others[number % len(others)]),
            )
            for number, own in enumerate(event.students)
        ),
        companies=tuple(
            replace(
                own,
                languages=(need,),
                positions=wanted,
                about=ABOUT,
                website="https://example.com",
            )
            for own in event.companies
        ),
        shortlist=tuple(
            Verdict(own.company_id, own.student_id, is_yes=random.random() < 0.9)
            for own in event.preferences
            if own.rank > 2 and random.random() < 0.1
        ),
    )


def store(database: Database, event: Event, *, home: Path, time_limit_s: int = 60) -> WebEvent:
    """Take an event through every step; the database is empty, with its tables.

    Parameters
    ----------
    home
        Folder of everything that is kept.
    time_limit_s
        Of each solve.
    """
    token = accounts.invite(database, SYSTEM, NOW, email="a@example.edu", role="administrator")
    me = accounts.accept_invitation(
        database, NOW, token=token, name="Ada", email="", password=PASSWORD
    )
    actor = me.actor
    cookie, _ = sessions.sign_in(database, NOW, email=me.email, password=PASSWORD)
    invitation = accounts.invite(database, actor, NOW, email="b@example.edu", role="planner")
    pk = importing.create_from(database, actor, NOW, event)
    _delete_some(database, actor, pk)
    students = _answer(database, actor, pk)
    student_cookie = students[0][1]
    results = tuple(_solve(database, actor, pk, time_limit_s) for _ in range(2))
    _ask_what_if(database, actor, pk)
    solving.use_result(database, actor, NOW, event_id=pk, timetable_id=results[0])
    for _number in range(2):
        _move_some(database, actor, pk)
        _publish(database, actor, pk)
    _move_some(database, actor, pk)
    pair, unmet = _pairs(database, pk)
    decide = Change("pin", *pair, reason="They know each other.")
    _edit(database, actor, pk, decide)
    _print(database, actor, pk)
    pricing.start_price(database, actor, NOW, event_id=pk, student_pk=unmet[0], company_pk=unmet[1])
    _do_jobs(database)
    repairing.start_repair(database, actor, NOW, event_id=pk)
    _do_jobs(database)
    return WebEvent(
        database,
        home,
        event.event_id,
        pk,
        actor,
        cookie,
        student_cookie,
        invitation,
        pair,
        unmet,
        _free_turn(database, pk),
        results,
        _upload(database, actor, pk, event),
        _some_rows(database, pk),
    )


def _answer(database: Database, actor: Actor, pk: int) -> list[tuple[int, str]]:
    """Write to everybody; one student in twenty answers in person, the cookies of those."""
    opens, closes = NOW - dt.timedelta(days=9), NOW + dt.timedelta(days=1)
    collecting.set_window(
        database,
        actor,
        NOW,
        event_pk=pk,
        was=PreferenceWindow(),
        wanted=PreferenceWindow(opens, closes),
    )
    letter = Letter("Your wishes for {event}", "Hello {name}\n\nChoose here: {link}\n")
    inviting.send_letter(
        database,
        actor,
        NOW,
        event_pk=pk,
        letter=letter,
        chosen=None,
        once="first",
        values={"event": "the day"},
    )
    with database.writing() as session:
        session.execute(update(Mail).values(state="sent", sent_at=NOW))
        event = session.get_one(EventRow, pk)
        every = list(session.scalars(select(StudentRow.id).order_by(StudentRow.position)))
        tokens = links.make_links(session, NOW, every, event)
        session.execute(update(PersonalLink).values(opened_at=NOW))
        session.execute(
            update(StudentRow).where(StudentRow.id.in_(every[::2])).values(answered_at=NOW)
        )
    cookies = [(own, links.open_link(database, NOW, tokens[own])) for own in every[::20]]
    for student_pk, cookie in cookies:
        visitor = links.visitor_of(database, NOW, cookie)
        assert visitor
        _rank(database, visitor.actor, student_pk)
    return cookies


def _delete_some(database: Database, actor: Actor, pk: int) -> None:
    """Delete a few lines of the shortlists."""
    listed = people.list_page(database, event_pk=pk, name="shortlist", asked=people.Asked())
    for line in listed.lines[1:4]:
        deleting.delete_row(
            database, actor, NOW, event_pk=pk, name="shortlist", pk=line.pk, was=line.was
        )


def _rank(database: Database, actor: Actor, student_pk: int) -> None:
    with database.reading() as session:
        student = session.get_one(StudentRow, student_pk)
        ranked = wishes.ranking_of(session, student_pk)
    wishes.save_ranking(
        database,
        actor,
        NOW,
        student_pk=student_pk,
        company_pks=(*ranked[1:], ranked[0]),
        revision=student.revision,
    )
    consents.save_consents(
        database, actor, NOW, student_pk=student_pk, purposes=("cv", "brochure"), cv=CV
    )
    wishes.submit(database, actor, NOW, student_pk=student_pk)


def _do_jobs(database: Database) -> list[int]:
    """Do what was asked for, as a worker would."""
    done = []
    while claimed := queue.claim(database, NOW, worker="benchmark", kinds=HANDLERS.keys()):
        HANDLERS[claimed.kind](Running(database, claimed, "benchmark", lambda: NOW))
        done.append(claimed.id)
    return done


def _solve(database: Database, actor: Actor, pk: int, time_limit_s: int) -> int:
    solving.start_solve(database, actor, NOW, event_id=pk, time_limit_s=time_limit_s)
    _do_jobs(database)
    return solving.results_of(database, pk)[0].id


def _ask_what_if(database: Database, actor: Actor, pk: int) -> None:
    wanted = whatif.Wanted(guarantee=(2, 3))
    whatif.start_whatif(database, actor, NOW, event_id=pk, wanted=wanted)
    _do_jobs(database)


def _edit(database: Database, actor: Actor, pk: int, change: Change) -> None:
    board = require_board(database, pk)
    edits.apply_edit(database, actor, NOW, event_id=pk, revision=board.row.revision, change=change)


def _move_some(database: Database, actor: Actor, pk: int) -> None:
    """Move a few meetings to other turns of their companies."""
    moved = 0
    for meeting in require_board(database, pk).timetable.meetings:
        board = require_board(database, pk)
        if meeting not in board.timetable.meetings:
            continue
        student = board.people.student_pks[meeting.student_id]
        company = board.people.company_pks[meeting.company_id]
        turns = verdicts.verdicts_of(board, meeting, (company,), has_swaps=False).turns
        free = [turn for turn, conflicts in turns.items() if not conflicts]
        if free:
            _edit(database, actor, pk, Change("move", student, company, to=free[0]))
            moved += 1
        if moved == MOVES:
            return


def _publish(database: Database, actor: Actor, pk: int) -> None:
    board = require_board(database, pk)
    with database.reading() as session:
        last = publishing.latest(session, pk)
    publishing.publish(
        database,
        actor,
        NOW,
        event_id=pk,
        timetable_id=board.row.id,
        revision=board.row.revision,
        number=1 if last is None else last.number + 1,
        writes_students=True,
    )


def _pairs(database: Database, pk: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """A pair that meets, and one of which a wish is not met although it could be."""
    board = require_board(database, pk)
    meeting = board.timetable.meetings[-1]
    unmet: Iterable[tuple[int, int]] = (
        (board.people.student_pks[own.student_id], board.people.company_pks[own.company_id])
        for own in board.event.preferences
        if (own.student_id, own.company_id) not in board.meetings
        and board.judge.pair((own.student_id, own.company_id)) is None
    )
    return (
        board.people.student_pks[meeting.student_id],
        board.people.company_pks[meeting.company_id],
    ), next(iter(unmet))


def _free_turn(database: Database, pk: int) -> str:
    """A turn with a free seat, as addresses write it."""
    board = require_board(database, pk)
    presence = board.judge.presence.companies
    return next(
        f"{company_pk}-{turn.slot}-{turn.table}"
        for company_pk, company in board.people.companies.items()
        for turn in verdicts.turns_of(board, company_pk)
        if presence[company.company_id] >> turn.slot & 1
        and verdicts.has_seat(
            board, changes.meeting_at(board, next(iter(board.people.students)), turn)
        )
    )


def _print(database: Database, actor: Actor, pk: int) -> None:
    printing.start_print(
        database, actor, NOW, event_id=pk, number=2, parts=("signs",), stock=DEFAULT_STOCK
    )
    _do_jobs(database)


def _upload(database: Database, actor: Actor, pk: int, event: Event) -> int:
    """Keep the event's own files, with every thirtieth student renamed."""
    renamed = tuple(
        own if number % 30 else replace(own, name=f"{own.name} Jr.")
        for number, own in enumerate(event.students)
    )
    with tempfile.TemporaryDirectory() as folder:
        write_event(replace(event, students=renamed), Path(folder))
        files = {own.name: own.read_bytes() for own in Path(folder).iterdir()}
    number, findings = uploads.keep(database, actor, NOW, event_pk=pk, files=files)
    assert number, findings.problems[:3]
    return number


def _some_rows(database: Database, pk: int) -> dict[str, int]:
    """A row of every list that has one, by the list."""
    found: dict[str, int] = {}
    with database.reading() as session:
        for name, kind in LISTS.items():
            asked = select(kind.id).where(kind.event_id == pk).order_by(kind.id).limit(1)
            own = session.scalar(asked)
            if own is not None:
                found[name] = own
    return found
