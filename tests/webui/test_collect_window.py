"""The preference window: set, opened and closed, in words."""

from __future__ import annotations

import datetime as dt

import pytest
from flask import Flask
from sqlalchemy import select

from tests.webui.collecting import Collecting, collect, inbox, page, running, settings, was
from tests.webui.conftest import Browser
from webui.operations.accounts import Colleague
from webui.store import Audit, EventRow

__all__ = ["collect", "inbox", "running", "settings"]


def test_the_window_is_set_in_the_events_zone(collect: Collecting) -> None:
    form = {"was": collect.was(), "wish_limit": "10"}
    form |= {"opens_at": "2026-11-03T08:00", "closes_at": "2026-11-20T12:00"}

    assert collect.post("window", form).status_code == 303

    row = collect.event()
    assert row.opens_at == dt.datetime(2026, 11, 3, 7, tzinfo=dt.UTC)
    assert row.closes_at == dt.datetime(2026, 11, 20, 11, tzinfo=dt.UTC)
    assert row.wish_limit == 10
    with collect.database.reading() as session:
        last = session.scalars(select(Audit).order_by(Audit.id.desc())).first()
    assert last
    assert (last.action, last.event_id) == ("event.collect", collect.pk)


@pytest.mark.parametrize(
    ("moment", "says"),
    [
        (dt.datetime(2026, 11, 3, 6, 59, tzinfo=dt.UTC), "It opens Tue 3 Nov 08:00 by itself."),
        (dt.datetime(2026, 11, 3, 7, tzinfo=dt.UTC), "Students can choose until Fri 20 Nov 12:00."),
        (dt.datetime(2026, 11, 20, 11, tzinfo=dt.UTC), "Since Fri 20 Nov 12:00."),
    ],
)
def test_the_state_is_said_in_words(
    collect: Collecting, app: Flask, administrator: Colleague, moment: dt.datetime, says: str
) -> None:
    with collect.database.writing() as session:
        row = session.get_one(EventRow, collect.pk)
        row.opens_at = dt.datetime(2026, 11, 3, 7, tzinfo=dt.UTC)
        row.closes_at = dt.datetime(2026, 11, 20, 11, tzinfo=dt.UTC)
    collect.clock.at = moment
    browser = Browser(app)
    browser.sign_in(administrator.email)
    assert says in page(browser.get(collect.base))


@pytest.mark.parametrize(
    ("opens", "closes", "limit", "says"),
    [
        ("2026-11-03T08:00", "2026-11-03T08:00", "", "closes before it opens"),
        ("", "2026-11-03T08:00", "", "Say when it opens, too."),
        ("2026-11-03T08:00", "2031-01-01T08:00", "", "The event has begun by then."),
        ("tomorrow", "", "", "Write a date and a time."),
        ("2027-03-28T02:30", "", "", "This time does not exist"),
        ("2026-11-03T08:00", "", "0", "ranks 1 to 100"),
        ("2026-11-03T08:00", "", "ten", "whole number"),
    ],
)
def test_a_wrong_window_is_told_at_its_field_and_kept(
    collect: Collecting, opens: str, closes: str, limit: str, says: str
) -> None:
    form = {"was": collect.was(), "wish_limit": limit}
    answer = collect.post("window", {**form, "opens_at": opens, "closes_at": closes})
    assert answer.status_code == 422
    assert says in page(answer)
    assert f'value="{opens}"' in page(answer)
    assert collect.event().opens_at is None


def test_a_colleagues_window_is_not_overwritten(collect: Collecting) -> None:
    form = {"was": collect.was(), "opens_at": "2026-11-03T08:00"}
    with collect.database.writing() as session:
        session.get_one(EventRow, collect.pk).wish_limit = 5

    answer = collect.post("window", form)

    assert answer.status_code == 409
    assert "5 wishes" in page(answer)
    assert collect.event().opens_at is None
    assert collect.post("window", {**form, "was": was(page(answer))}).status_code == 303


def test_open_now_and_close_now(collect: Collecting) -> None:
    collect.post("window", {"was": collect.was(), "action": "open"})
    assert collect.event().opens_at == collect.clock()
    collect.clock.pass_(minutes=5)
    collect.post("window", {"was": collect.was(), "action": "close"})
    assert collect.event().closes_at == collect.clock()


def test_what_was_closed_is_opened_again(collect: Collecting) -> None:
    collect.post("window", {"was": collect.was(), "action": "open"})
    collect.clock.pass_(minutes=5)
    collect.post("window", {"was": collect.was(), "action": "close"})
    opened = collect.event().opens_at
    collect.clock.pass_(hours=1)
    assert "Open again" in collect.page()

    collect.post("window", {"was": collect.was(), "action": "reopen"})

    assert "Students can choose; no closing time is set." in collect.page()
    assert (collect.event().opens_at, collect.event().closes_at) == (opened, None)
