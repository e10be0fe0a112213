"""Personal links that end, are renewed and extended, and the file for a mail program."""

from __future__ import annotations

import csv
import datetime as dt
import io

import pytest
from flask import Flask
from sqlalchemy import select

from tests.webui.collecting import INVITATION, Collecting, collect, inbox, page, running, settings
from tests.webui.conftest import Browser
from webui.store import Audit, Mail, StudentRow

__all__ = ["collect", "inbox", "running", "settings"]


@pytest.mark.parametrize("action", ["revoke", "renew", "remake"])
def test_a_link_that_ends_is_dead_at_once_with_its_open_sessions(
    collect: Collecting, app: Flask, action: str
) -> None:
    everybody = collect.students()
    paths = [collect.link(number) for number in (0, 1)]
    phones = [Browser(app), Browser(app)]
    for phone, path in zip(phones, paths, strict=True):
        assert phone.get(path).status_code == 303
        assert phone.get("/me").status_code == 200
    form = {"who": "chosen", "student": everybody[0].id}

    looked = collect.post(f"links/{action}", form)
    assert looked.status_code == 200
    assert everybody[0].name in page(looked)
    assert phones[0].get("/me").status_code == 200  # asked, not done
    done = collect.post(f"links/{action}", {**form, "sure": "1"})

    assert done.status_code == (200 if action == "remake" else 303)
    assert [phone.get("/me").status_code for phone in phones] == [401, 200]
    assert Browser(app).get(paths[0]).status_code == 404
    assert Browser(app).get(paths[1]).status_code == 303


def test_renewing_leaves_other_mails_on_their_way(collect: Collecting) -> None:
    own = collect.students()[0]
    with collect.database.writing() as session:
        for kind in ("invitation", "timetable"):
            session.add(
                Mail(
                    event_id=collect.pk,
                    link_student_pk=own.id,
                    kind=kind,
                    to_address=own.email,
                    subject="s",
                    text="{link}",
                    next_try_at=collect.clock(),
                    created_at=collect.clock(),
                )
            )
    collect.post("links/renew", {"who": "chosen", "student": own.id, "sure": "1"})
    with collect.database.reading() as session:
        found = session.execute(select(Mail.kind, Mail.state).order_by(Mail.id)).all()
    assert [tuple(one) for one in found] == [
        ("invitation", "failed"),
        ("timetable", "waiting"),
        ("invitation", "waiting"),
    ]


def test_all_links_are_revoked_and_mails_on_their_way_stopped(collect: Collecting) -> None:
    path = collect.link()
    collect.write(INVITATION)
    collect.post("links/revoke", {"sure": "1"})
    assert collect.send_due() == 0
    assert collect.inbox.mails == []
    assert collect.staff.get(path).status_code == 404


def test_a_renewed_link_comes_by_mail(collect: Collecting, app: Flask) -> None:
    pk = collect.students()[0].id
    form = {"who": "chosen", "student": pk, "sure": "1"}
    assert collect.post("links/renew", form).status_code == 303
    assert collect.post("links/renew", form).status_code == 303  # the first is not sent then
    assert collect.send_due() == 1
    assert collect.inbox.mails[0][0] == ["s0@au.dk"]
    assert Browser(app).get(collect.inbox.link()).status_code == 303


def test_links_are_extended(collect: Collecting, app: Flask) -> None:
    path = collect.link()
    row = collect.event()
    late = row.date + dt.timedelta(days=90)
    answer = collect.post("links/extend", {"sure": "1", "until": late.isoformat()})
    assert answer.status_code == 303
    newer = collect.link(1)
    collect.clock.at = dt.datetime.combine(late, dt.time(20), tzinfo=dt.UTC)
    assert [Browser(app).get(own).status_code for own in (path, newer)] == [303, 303]
    collect.clock.pass_(hours=4)
    assert [Browser(app).get(own).status_code for own in (path, newer)] == [404, 404]


@pytest.mark.parametrize("until", ["", "2020-01-01", "2099-01-01"])
def test_links_are_not_extended_to_a_senseless_day(collect: Collecting, until: str) -> None:
    answer = collect.post("links/extend", {"sure": "1", "until": until})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in page(answer)


def test_the_file_for_a_mail_program_holds_links_that_open(collect: Collecting, app: Flask) -> None:
    everybody = collect.students()
    with collect.database.writing() as session:
        session.get_one(StudentRow, everybody[0].id).name = "=cmd|' /C calc'!A0"

    answer = collect.post("links/merge", {"sure": "1"})

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [own["email"] for own in rows] == [own.email for own in everybody]
    assert rows[0]["name"] == "'=cmd|' /C calc'!A0"
    for own in rows:
        path = own["link"].removeprefix("http://127.0.0.1")
        assert Browser(app).get(path).status_code == 303
    with collect.database.reading() as session:
        done = session.scalars(select(Audit).where(Audit.action == "link.merge")).one()
    assert done.detail == {"links": len(everybody)}


def test_links_are_made_only_for_those_without_one(collect: Collecting, app: Flask) -> None:
    path, everybody = collect.link(), collect.students()

    looked = page(collect.post("links/merge", {}))
    answer = collect.post("links/merge", {"sure": "1"})

    assert "1 has a link, made Mon 2 Nov 12:00 at the latest." in looked
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [own["email"] for own in rows] == [own.email for own in everybody[1:]]
    assert Browser(app).get(path).status_code == 303
    again = collect.post("links/merge", {"sure": "1"})
    assert again.status_code == 422
    assert "All of them have a link." in page(again)
    assert f"{len(everybody)} of {len(everybody)} students have a link" in collect.page()
