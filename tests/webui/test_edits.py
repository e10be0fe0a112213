"""Changes of the working timetable by hand: verified, stored, undone, never lost."""

from __future__ import annotations

import itertools
import threading
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from scheduler.model.digest import event_sha256
from scheduler.verify import violations
from tests.webui.conftest import NOON
from tests.webui.timetables import make_working
from webui.operations import board as boards
from webui.operations.accounts import Colleague
from webui.operations.board import Board
from webui.operations.changes import KINDS, Change, Turn
from webui.operations.edits import ConflictError, apply_edit, history_of, redo, undo
from webui.operations.log import Actor, NotFoundError, RefusedError, StaleError
from webui.store import Audit, Database, DecisionRow, Edit, EventRow, StudentRow, TimetableRow
from webui.store.exchange import read_event


class Desk:
    """Staff at the working timetable of the tiny event."""

    def __init__(self, database: Database, actor: Actor, event_id: int) -> None:
        self.database, self.actor, self.event_id = database, actor, event_id
        self.board = make_working(database, event_id)
        people = self.board.people
        self.pk = {
            str(own): pk for own, pk in (*people.student_pks.items(), *people.company_pks.items())
        }

    def do(self, kind: str, student: str = "", company: str = "", **more: object) -> Board:
        change = Change(kind, self.pk.get(student, 0), self.pk.get(company, 0), **more)  # type: ignore[arg-type]
        return self.change(change)

    def change(self, change: Change) -> Board:
        self.board = apply_edit(self.database, self.actor, NOON, change=change, **self.seen())
        return self.board

    def seen(self) -> dict[str, int]:
        """The event, and the revision of the timetable that staff see."""
        return {"event_id": self.event_id, "revision": self.board.row.revision}

    def undo(self) -> Board:
        self.board = undo(
            self.database,
            self.actor,
            NOON,
            event_id=self.event_id,
            revision=self.board.row.revision,
        )
        return self.board

    def redo(self) -> Board:
        self.board = redo(
            self.database,
            self.actor,
            NOON,
            event_id=self.event_id,
            revision=self.board.row.revision,
        )
        return self.board

    def turn(self, company: str, slot: int) -> Turn:
        pk = self.pk[company]
        place = self.board.judge.places[self.board.people.companies[pk].company_id]
        return Turn(pk, slot, place.first_table)

    def meets(self, student: str, company: str) -> int | None:
        found = self.board.meetings.get((student, company))  # type: ignore[call-overload]
        return None if found is None else int(found.slot)

    def stored(self) -> Board:
        """As the database has it, nothing remembered."""
        boards._known.pop(self.database, None)
        found = boards.board_of(self.database, self.event_id)
        assert found
        return found


@pytest.fixture
def desk(database: Database, administrator: Colleague, tiny: int) -> Desk:
    return Desk(database, administrator.actor, tiny)


def clear(desk: Desk) -> None:
    """Take every meeting away."""
    for student, company in list(desk.board.meetings):
        desk.do("remove", student, company)


def test_a_meeting_is_added_moved_and_removed(desk: Desk) -> None:
    clear(desk)
    desk.do("add", "ana", to=desk.turn("coffee", 0))
    desk.do("move", "ana", "coffee", to=desk.turn("coffee", 2))
    assert desk.meets("ana", "coffee") == 2
    desk.do("move", "ana", "coffee", to=desk.turn("robots", 1))
    assert (desk.meets("ana", "coffee"), desk.meets("ana", "robots")) == (None, 1)
    assert desk.stored().timetable == desk.board.timetable
    desk.do("remove", "ana", "robots")
    assert desk.stored().timetable.meetings == ()


def test_two_students_swap_their_turns(desk: Desk) -> None:
    clear(desk)
    desk.do("add", "ana", to=desk.turn("coffee", 0))
    desk.do("add", "chiara", to=desk.turn("coffee", 1))
    desk.do("swap", "ana", "coffee", other=(desk.pk["chiara"], desk.pk["coffee"]))
    assert (desk.meets("ana", "coffee"), desk.meets("chiara", "coffee")) == (1, 0)
    assert desk.stored().timetable == desk.board.timetable


@pytest.mark.parametrize(
    ("student", "company", "slot", "code"),
    [
        ("david", "coffee", 0, "student_away"),
        ("chiara", "robots", 0, "veto"),
        ("ana", "software", 0, "unranked"),
        ("eunji", "coffee", 1, "seats"),
        ("ana", "robots", 1, "busy"),
    ],
)
def test_what_breaks_a_rule_is_refused_and_nothing_is_stored(
    desk: Desk, student: str, company: str, slot: int, code: str
) -> None:
    clear(desk)
    desk.do("add", "ana", to=desk.turn("coffee", 1))
    before = desk.stored()
    with pytest.raises(ConflictError) as caught:
        desk.do("add", student, to=desk.turn(company, slot))
    assert [own.code for own in caught.value.conflicts] == [code]
    assert desk.stored().timetable == before.timetable
    assert desk.stored().row.revision == before.row.revision


