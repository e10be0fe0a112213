"""Who may do what: every route, asked by every role, against `access.POLICIES`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table

from tests.webui.conftest import empty_postgresql
from tests.webui.policies.asking import (
    MAY,
    ROLES,
    STUDENTS,
    Caller,
    best_role,
    every_request,
    expected,
    met,
)
from tests.webui.policies.conftest import make_app
from tests.webui.policies.forms import NO_EFFECT
from tests.webui.policies.prepared import ELSEWHERE, EVENT, prepare
from tests.webui.postgres import Cluster
from webui import access
from webui.access import EVERYBODY, POLICIES, Audience
from webui.operations import events
from webui.store import Database, EventRow

RULES = dict(POLICIES)
BEGINS_A_SESSION = {"students.enter": {"audit", "personal_link"}}
"""A personal link that is opened swaps its token for a cookie."""
NAMES = {
    "ana": "Ana Sousa",
    "bilal": "Bilal Haddad",
    "chiara": "Chiara Rossi",
}


def text_of(answer: Any) -> str:
    """What an answer says, without the tokens of forms: they are others every second."""
    return re.sub(r"[\w-]{50,}\.[\w-]+\.[\w-]+", "token", answer.data.decode(errors="replace"))


def faults(caller: Caller, role: str, of: str = "") -> dict[str, object]:
    """Requests whose answer or effect is not what the policy says; of one route, or of all."""
    found: dict[str, object] = {}
    for asked in every_request(caller.app):
        if of not in ("", asked.endpoint):
            continue
        should = expected(RULES[asked.endpoint], asked, role)
        answer = caller.ask(asked, role)
        was, changed = met(answer), caller.changed()
        changed -= BEGINS_A_SESSION.get(asked.endpoint, set())
        if was != should or (changed and (should != MAY or asked.is_reading)):
            found[str(asked)] = f"{was} instead of {should}; changed: {sorted(changed)}"
    return found


@pytest.mark.parametrize("role", ROLES)
def test_every_role_gets_what_its_policy_says_and_whoever_may_not_changes_nothing(
    caller: Caller, role: str
) -> None:
    assert faults(caller, role) == {}


def test_every_form_of_these_tests_has_an_effect(caller: Caller) -> None:
    without = []
    for asked in every_request(caller.app):
        if not asked.is_reading:
            caller.ask(asked, best_role(RULES[asked.endpoint]))
            if bool(caller.changed()) == (asked.endpoint in NO_EFFECT):
                without.append(str(asked))
    assert without == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_form_sent_as_if_it_only_read_changes_nothing(caller: Caller, method: str) -> None:
    changed = {}
    for asked in every_request(caller.app):
        if not asked.is_reading:
            address = caller.urls.build(asked.endpoint, caller.arguments(asked))
            caller.send(address, method, best_role(RULES[asked.endpoint]), data=caller.form(asked))
            changed[asked.endpoint] = caller.changed()
    assert [endpoint for endpoint, tables in changed.items() if tables] == []


@pytest.mark.parametrize("role", ["bilal", "ana-elsewhere"])
def test_what_another_student_sends_touches_nothing_of_a_student(caller: Caller, role: str) -> None:
    ana = caller.prepared.stages[EVENT].students["ana"]

    def of_ana(table: Table) -> str | None:
        if table.name == "student":
            return f"where id = {ana}"
        return f"where student_pk = {ana}" if "student_pk" in table.columns else None

    before = caller.digests(of_ana)
    for asked in every_request(caller.app):
        if RULES[asked.endpoint].audience is Audience.STUDENT:
            caller.ask(asked, role)
            assert caller.digests(of_ana) == before, str(asked)
            caller.renew()


@pytest.mark.parametrize("role", STUDENTS)
def test_no_page_of_a_student_names_another(caller: Caller, role: str) -> None:
    others = [name for student, name in NAMES.items() if student != role.split("-")[0]]
    shown = ""
    for asked in every_request(caller.app):
        if RULES[asked.endpoint].audience is Audience.STUDENT:
            text = text_of(caller.ask(asked, role))
            caller.renew()
            shown += text
            assert not [name for name in others if name in text], str(asked)
    assert NAMES[role.split("-")[0]] in shown


def test_a_planner_changes_nothing_of_another_event(caller: Caller) -> None:
    elsewhere = caller.prepared.stages[ELSEWHERE].pk

    def of_the_other(table: Table) -> str | None:
        if table.name == "event":
            return f"where id = {elsewhere}"
        return f"where event_id = {elsewhere}" if "event_id" in table.columns else None

    before = caller.digests(of_the_other)
    for asked in every_request(caller.app):
        if asked.is_of_event and not asked.is_reading:
            caller.ask(asked, "planner")
            assert caller.digests(of_the_other) == before, str(asked)
            caller.renew()


def test_who_is_not_on_an_event_is_told_nothing_of_it(caller: Caller) -> None:
    """An event of others and one that does not exist are answered in the same words."""
    for asked in every_request(caller.app):
        if asked.is_of_event:
            foreign = caller.arguments(asked)
            unknown = {**foreign, "key": "zzzz"}
            for role in ("planner-elsewhere", "desk-elsewhere"):
                texts = [
                    text_of(caller.ask(asked, role, arguments=own)) for own in (foreign, unknown)
                ]
                assert texts[0] == texts[1].replace("zzzz", EVENT), str(asked)


def test_whoever_may_not_changes_nothing_on_postgresql(cluster: Cluster, tmp_path: Path) -> None:
    database = empty_postgresql(cluster)
    caller = Caller(make_app(tmp_path, database), prepare(database), lambda: database)
    for role in ("nobody", "ana", "desk", "planner-elsewhere"):
        for asked in every_request(caller.app):
            should = expected(RULES[asked.endpoint], asked, role)
            if should != MAY and not asked.is_reading:
                assert met(caller.ask(asked, role)) == should, f"{role}: {asked}"
    assert caller.changed() == set()
    database.close()


# a route that nobody thought of


def test_a_route_without_a_policy_and_a_policy_without_a_route_are_named(
    caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(POLICIES, "staff.gone", POLICIES["staff.home"])
    with pytest.raises(LookupError, match=r"without a route: staff\.gone"):
        access.check_routes(caller.app)
    monkeypatch.delitem(POLICIES, "staff.archive_event")
    with pytest.raises(LookupError, match=r"no policy .* for staff\.archive_event"):
        access.check_routes(caller.app)


# controls: the same tests, with a guard off


def unguarded_role(monkeypatch: pytest.MonkeyPatch) -> None:
    policy = replace(POLICIES["staff.archive_event"], writing=EVERYBODY)
    monkeypatch.setitem(POLICIES, "staff.archive_event", policy)


def unguarded_event(monkeypatch: pytest.MonkeyPatch) -> None:
    def event_of(database: Database, _staff: object, key: str) -> EventRow | None:
        with database.reading() as session:
            return session.query(EventRow).filter_by(key=key).one_or_none()

    monkeypatch.setattr(events, "event_of", event_of)


@pytest.mark.parametrize(
    ("take_off", "role"),
    [(unguarded_role, "desk"), (unguarded_event, "planner-elsewhere")],
)
def test_a_guard_that_is_off_is_found(
    caller: Caller,
    monkeypatch: pytest.MonkeyPatch,
    take_off: Callable[[pytest.MonkeyPatch], None],
    role: str,
) -> None:
    assert faults(caller, role, "staff.archive_event") == {}
    take_off(monkeypatch)
    found = str(faults(caller, role, "staff.archive_event"))
    assert "may instead of 40" in found
    assert "'audit', 'event'" in found
