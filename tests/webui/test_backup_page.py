"""The page Backup: for administrators, with a typed word before everything is replaced."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from tests.webui.conftest import Browser
from webui.operations.accounts import Colleague
from webui.staff import backup as page
from webui.store import Audit, Database, EventRow


def test_a_backup_is_downloaded_and_restored(
    staff: Browser, database: Database, administrator: Colleague, tiny: int
) -> None:
    assert "1 event, " in " ".join(staff.get("/backup").get_data(as_text=True).split())
    answer = staff.post("/backup")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=company-dating-")
    assert answer.headers["Cache-Control"] == "no-store"
    content = answer.data
    answer.close()  # as a server does
    assert "backup.json" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    with database.writing() as session:
        session.get_one(EventRow, tiny).name = "Changed since"

    form = {"typed": "Replace everything", "file": (io.BytesIO(content), "backup.zip")}
    answer = staff.post("/restore", form, content_type="multipart/form-data")

    assert answer.status_code == 303
    assert staff.get("/backup").status_code == 302  # signed out
    assert staff.sign_in(administrator.email).status_code == 302
    with database.reading() as session:
        assert session.get_one(EventRow, tiny).name != "Changed since"
        actions = session.scalars(select(Audit.action).order_by(Audit.id)).all()
    assert "database.backup" in actions
    assert "database.restore" in actions


@pytest.mark.parametrize(
    ("typed", "content", "says"),
    [
        ("yes", b"", "Type: replace everything"),
        ("replace everything", b"PK", "no backup, or it is damaged"),
    ],
)
def test_a_restore_that_is_not_meant_changes_nothing(
    staff: Browser, database: Database, tiny: int, typed: str, content: bytes, says: str
) -> None:
    form = {"typed": typed, "file": (io.BytesIO(content), "backup.zip")}
    answer = staff.post("/restore", form, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)
    assert staff.get("/backup").status_code == 200


def test_what_unpacks_to_too_much_is_for_the_command_line(
    staff: Browser, tiny: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    with staff.post("/backup") as answer:
        content = answer.data
    monkeypatch.setattr(page, "UNPACKED_LIMIT", 1_000)
    form = {"typed": page.TYPED, "file": (io.BytesIO(content), "backup.zip")}
    answer = staff.post("/restore", form, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "company-dating db restore FILE --force" in answer.get_data(as_text=True)


@pytest.mark.parametrize("role", ["planner", "desk"])
def test_only_administrators_back_up(
    app: Flask, database: Database, join: Callable[..., Colleague], role: str
) -> None:
    browser = Browser(app)
    browser.sign_in(join("pia@au.dk", role).email)
    form = {"typed": page.TYPED, "file": (io.BytesIO(b"PK"), "backup.zip")}
    assert browser.get("/backup").status_code == 403
    assert browser.post("/backup").status_code == 403
    answer = browser.post("/restore", form, content_type="multipart/form-data")
    assert answer.status_code == 403
    with database.reading() as session:
        assert "database.backup" not in session.scalars(select(Audit.action)).all()
