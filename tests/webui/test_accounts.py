"""Signing in, joining, colleagues: the pages and what they store."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pyotp
import pytest
from sqlalchemy import select

from scheduler.importers import load_event
from tests.webui.conftest import EXAMPLES, PASSWORD, Browser, Clock
from webui.operations import accounts, colleagues, events, importing, sessions
from webui.operations.accounts import EVERY_EVENT, Colleague, Given
from webui.operations.log import RefusedError
from webui.store import Audit, Database, Invitation, Staff


def test_first_run_makes_one_administrator_and_the_token_ends(
    browser: Browser, database: Database, clock: Clock
) -> None:
    token = accounts.offer_set_up(database, clock())
    assert token
    form = {"name": "Ida", "email": "Ida@AU.dk", "password": PASSWORD, "language": "da"}

    browser.client.set_cookie("cd_staff", "planted")
    assert browser.post(f"/join/{token}", form).status_code == 302
    assert "Ida" in browser.get("/").get_data(as_text=True)
    signed_in = browser.client.get_cookie("cd_staff")
    assert signed_in
    assert signed_in.value != "planted"

    with database.reading() as session:
        own = session.scalars(select(Staff)).one()
    assert (own.email, own.role, own.language) == ("ida@au.dk", "administrator", "da")
    assert browser.get(f"/join/{token}").status_code == 404
    assert accounts.offer_set_up(database, clock()) is None


def test_sign_in_says_where_the_first_account_is_made(
    browser: Browser, database: Database, clock: Clock
) -> None:
    assert "Nobody has an account yet" in browser.get("/sign-in").get_data(as_text=True)
    token = accounts.offer_set_up(database, clock())
    assert token
    accounts.accept_invitation(
        database, clock(), token=token, name="Ida", email="ida@au.dk", password=PASSWORD
    )
    assert "Nobody has an account yet" not in browser.get("/sign-in").get_data(as_text=True)


def test_a_set_up_token_ends_after_a_day(
    browser: Browser, database: Database, clock: Clock
) -> None:
    token = accounts.offer_set_up(database, clock())
    clock.pass_(hours=24)
    assert browser.get(f"/join/{token}").status_code == 404


def test_tokens_and_passwords_are_not_stored(database: Database, clock: Clock) -> None:
    token = accounts.offer_set_up(database, clock())
    assert token
    accounts.accept_invitation(
        database, clock(), token=token, name="Ida", email="ida@au.dk", password=PASSWORD
    )
    with database.reading() as session:
        assert token not in {own.token_sha256 for own in session.scalars(select(Invitation))}
        hashed = session.scalars(select(Staff.password_hash)).one()
    assert hashed.startswith("$argon2id$")
    assert PASSWORD not in hashed


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("short", "at least 12 characters"),
        ("password1234", "tried first"),
        ("aaaaaaaaaaaaaaaa", "tried first"),
    ],
)
def test_a_weak_password_is_refused(
    browser: Browser, database: Database, clock: Clock, password: str, says: str
) -> None:
    token = accounts.offer_set_up(database, clock())
    form = {"name": "Ida", "email": "ida@au.dk", "password": password}

    answer = browser.post(f"/join/{token}", form)

    assert answer.status_code == 422
    assert says in answer.get_data(as_text=True)
    with database.reading() as session:
        assert session.scalars(select(Staff)).all() == []


def test_wrong_address_and_wrong_password_get_the_same_words(
    browser: Browser, administrator: Colleague
) -> None:
    pages = [
        browser.sign_in(email, password).get_data(as_text=True)
        for email, password in [
            (administrator.email, "something else"),
            ("nobody@au.dk", PASSWORD),
        ]
    ]
    assert sessions.SIGN_IN_REFUSED in pages[0]
    assert sessions.SIGN_IN_REFUSED in pages[1]


def test_an_account_rests_after_ten_failures_and_then_opens(
    browser: Browser, administrator: Colleague, clock: Clock
) -> None:
    for _ in range(sessions.FAILURES_BEFORE_LOCK):
        assert browser.sign_in(administrator.email, "wrong").status_code == 422
    assert browser.sign_in(administrator.email).status_code == 422
    clock.pass_(minutes=16)
    assert browser.sign_in(administrator.email).status_code == 302


@pytest.mark.parametrize(("much", "is_in"), [({"minutes": 119}, True), ({"minutes": 121}, False)])
def test_a_session_ends_when_idle(
    staff: Browser, clock: Clock, much: dict[str, float], is_in: bool
) -> None:
    clock.pass_(**much)
    assert (staff.get("/").status_code == 200) is is_in


def test_a_session_ends_after_twelve_hours_of_use(staff: Browser, clock: Clock) -> None:
    for _ in range(11):
        clock.pass_(hours=1)
        assert staff.get("/").status_code == 200
    clock.pass_(hours=1)
    assert staff.get("/").status_code == 302


def test_ending_all_sessions_signs_other_browsers_out(
    app: object, staff: Browser, administrator: Colleague
) -> None:
    other = Browser(app)  # type: ignore[arg-type]
    other.sign_in(administrator.email)
    assert other.get("/").status_code == 200

    staff.post("/sign-out", {"everywhere": "1"})

    assert other.get("/").status_code == 302


def test_the_second_factor_is_asked_for_and_each_code_works_once(
    database: Database, browser: Browser, administrator: Colleague, clock: Clock
) -> None:
    secret = pyotp.random_base32()
    totp = pyotp.TOTP(secret)
    sessions.set_second_factor(
        database,
        administrator.actor,
        clock(),
        secret=secret,
        code=totp.at(clock()),
        password=PASSWORD,
    )
    clock.pass_(minutes=1)
    form = {"email": administrator.email, "password": PASSWORD}
    assert browser.post("/sign-in", form).status_code == 422
    code = totp.at(clock())
    assert browser.post("/sign-in", {**form, "code": code}).status_code == 302
    assert (
        Browser(browser.client.application).post("/sign-in", {**form, "code": code}).status_code
        == 422
    )


def text_of(answer: Any) -> str:
    """What an answer says, without the tokens of forms."""
    return re.sub(r"[\w-]{50,}\.[\w-]+\.[\w-]+", "", answer.get_data(as_text=True))


def link_of(page: Any) -> str:
    """The address in the link that the page shows."""
    return "/join/" + page.get_data(as_text=True).split("http://127.0.0.1/join/")[1].split("<")[0]


def invite_bo(staff: Browser, app: object, form: dict[str, Any]) -> Browser:
    """Invite Bo on the page; a browser in which Bo has joined."""
    link = link_of(staff.post("/colleagues", {"email": "bo@au.dk", **form}))
    bo = Browser(app)  # type: ignore[arg-type]
    assert bo.post(link, {"name": "Bo", "password": PASSWORD}).status_code == 302
    return bo


def test_an_invited_colleague_gets_the_role(
    staff: Browser, app: object, database: Database
) -> None:
    invite_bo(staff, app, {"role": "desk", "sees": "all"})

    with database.reading() as session:
        bo = session.scalars(select(Staff).where(Staff.email == "bo@au.dk")).one()
    assert bo.role == "desk"


def test_a_closed_account_is_out_at_once(
    staff: Browser, app: object, join: Callable[..., Colleague]
) -> None:
    bo = join("bo@au.dk", "planner")
    other = Browser(app)  # type: ignore[arg-type]
    other.sign_in(bo.email)
    assert other.get("/").status_code == 200

    staff.post(f"/colleagues/{bo.id}", {"role": "planner", "disabled": "1"})

    assert other.get("/").status_code == 302
    assert other.sign_in(bo.email).status_code == 422


def test_nobody_closes_their_own_account(
    database: Database, administrator: Colleague, clock: Clock
) -> None:
    with pytest.raises(RefusedError, match="Another administrator"):
        colleagues.change_colleague(
            database,
            administrator.actor,
            clock(),
            staff_id=administrator.id,
            role="desk",
            is_disabled=True,
            given=EVERY_EVENT,
        )


@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("role", ["desk", "planner"])
def test_an_invited_colleague_sees_every_event(staff: Browser, app: object, role: str) -> None:
    bo = invite_bo(staff, app, {"role": role, "sees": "all"})
    assert "/events/tiny" in bo.get("/").get_data(as_text=True)
    assert bo.get("/events/tiny/people").status_code == 200


def make_second(database: Database, now: dt.datetime, actor: Colleague) -> None:
    """Another event, which this colleague makes."""
    event = replace(load_event(EXAMPLES / "tiny").event, event_id="second", name="The Second")
    importing.create_from(database, actor.actor, now, event)


@pytest.mark.usefixtures("tiny")
def test_who_is_given_chosen_events_finds_no_other(
    staff: Browser, app: object, database: Database, clock: Clock, administrator: Colleague
) -> None:
    make_second(database, clock(), administrator)
    bo = invite_bo(staff, app, {"role": "planner", "sees": "chosen", "events": ["second", "none"]})

    assert bo.get("/events/second/people").status_code == 200
    assert "/events/tiny" not in bo.get("/").get_data(as_text=True)
    foreign, unknown = bo.get("/events/tiny/people"), bo.get("/events/zzzz/people")
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    shown = [text_of(own) for own in (foreign, unknown)]
    assert shown[0] == shown[1].replace("zzzz", "tiny")


@pytest.mark.usefixtures("tiny")
def test_who_is_given_chosen_events_has_those_they_make(
    database: Database, clock: Clock, join: Callable[..., Colleague]
) -> None:
    bo = join("bo@au.dk", "planner", Given(is_all=False))
    make_second(database, clock(), bo)
    assert [own.key for own in events.list_events(database, bo, clock())] == ["second"]


@pytest.mark.usefixtures("tiny")
def test_an_event_is_given_and_taken_away_at_once(
    staff: Browser, app: object, database: Database
) -> None:
    bo = invite_bo(staff, app, {"role": "desk", "sees": "all"})
    with database.reading() as session:
        pk = session.scalars(select(Staff.id).where(Staff.email == "bo@au.dk")).one()

    for given, status in [([], 404), (["tiny"], 200), ([], 404)]:
        staff.post(f"/colleagues/{pk}", {"role": "desk", "sees": "chosen", "events": given})
        assert bo.get("/events/tiny/people").status_code == status

    assert "ask an administrator" in bo.get("/").get_data(as_text=True)
    with database.reading() as session:
        last = session.scalars(select(Audit).order_by(Audit.id.desc())).first()
    assert last
    assert (last.action, last.detail["every_event"], last.detail["events"]) == (
        "staff.change",
        False,
        [],
    )


def test_an_invitation_that_is_taken_back_opens_nothing(
    staff: Browser, app: object, database: Database, clock: Clock
) -> None:
    link = link_of(staff.post("/colleagues", {"email": "bo@au.dk", "role": "desk", "sees": "all"}))
    other = Browser(app)  # type: ignore[arg-type]
    assert other.get(link).status_code == 200
    (own,) = colleagues.list_invitations(database, clock())
    assert "bo@au.dk" in staff.get("/colleagues").get_data(as_text=True)

    address = f"/colleagues/invitations/{own.id}/take-back"
    assert staff.post(address).status_code == 303

    assert other.get(link).status_code == 404
    assert other.post(link, {"name": "Bo", "password": PASSWORD}).status_code == 404
    assert "bo@au.dk" not in staff.get("/colleagues").get_data(as_text=True)
    assert staff.post(address).status_code == 404


def test_an_invitation_that_was_used_is_not_taken_back(
    staff: Browser, database: Database, clock: Clock, join: Callable[..., Colleague]
) -> None:
    join("bo@au.dk", "desk")
    with database.reading() as session:
        used = session.scalars(select(Invitation.id).where(Invitation.email == "bo@au.dk")).one()
    assert colleagues.list_invitations(database, clock()) == []
    assert staff.post(f"/colleagues/invitations/{used}/take-back").status_code == 404


def test_only_administrators_see_colleagues(
    browser: Browser, join: Callable[..., Colleague]
) -> None:
    browser.sign_in(join("bo@au.dk", "planner").email)
    assert browser.get("/colleagues").status_code == 403


def test_every_change_of_an_account_is_in_the_audit_log(staff: Browser, database: Database) -> None:
    staff.post("/account", {"name": "Ida", "language": "da"})
    with database.reading() as session:
        actions = [own.action for own in session.scalars(select(Audit).order_by(Audit.id))]
    assert actions[-2:] == ["staff.sign_in", "staff.change_account"]
