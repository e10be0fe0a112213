"""The way in, what a student says, CV and consent, own data, a lost link."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest
from sqlalchemy import select

from tests.webui.conftest import Browser, Clock, Visitor, words_of
from webui.operations import consents
from webui.operations.log import RefusedError
from webui.operations.profile import Profile, faults_of
from webui.store import (
    AbsenceRow,
    Answer,
    Audit,
    Consent,
    Cv,
    Database,
    EventRow,
    Mail,
    PersonalLink,
    StudentRow,
)

Open = Callable[[str], Visitor]
PDF = b"%PDF-1.7\nstartxref\n9\n%%EOF\n"


@pytest.fixture
def ana(open_link: Open) -> Visitor:
    return open_link("ana")


def row_of(database: Database, student: Visitor) -> StudentRow:
    with database.reading() as session:
        return session.get_one(StudentRow, student.pk)


def base_of(student: Visitor) -> str:
    page = student.get("/me/about").get_data(as_text=True)
    return str(page.split('name="base" value="')[1].split('"')[0])


# the way in --------------------------------------------------------------------------------------


def test_the_first_page_says_who_what_until_when_and_what_is_kept(ana: Visitor) -> None:
    page = ana.get("/me").get_data(as_text=True)
    for words in (
        "<bdi>Ana</bdi>",
        "Tiny Company Dating",
        "Thursday 26 November 2026",
        "Choose until Tue 3 Nov 12:00",
        "What is kept:",
        "Who sees it:",
        "until Fri 28 May 2027, then it is deleted",
    ):
        assert words in page


def test_a_revoked_link_is_dead_at_once_with_its_sessions(
    ana: Visitor, database: Database, clock: Clock
) -> None:
    with database.writing() as session:
        session.scalars(select(PersonalLink)).one().revoked_at = clock()
    for answer, status in (
        (ana.get("/me/wishes"), 401),
        (ana.post("/me/submit"), 401),
        (ana.get(f"/s/{ana.token}"), 404),
    ):
        assert answer.status_code == status
        text = answer.get_data(as_text=True)
        assert "This link does not work" in text
        assert "/lost-link" in text
    assert row_of(database, ana).submitted_at is None


@pytest.mark.parametrize(
    "address",
    ["/me", "/me/companies", "/me/wishes", "/me/about", "/me/cv", "/me/data", "/me/schedule"],
)
def test_nobody_sees_a_page_without_a_link(browser: Browser, address: str) -> None:
    answer = browser.get(address)
    assert answer.status_code == 401
    assert "This link does not work" in answer.get_data(as_text=True)


# a lost link --------------------------------------------------------------------------------------


def test_no_address_is_said_so(browser: Browser, database: Database) -> None:
    for text in ("", "ana", "@", "a b@c.dk"):
        assert browser.post("/lost-link", {"email": text}).status_code == 422
    with database.reading() as session:
        assert session.scalars(select(Mail)).all() == []


# languages, positions, times ----------------------------------------------------------------------


def test_a_profile_is_stored_as_the_exchange_format_writes_it(
    ana: Visitor, database: Database
) -> None:
    form = {
        "base": base_of(ana),
        "language": ["Danish", "engelsk", ""],
        "level": ["B1", "C1", ""],
        "position": ["internship", "full_time", "nonsense"],
        "arrives": "13:00",
        "leaves": "13:25",
        "away_from": ["13:12", ""],
        "away_to": ["13:20", ""],
    }
    assert ana.post("/me/about", form).status_code == 303
    own = row_of(database, ana)
    assert (own.languages, own.positions) == ("da:B1;en:C1", "internship;full_time")
    assert (own.arrives_min, own.leaves_min) == (None, 805)
    assert own.entered == ["languages", "positions", "times"]
    with database.reading() as session:
        away = session.scalars(select(AbsenceRow)).one()
        event = session.get_one(EventRow, ana.event_pk)
        kept = session.scalars(select(Answer)).one()
    assert (away.student_pk, away.start_min, away.end_min) == (ana.pk, 792, 800)
    assert event.revision == 2
    assert kept.content["languages"] == "da:B1;en:C1"


def test_every_error_stands_at_its_field_and_what_was_typed_stays(
    ana: Visitor, database: Database
) -> None:
    form = {
        "base": base_of(ana),
        "language": ["Klingonisch", "English", "Danish", "danish"],
        "level": ["B1", "", "A1", "A2"],
        "leaves": "noon",
        "away_from": ["13:20"],
        "away_to": [""],
    }
    answer = ana.post("/me/about", form)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for words in (
        "not in the list",
        "Choose the level too.",
        "is there twice",
        "not a time of day",
        "Both times are needed.",
        'value="Klingonisch"',
    ):
        assert words in text
    assert row_of(database, ana).languages == "pt-pt:native;en:C1"


@pytest.mark.parametrize(
    ("profile", "field"),
    [
        (Profile(arrives_min=815), "arrives"),
        (Profile(leaves_min=780), "leaves"),
        (Profile(arrives_min=800, leaves_min=790), "leaves"),
        (Profile(absences=((790, 790),)), "absence-1"),
        (Profile(absences=((700, 780),)), "absence-1"),
    ],
)
def test_times_outside_the_event_are_refused(profile: Profile, field: str) -> None:
    event = EventRow(start_min=780, end_min=814)
    (fault,) = faults_of(event, profile)
    assert isinstance(fault, RefusedError)
    assert fault.field == field


def test_a_profile_that_staff_changed_meanwhile_is_shown_beside_ones_own(
    ana: Visitor, database: Database
) -> None:
    form = {"base": base_of(ana), "language": ["Danish"], "level": ["B1"]}
    with database.writing() as session:
        session.get_one(StudentRow, ana.pk).languages = "fr:C2"
    stale = ana.post("/me/about", form)
    text = stale.get_data(as_text=True)
    assert stale.status_code == 409
    assert "French C2" in text
    assert 'value="Danish"' in text
    assert row_of(database, ana).languages == "fr:C2"
    form["base"] = text.split('name="base" value="')[1].split('"')[0]
    assert ana.post("/me/about", form).status_code == 303
    assert row_of(database, ana).languages == "da:B1"


def test_a_profile_is_read_only_when_the_window_is_closed(
    ana: Visitor, database: Database, clock: Clock
) -> None:
    form = {"base": base_of(ana), "language": ["Danish"], "level": ["B1"]}
    clock.pass_(days=2)
    answer = ana.post("/me/about", form)
    assert answer.status_code == 422
    assert "The time for wishes is over" in answer.get_data(as_text=True)
    assert row_of(database, ana).languages == "pt-pt:native;en:C1"


# CV and consent -----------------------------------------------------------------------------------


def send_cv(student: Visitor, content: bytes, *purposes: str) -> tuple[int, str]:
    form = {"purpose": list(purposes), "cv": (io.BytesIO(content), "../../cv.pdf")}
    with student.post("/me/cv", form, content_type="multipart/form-data") as answer:
        return answer.status_code, answer.get_data(as_text=True)


def test_consent_is_unticked_until_given_and_can_be_withdrawn(
    ana: Visitor, database: Database, clock: Clock
) -> None:
    assert "checked" not in ana.get("/me/cv").get_data(as_text=True)
    assert send_cv(ana, PDF, "cv", "brochure")[0] == 303
    assert ana.get("/me/cv").get_data(as_text=True).count("checked") == 2

    given = clock()
    clock.pass_(days=5)  # the window is closed by now
    assert ana.post("/me/cv", {"purpose": ["brochure"]}).status_code == 303

    with database.reading() as session:
        found = {own.purpose: own for own in session.scalars(select(Consent))}
        assert session.scalars(select(Cv.content)).all() == [PDF]
    assert (found["cv"].given_at, found["cv"].withdrawn_at) == (given, clock())
    assert found["brochure"].withdrawn_at is None
    ana.post("/me/cv", {})
    with database.reading() as session:
        assert session.scalars(select(Cv)).all() == []
    assert "Saved. Your CV is deleted." in words_of(ana.get("/me/cv"))
    ana.post("/me/cv", {})
    assert "Saved. Your CV" not in words_of(ana.get("/me/cv"))


def test_a_cv_comes_back_as_an_attachment_and_only_to_its_owner(
    open_link: Open, database: Database
) -> None:
    ana, bilal = open_link("ana"), open_link("bilal")
    send_cv(ana, PDF, "cv")
    answer = ana.get("/me/cv/file")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"] == 'attachment; filename="cv.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert bilal.get("/me/cv/file").status_code == 404
    bilal.post("/me/cv/remove")
    assert ana.get("/me/cv/file").status_code == 200
    ana.post("/me/cv/remove")
    assert ana.get("/me/cv/file").status_code == 404


@pytest.mark.parametrize(
    ("content", "purposes", "says"),
    [
        (b"<html>%PDF-", ("cv",), "not a PDF"),
        (b"%PDF-" + b"x" * 1000, ("cv",), "larger than 5 MB"),
        (b"%PDF-1.4\n" + bytes(range(256)), ("cv",), "damaged or not whole"),
        (PDF, (), "Tick what your CV may be used for"),
    ],
    ids=["no PDF", "too large", "no whole PDF", "no purpose"],
)
def test_a_wrong_cv_is_refused_with_everything_else(
    ana: Visitor,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    content: bytes,
    purposes: tuple[str, ...],
    says: str,
) -> None:
    monkeypatch.setattr(consents, "LARGEST_CV", 1000)
    status, text = send_cv(ana, content, *purposes)
    assert status == 422
    assert says in text
    with database.reading() as session:
        assert session.scalars(select(Cv)).all() == []
        assert session.scalars(select(Consent)).all() == []


def test_a_file_larger_than_any_request_leads_back_to_the_cv(ana: Visitor) -> None:
    ana.browser.client.application.config["MAX_CONTENT_LENGTH"] = 10_000
    status, text = send_cv(ana, b"x" * 20_000, "cv")
    assert status == 413
    assert "at most 5 MB" in text
    assert '<a class="button" href="/me/cv">Back to CV and consent</a>' in text


# own data -----------------------------------------------------------------------------------------


def test_everything_stored_can_be_taken_away(ana: Visitor, database: Database) -> None:
    send_cv(ana, PDF, "cv")
    answer = ana.post("/me/data.json")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    values = json.loads(answer.data)
    assert values["registered"]["email"] == "ana.sousa@example.edu"
    assert values["wishes"] == [
        {"company": "Café Brænd", "rank": 1},
        {"company": "Fjord Robotics", "rank": 2},
    ]
    assert values["consents"][0]["purpose"] == "cv"
    assert values["cv"]["bytes"] == len(PDF)
    assert values["kept_until"] == "2027-05-28"
    assert "ana.sousa@example.edu" in ana.get("/me/data").get_data(as_text=True)
    with database.reading() as session:
        assert session.scalars(select(Audit).where(Audit.action == "data.export")).one()


def test_an_own_data_page_lacks_no_personal_column(ana: Visitor) -> None:
    values = json.loads(ana.post("/me/data.json").data)
    columns = {own.name for own in StudentRow.__table__.columns if own.info.get("personal")}
    assert columns <= values["registered"].keys()


def test_limits_are_counted_by_link_not_by_address(open_link: Open, database: Database) -> None:
    ana, bilal = open_link("ana"), open_link("bilal")
    ana.browser.client.application.config["RATELIMIT_ENABLED"] = True
    for _ in range(20):
        assert ana.post("/me/data.json").status_code == 200
    assert ana.post("/me/data.json").status_code == 429
    assert bilal.post("/me/data.json").status_code == 200