def test_a_refused_pair_is_kept_only_as_a_pin_with_a_reason(desk: Desk) -> None:
    clear(desk)
    to = desk.turn("software", 0)
    with pytest.raises(RefusedError, match="Say why"):
        desk.do("add", "ana", to=to, is_pinned=True)
    board = desk.do("add", "ana", to=to, is_pinned=True, reason=" They  asked for it ")
    assert [(own.kind, own.reason) for own in board.people.decisions] == [
        ("pin", "They asked for it")
    ]
    assert violations(board.event, board.timetable) == ()
    with pytest.raises(ConflictError) as caught:
        desk.do("unpin", "ana", "software")
    assert caught.value.conflicts[0].code == "unranked"
    with pytest.raises(ConflictError, match="break a rule"):
        desk.do("add", "chiara", to=desk.turn("robots", 1), is_pinned=True, reason="no")
    board = desk.do("remove", "ana", "software")
    assert board.people.decisions == ()


def test_a_pinned_meeting_stays_where_it_is_until_the_pin_is_gone(desk: Desk) -> None:
    clear(desk)
    desk.do("add", "ana", to=desk.turn("coffee", 0))
    desk.do("pin", "ana", "coffee")
    with pytest.raises(ConflictError) as caught:
        desk.do("move", "ana", "coffee", to=desk.turn("coffee", 1))
    assert [own.code for own in caught.value.conflicts] == ["pinned"]
    desk.do("pin", "ana", "coffee", keeps_time=False)
    desk.do("move", "ana", "coffee", to=desk.turn("coffee", 1))
    desk.do("unpin", "ana", "coffee")
    desk.do("remove", "ana", "coffee")


def test_forbidding_a_pair_removes_its_meeting_and_its_pin(desk: Desk) -> None:
    clear(desk)
    desk.do("add", "ana", to=desk.turn("coffee", 0))
    desk.do("pin", "ana", "coffee")
    with pytest.raises(RefusedError, match="Say why"):
        desk.do("forbid", "ana", "coffee")
    board = desk.do("forbid", "ana", "coffee", reason="relatives")
    assert board.timetable.meetings == ()
    assert [own.kind for own in board.people.decisions] == ["forbid"]
    desk.undo()
    assert desk.meets("ana", "coffee") == 0
    assert [own.kind for own in desk.board.people.decisions] == ["pin"]
    desk.redo()
    board = desk.do("allow", "ana", "coffee")
    assert board.people.decisions == ()


def test_locking_a_person_pins_all_its_meetings(desk: Desk) -> None:
    before = desk.board
    own = [pair for pair in before.meetings if pair[1] == "coffee"]
    board = desk.do("lock", company="coffee")
    assert {own.company_pk for own in board.people.decisions} == {desk.pk["coffee"]}
    assert len(board.people.decisions) == len(own)
    assert all(own.start_min is not None for own in board.people.decisions)
    with pytest.raises(RefusedError, match="changes nothing"):
        desk.do("lock", company="coffee")
    assert desk.do("unlock", company="coffee").people.decisions == ()


def test_the_event_is_counted_as_changed_and_the_timetable_as_made_for_it(desk: Desk) -> None:
    [student, company] = next(iter(desk.board.meetings))
    board = desk.do("pin", student, company)
    with desk.database.reading() as session:
        owner = session.get_one(EventRow, desk.event_id)
        row = session.get_one(TimetableRow, board.row.id)
        assert row.event_revision == owner.revision
        assert row.event_sha256 == event_sha256(read_event(session, owner))
        assert board.event == read_event(session, owner)


def test_undo_and_redo_follow_one_another_and_a_new_change_forgets_those_undone(desk: Desk) -> None:
    clear(desk)
    empty = desk.board.timetable
    desk.do("add", "ana", to=desk.turn("coffee", 0))
    one = desk.board.timetable
    desk.do("add", "bilal", to=desk.turn("robots", 0))
    two = desk.board.timetable
    assert desk.undo().timetable == one
    assert desk.undo().timetable == empty
    assert desk.redo().timetable == one
    assert desk.redo().timetable == two
    with pytest.raises(RefusedError, match="Nothing was undone"):
        desk.redo()
    desk.undo()
    desk.do("add", "eunji", to=desk.turn("robots", 0))
    history = history_of(desk.database, desk.board.row.id)
    assert history.redo is None
    assert history.undo
    assert history.undo.words["student"] == desk.pk["eunji"]


def test_without_changes_there_is_nothing_to_undo(desk: Desk) -> None:
    with pytest.raises(RefusedError, match="nothing to undo"):
        desk.undo()


