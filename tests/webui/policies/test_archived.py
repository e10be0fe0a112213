"""An archived event, sent every form there is: only what leaves it as it was is taken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from tests.webui.conftest import NOON
from tests.webui.policies.asking import Caller, best_role, every_request
from tests.webui.policies.conftest import make_app
from tests.webui.policies.prepared import EVENT, Prepared
from webui.access import POLICIES, Audience
from webui.operations import log
from webui.store import Database, EventRow

TAKEN = {
    "staff.copy_event": "another event is made of it",
    "staff.export": "it is read",
    "staff.all_cvs": "it is read",
    "staff.archive_event": "it was pressed twice",
    "staff.prints": "paper of what was published",
    "staff.cancel_job": "what was asked before ends",
    "staff.cancel_print": "what was asked before ends",
    "staff.cancel_fit_in": "what was asked before ends",
    "students.remove_cv": "what is the student's own is taken back",
    "students.data_file": "it is read",
}


@pytest.fixture
def archived(tmp_path: Path, prepared: tuple[Prepared, bytes]) -> Iterator[Caller]:
    """Asks an application whose first event is archived."""
    found, content = prepared
    path = tmp_path / "company-dating.db"

    def fresh() -> Database:
        path.write_bytes(content)
        database = Database(f"sqlite:///{path}")
        with database.writing() as session:
            session.execute(update(EventRow).where(EventRow.key == EVENT).values(archived_at=NOON))
        return database

    own = Caller(make_app(tmp_path, fresh()), found, fresh)
    yield own
    own.database.close()


def taken(caller: Caller) -> dict[str, set[str]]:
    """Routes of the event that changed something, with the tables."""
    found = {}
    for asked in every_request(caller.app):
        policy = POLICIES[asked.endpoint]
        is_of_it = asked.is_of_event or policy.audience is Audience.STUDENT
        if is_of_it and not asked.is_reading:
            caller.ask(asked, best_role(policy))
            changed = caller.changed()
            if changed:
                found[asked.endpoint] = changed
    return found


def test_an_archived_event_takes_no_change(archived: Caller) -> None:
    assert taken(archived).keys() == TAKEN.keys()


def test_without_the_refusal_it_would_take_them_all(
    archived: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "require_unarchived", lambda *_: None)
    assert len(taken(archived)) > 2 * len(TAKEN)
