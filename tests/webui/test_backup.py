"""Backup and restore: one moment, whole or not at all, from one kind of database to the other."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from tests.webui.conftest import NOON, Clock
from tests.webui.publishing import solve_and_use
from webui.operations import accounts, backup, links, sessions
from webui.operations.accounts import Colleague
from webui.operations.log import SYSTEM, RefusedError
from webui.store import (
    Audit,
    Base,
    Cv,
    Database,
    EventRow,
    Mail,
    PersonalLink,
    PreferenceRow,
    Staff,
    StaffSession,
    StudentRow,
    TimetableRow,
    portable,
)
from webui.store.portable import tables


@pytest.fixture(params=["sqlite", "postgresql"])
def other(
    request: pytest.FixtureRequest, tmp_path: Path, empty_sqlite: bytes, cluster: Any
) -> Iterator[Database]:
    """An empty second database, of either kind."""
    if request.param == "sqlite":
        path = tmp_path / "other.db"
        path.write_bytes(empty_sqlite)
        own = Database(f"sqlite:///{path}")
    else:
        own = Database(cluster.second_url())
        names = ", ".join(table.name for table in Base.metadata.sorted_tables)
        with own.engine.begin() as connection:
            connection.execute(text(f"truncate {names} restart identity cascade"))
    yield own
    own.close()


def rows_of(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.reading() as session:
        return {
            table.name: [
                tuple(row)
                for row in session.execute(select(table).order_by(*table.primary_key.columns))
            ]
            for table in tables()
            if table.name not in ("audit", "staff_session")
        }


def backed_up(database: Database, tmp_path: Path) -> Path:
    path = tmp_path / "company-dating.zip"
    backup.back_up(database, SYSTEM, NOON, path=path)
    return path


def restore(database: Database, path: Path, **more: Any) -> None:
    with path.open("rb") as file:
        backup.restore(database, SYSTEM, NOON, file=file, **more)


def test_a_restored_database_equals_the_one_that_was_backed_up(
    database: Database, other: Database, tiny: int, tmp_path: Path
) -> None:
    with database.writing() as session:
        student = session.scalars(select(StudentRow)).first()
        assert student
        student.name = "Nguyễn 李小明 عمر\u2028'\"\\"
        session.add(Cv(student_pk=student.id, uploaded_at=NOON, content=bytes(range(256)) * 9))

    restore(other, backed_up(database, tmp_path))

    assert rows_of(other) == rows_of(database)
    assert len(rows_of(other)["student"]) > 2
    with other.writing() as session:  # new rows get numbers of their own
        session.add(EventRow(**_event("another")))
    with other.reading() as session:
        assert session.scalars(select(EventRow.id).order_by(EventRow.id)).all() == [tiny, tiny + 1]


def _event(key: str) -> dict[str, Any]:
    return {
        "key": key,
        "name": key,
        "date": NOON.date(),
        "timezone": "Europe/Copenhagen",
        "start_min": 780,
        "end_min": 930,
        "slot_min": 10,
        "changeover_min": 2,
        "created_at": NOON,
    }


def test_a_backup_while_others_write_is_one_moment(
    database: Database, tiny: int, tmp_path: Path
) -> None:
    """Each writer adds an event with two audit rows in one transaction; none may come apart."""
    stop = threading.Event()
    failed: list[BaseException] = []

    def write(number: int) -> None:
        turn = 0
        try:
            while not stop.is_set():
                turn += 1
                with database.writing() as session:
                    session.add(EventRow(**_event(f"w{number}-{turn}")))
                    for _ in range(2):
                        session.add(
                            Audit(at=NOON, actor_kind="system", action=f"w{number}", detail={})
                        )
        except BaseException as error:  # noqa: BLE001  # told by the test
            failed.append(error)

    writers = [threading.Thread(target=write, args=(number,)) for number in (1, 2)]
    for writer in writers:
        writer.start()
    seen = []
    try:
        for turn in range(3):
            path = tmp_path / f"{turn}.zip"
            backup.back_up(database, SYSTEM, NOON, path=path)
            seen.append(_counts(path))
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert failed == []
    for events, audits in seen:
        assert audits == 2 * events
    assert seen[0][0] < seen[-1][0]  # they went on writing meanwhile


@pytest.mark.parametrize(("is_one_moment", "counts"), [(True, (0, 0)), (False, (0, 2))])
def test_a_write_between_two_tables_is_in_none_of_them(
    database: Database,
    tiny: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    is_one_moment: bool,
    counts: tuple[int, int],
) -> None:
    """The second case is the control: each table read by itself has half of what was written."""
    write_table = portable._write_table

    def write_between(session: Any, packed: Any, table: Any) -> Any:
        described = write_table(session, packed, table)
        if not is_one_moment:
            session.rollback()
        if table.name == "event":
            with database.writing() as other:
                other.add(EventRow(**_event("w1-1")))
                for _ in range(2):
                    other.add(Audit(at=NOON, actor_kind="system", action="w1", detail={}))
        return described

    monkeypatch.setattr(portable, "_write_table", write_between)
    if not is_one_moment:
        monkeypatch.setattr(portable, "_moment_of", lambda own: own.reading())
    assert _counts(backed_up(database, tmp_path)) == counts


def _counts(path: Path) -> tuple[int, int]:
    with zipfile.ZipFile(path) as packed:
        events = packed.read("tables/event.jsonl").decode().splitlines()
        audits = packed.read("tables/audit.jsonl").decode().splitlines()
    return (
        sum('"w1-' in line or '"w2-' in line for line in events),
        sum('"w1"' in line or '"w2"' in line for line in audits),
    )


def test_a_backup_is_for_its_owner_alone(database: Database, tiny: int, tmp_path: Path) -> None:
    assert backed_up(database, tmp_path).stat().st_mode & 0o777 == 0o600
    with database.reading() as session:
        assert session.scalars(select(Audit.action)).all()[-1] == "database.backup"


def test_a_place_that_cannot_be_written_keeps_what_was_there(
    database: Database, tiny: int, tmp_path: Path
) -> None:
    with pytest.raises(RefusedError, match="cannot be written"):
        backup.back_up(database, SYSTEM, NOON, path=tmp_path / "nowhere" / "b.zip")
    assert list(tmp_path.glob("*.zip")) == []


def test_a_full_database_is_replaced_only_when_told(
    database: Database, tiny: int, tmp_path: Path
) -> None:
    path = backed_up(database, tmp_path)
    with database.writing() as session:
        session.get_one(EventRow, tiny).name = "Changed since"
    with pytest.raises(RefusedError, match="events: 1, accounts: 1"):
        restore(database, path)
    restore(database, path, is_forced=True)
    with database.reading() as session:
        row = session.get_one(EventRow, tiny)
        last = session.scalars(select(Audit).order_by(Audit.id.desc())).first()
    assert row.name != "Changed since"
    assert row.revision == 2  # not the number of what was remembered of the other
    assert last
    assert last.action == "database.restore"


def test_a_restored_timetable_is_as_old_as_it_was(
    database: Database, administrator: Colleague, tiny: int, tmp_path: Path
) -> None:
    solve_and_use(database, administrator, tiny)
    restore(database, backed_up(database, tmp_path), is_forced=True)
    with database.reading() as session:
        row = session.get_one(EventRow, tiny)
        made_of = session.scalars(select(TimetableRow.event_revision)).all()
    assert set(made_of) == {row.revision}


def test_what_was_closed_since_stays_closed(
    database: Database, administrator: Colleague, tiny: int, clock: Clock, tmp_path: Path
) -> None:
    sessions.sign_in(database, clock(), email=administrator.email, password="seven quiet herons")
    with database.writing() as session:
        student = session.scalars(select(StudentRow)).first()
        event = session.get_one(EventRow, tiny)
        assert student
        token = links.make_link(session, clock(), student, event)
        session.add(
            Mail(
                event_id=tiny,
                kind="invitation",
                to_address="a@au.dk",
                subject="s",
                text="t",
                next_try_at=clock(),
                created_at=clock(),
            )
        )
        session.add(Staff(**_staff("bo@au.dk", clock)))
    accounts.invite(database, SYSTEM, clock(), email="cy@au.dk", role="planner")
    path = backed_up(database, tmp_path)
    with database.writing() as session:
        links.end_links(session, clock(), [student.id])
        bo = session.scalars(select(Staff).where(Staff.email == "bo@au.dk")).one()
        bo.disabled_at = clock()

    restore(database, path, is_forced=True)

    assert token
    with database.reading() as session:
        assert session.scalars(select(PersonalLink)).one().revoked_at is not None
        assert session.scalars(select(StaffSession)).all() == []
        mail = session.scalars(select(Mail)).one()
        bo = session.scalars(select(Staff).where(Staff.email == "bo@au.dk")).one()
    assert (mail.state, mail.last_error) == ("failed", "restored")
    assert bo.disabled_at is not None


def _staff(email: str, clock: Clock) -> dict[str, Any]:
    return {
        "email": email,
        "name": "Bo",
        "role": "planner",
        "password_hash": "-",
        "created_at": clock(),
    }


def _damaged(path: Path, change: str) -> bytes:
    """The same backup with one thing wrong."""
    stream = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "backup.json":
                described = json.loads(content)
                if change == "newer":
                    described["revision"] = "9999"
                if change == "format":
                    described["format"] = 2
                if change == "columns":
                    described["tables"]["student"]["columns"].pop()
                content = json.dumps(described).encode()
            if name == "tables/preference.jsonl":
                if change == "short":
                    content = b"".join(content.splitlines(keepends=True)[:-1])
                if change == "cells":
                    content = content.replace(b"]", b",1]", 1)
                if change == "missing":
                    continue
            new.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("newer", "schema 9999"),
        ("format", "restore it with the version"),
        ("columns", "table student"),
        ("short", "table preference has other content"),
        ("cells", "table preference"),
        ("missing", "no backup, or it is damaged"),
        ("garbage", "no backup, or it is damaged"),
        ("empty", "no backup, or it is damaged"),
    ],
)
def test_a_backup_that_is_not_whole_changes_nothing(
    database: Database, tiny: int, tmp_path: Path, change: str, says: str
) -> None:
    path = backed_up(database, tmp_path)
    given = {"garbage": path.read_bytes()[:-400], "empty": b""}
    content = given[change] if change in given else _damaged(path, change)
    before = rows_of(database)
    with pytest.raises(RefusedError, match=says):
        backup.restore(database, SYSTEM, NOON, file=io.BytesIO(content), is_forced=True)
    assert rows_of(database) == before


def test_a_backup_without_an_administrator_is_refused(
    database: Database, other: Database, administrator: Colleague, tmp_path: Path
) -> None:
    with database.writing() as session:
        session.get_one(Staff, administrator.id).role = "planner"
    with pytest.raises(RefusedError, match="No administrator"):
        restore(other, backed_up(database, tmp_path))
    assert backup.held(other).is_empty


def test_a_large_table_is_read_in_parts(
    database: Database, other: Database, tiny: int, tmp_path: Path
) -> None:
    with database.writing() as session:
        session.execute(
            insert(Audit),
            [
                {"at": NOON, "actor_kind": "system", "action": f"a{n}", "detail": {"n": n}}
                for n in range(1_203)
            ],
        )
    restore(other, backed_up(database, tmp_path))
    with other.reading() as session:
        kept = session.scalars(select(Audit).where(Audit.action.like("a%")).order_by(Audit.id))
        assert [own.detail["n"] for own in kept] == list(range(1_203))
        assert session.scalars(select(PreferenceRow)).first() is not None
