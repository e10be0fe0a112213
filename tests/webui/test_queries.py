"""No page asks the database more often because an event has more people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from benchmarks.addresses import NO_PAGE, addresses
from benchmarks.asking import application, ask
from benchmarks.web_event import WebEvent, store, with_profiles
from scheduler.generate import generate_event
from scheduler.model import Event
from webui.access import POLICIES
from webui.store import Database

Small = tuple[Flask, WebEvent]
TIMES = 4
"""The larger event has so many times the people, companies and tables of the smaller one."""
MOST = 40
"""Statements of the page with the most parts; each part is read in a few."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, empty_sqlite: bytes) -> Callable[[int], Small]:
    """Take an event of so many times the smallest size through every step, once."""
    known: dict[int, Small] = {}

    def make(times: int) -> Small:
        if times not in known:
            home = tmp_path_factory.mktemp(f"times-{times}")
            (home / "web.db").write_bytes(empty_sqlite)
            database = Database(f"sqlite:///{home / 'web.db'}")
            own = store(database, _event(times), home=home, time_limit_s=2)
            known[times] = application(own), own
        return known[times]

    return make


def _event(times: int) -> Event:
    event = generate_event(
        students=12 * times, companies=6 * times, slots=7, tables=1, seats=1, seed=1, wishes=3
    )
    return with_profiles(event)


def pages_of(routes: Flask) -> set[str]:
    """Routes to GET that answer with a page."""
    gets = {rule.endpoint for rule in routes.url_map.iter_rules() if "GET" in (rule.methods or ())}
    return gets & POLICIES.keys() - NO_PAGE.keys()


def test_every_page_has_an_address(made: Callable[[int], Small]) -> None:
    app, own = made(1)
    assert pages_of(app) == set(addresses(own))


def test_statements_of_a_page_do_not_grow_with_the_event(made: Callable[[int], Small]) -> None:
    app, small = made(1)
    larger_app, large = made(TIMES)
    for endpoint in sorted(pages_of(app)):
        of_small, of_large = addresses(small)[endpoint], addresses(large)[endpoint]
        for few, many in zip(of_small, of_large, strict=True):
            small.touch()
            large.touch()
            page, larger = ask(app, small, few), ask(larger_app, large, many)
            assert (page.status, larger.status) == (200, 200), many
            assert page.statements == larger.statements <= MOST, many
            assert ask(larger_app, large, many).statements <= larger.statements, many