def test_undo_that_would_break_a_rule_by_now_is_refused(desk: Desk) -> None:
    clear(desk)
    desk.do("add", "ana", to=desk.turn("coffee", 0))
    desk.do("remove", "ana", "coffee")
    with desk.database.writing() as session:
        row = session.get_one(StudentRow, desk.pk["ana"])
        row.arrives_min = 13 * 60 + 12
        session.get_one(EventRow, desk.event_id).revision += 1
    with pytest.raises(ConflictError) as caught:
        desk.undo()
    assert caught.value.conflicts[0].code == "student_away"
    assert desk.stored().timetable.meetings == ()


def test_undo_of_somebody_who_is_gone_is_refused(desk: Desk) -> None:
    clear(desk)
    desk.do("add", "ana", to=desk.turn("coffee", 0))
    desk.do("remove", "ana", "coffee")
    with desk.database.writing() as session:
        session.execute(delete(StudentRow).where(StudentRow.id == desk.pk["ana"]))
        session.get_one(EventRow, desk.event_id).revision += 1
    with pytest.raises(RefusedError, match="not there any more"):
        desk.undo()


def test_a_change_of_an_older_timetable_is_refused_with_what_others_did(desk: Desk) -> None:
    seen = desk.board.row.revision
    [student, company] = next(iter(desk.board.meetings))
    desk.do("pin", student, company)
    late = Change("remove", desk.pk[student], desk.pk[company])
    with pytest.raises(StaleError) as caught:
        apply_edit(
            desk.database, desk.actor, NOON, event_id=desk.event_id, revision=seen, change=late
        )
    assert [own.words["kind"] for own in caught.value.theirs["edits"]] == ["pin"]
    assert (student, company) in desk.stored().meetings


def test_of_two_changes_at_once_one_is_stored_and_one_is_told(desk: Desk) -> None:
    clear(desk)
    seen: dict[str, int] = desk.seen()
    ended: list[str] = []

    def edit(student: str, slot: int) -> None:
        change = Change("add", desk.pk[student], to=desk.turn("coffee", slot))
        try:
            apply_edit(desk.database, desk.actor, NOON, change=change, **seen)
            ended.append("stored")
        except StaleError:
            ended.append("stale")

    threads = [threading.Thread(target=edit, args=own) for own in (("ana", 0), ("chiara", 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["stale", "stored"]
    assert len(desk.stored().timetable.meetings) == 1


def test_every_change_has_its_audit_row_without_names(desk: Desk) -> None:
    [student, company] = next(iter(desk.board.meetings))
    desk.do("remove", student, company)
    desk.undo()
    desk.redo()
    with desk.database.reading() as session:
        rows = session.scalars(select(Audit).where(Audit.action.like("timetable.%"))).all()
        edits = session.scalar(select(func.count(Edit.id)))
    assert [own.action for own in rows] == ["timetable.remove", "timetable.undo", "timetable.redo"]
    assert student not in str([own.detail for own in rows])
    assert edits == 1


def test_unknown_people_and_kinds_are_not_found(desk: Desk) -> None:
    for change in (Change("melt"), Change("remove", 10**6, 10**6), Change("pin", 0, 0)):
        with pytest.raises(NotFoundError):
            desk.change(change)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10_000))
def test_any_changes_keep_every_rule_and_undo_goes_back_exactly(desk: Desk, choice: int) -> None:
    with desk.database.writing() as session:  # every example begins anew
        session.execute(delete(TimetableRow))
        session.execute(delete(DecisionRow))
        session.get_one(EventRow, desk.event_id).revision += 1
    desk.board = make_working(desk.database, desk.event_id)
    random, states = Random(choice), [desk.board]
    students, companies = list(desk.board.people.students), list(desk.board.people.companies)
    kinds = [*KINDS, "move", "add", "move", "add", "swap"]
    for _ in range(25):
        meets = random.choice([*desk.board.meetings, (None, None)])
        change = Change(
            random.choice(kinds),
            desk.pk[meets[0]] if meets[0] else random.choice(students),
            desk.pk[meets[1]] if meets[1] else random.choice(companies),
            to=desk.turn(random.choice(["coffee", "robots", "software"]), random.randrange(3)),
            other=(random.choice(students), random.choice(companies)),
            is_pinned=random.random() < 0.3,
            keeps_time=random.random() < 0.5,
            reason=random.choice(["", "asked for"]),
        )
        try:
            states.append(desk.change(change))
        except (RefusedError, NotFoundError):
            assert desk.stored().timetable == states[-1].timetable
    for before, now in itertools.pairwise(reversed(states)):
        stored = desk.stored()
        assert violations(stored.event, stored.timetable) == ()
        assert (stored.timetable, stored.event) == (before.timetable, before.event)
        desk.undo()
        assert (desk.stored().timetable, desk.stored().event) == (now.timetable, now.event)
    for state in states[1:]:
        desk.redo()
        assert (desk.stored().timetable, desk.stored().event) == (state.timetable, state.event)
