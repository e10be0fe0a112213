"""Ids that staff need not invent."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.webui.conftest import Browser
from webui.operations.naming import free_id
from webui.store import Database, EventRow, StudentRow


@pytest.mark.parametrize(
    ("name", "ids"),
    [("Zoë Ørsted", ["zoe-orsted", "zoe-orsted-2"]), ("李小明", ["students-1", "students-1-2"])],
)
def test_a_row_without_an_id_gets_one_of_its_name(
    staff: Browser, database: Database, tiny: int, name: str, ids: list[str]
) -> None:
    with database.reading() as session:
        key = session.get_one(EventRow, tiny).key
    for _ in ids:
        answer = staff.post(f"/events/{key}/people/students/new", {"name": name})
        page = staff.get(answer.headers["Location"]).get_data(as_text=True)
        assert f"<bdi>{name}</bdi>: added." in page
        assert "Add wishes" in page
    with database.reading() as session:
        found = session.scalars(select(StudentRow.student_id).filter_by(name=name)).all()
    assert sorted(found) == ids


def test_where_rows_are_counted_the_next_number_is_offered(
    staff: Browser, database: Database, tiny: int
) -> None:
    with database.writing() as session:
        key = session.get_one(EventRow, tiny).key
        students = session.scalars(select(StudentRow).order_by(StudentRow.id)).all()
        for number, own in enumerate(students, start=7):
            own.student_id = f"s{number:03}"
    assert free_id(database, event_pk=tiny, name="students") == f"s{7 + len(students):03}"
    page = staff.get(f"/events/{key}/people/students/new").get_data(as_text=True)
    assert f'value="s{7 + len(students):03}"' in page
