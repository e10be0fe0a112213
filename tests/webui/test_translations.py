"""Every text has its Danish, and the pages show it."""

from __future__ import annotations

import ast
import io
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, url_for

from tests.webui.conftest import Browser, Clock, Visitor
from tests.webui.test_student_schedule import FIRST, SECOND, publish
from tests.webui.timetables import make_working
from webui.store import Database

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "webui/translations/da/LC_MESSAGES"
MARKS = {
    "RefusedError": None,
    "marked": None,
    "say": None,
    "counted": (2, 3),
    "listed": (2,),
    "terms": (3,),
}
"""Names beside those of gettext that `make words` takes, and which arguments (else the first)."""
DYNAMIC = {
    "webui/words/translated.py: text",
    "webui/words/translated.py: singular",
    "webui/words/columns.py: COLUMN_NAMES[name]",
    "webui/words/refusals.py: error.text",
    "webui/words/sentences.py: between",
    "webui/words/sentences.py: text.template",
    "webui/jobs/solving.py: error.text",
    "webui/operations/sessions.py: SIGN_IN_REFUSED",
    "webui/operations/inviting.py: ON_THEIR_WAY",
    "webui/staff/backup.py: TYPED",
    "webui/templates/staff/colleagues.html: own.role",
    "webui/templates/staff/join.html: invitation.role",
}
"""Texts that are translated by name; each is marked where it is written."""
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w*\}")


def _danish() -> Catalog:
    return read_po(io.BytesIO((FOLDER / "messages.po").read_bytes()), locale="da")


def _in_code() -> set[str | tuple[str, ...]]:
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    keywords = {**DEFAULT_KEYWORDS, **MARKS}
    found = extract_from_dir(ROOT, methods, options, keywords=keywords)
    return {own[2] for own in found}


def _texts(one: str | tuple[str, ...]) -> tuple[str, ...]:
    return (one,) if isinstance(one, str) else tuple(one)


def test_the_danish_file_has_every_text_of_the_code_and_no_other() -> None:
    stored = {own.id for own in _danish() if own.id}

    assert stored == _in_code(), "run `make words`, then write the Danish"


def test_every_text_has_its_danish_with_the_same_places() -> None:
    wrong = []
    for own in _danish():
        if not own.id:
            continue
        known = [set(PLACE.findall(text)) for text in _texts(own.id)]
        danish = _texts(own.string)
        is_whole = all(danish) and not own.fuzzy and len(danish) == len(known)
        if not is_whole or [set(PLACE.findall(text)) for text in danish] != known:
            wrong.append(own.id)

    assert wrong == []


def test_the_compiled_file_is_that_of_the_danish() -> None:
    compiled = io.BytesIO()
    write_mo(compiled, _danish())

    assert (FOLDER / "messages.mo").read_bytes() == compiled.getvalue(), "run `make words`"


def test_only_whole_texts_are_given_for_translation() -> None:
    """What is put together while running is not found, and stays English."""
    found = set()
    for path in sorted((ROOT / "webui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in {"_", "gettext", "ngettext", *MARKS} and not _is_text(node.args[0]):
                found.add(f"{path.relative_to(ROOT)}: {ast.unparse(node.args[0])}")
    for path in sorted((ROOT / "webui/templates").rglob("*.html")):
        for text in re.findall(r"\b(?:_|n?gettext)\((?![\"'])([^)]*)\)", path.read_text()):
            found.add(f"{path.relative_to(ROOT)}: {text}")

    assert found <= DYNAMIC


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


class _Reader(HTMLParser):
    """Collect what a page says, but for code and what is marked as another language."""

    def __init__(self) -> None:
        super().__init__()
        self.said: set[str] = set()
        self.silent = 0
        self.open: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        for name in ("placeholder", "title", "aria-label", "aria-description"):
            self._take(values.get(name) or "")
        if tag in ("input", "meta", "link", "br", "img", "hr", "col", "wbr"):
            return
        is_silent = tag in ("script", "style", "code", "bdi") or (
            "lang" in values and tag != "html"
        )
        self.open.append(is_silent)
        self.silent += is_silent

    def handle_endtag(self, tag: str) -> None:
        if self.open:
            self.silent -= self.open.pop()

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self._take(data)

    def _take(self, text: str) -> None:
        text = " ".join(text.split())
        if re.search(r"[a-zA-Z]{3}", text):
            self.said.add(text)


def _said(browser: Browser, address: str, language: str) -> set[str]:
    browser.client.set_cookie("language", language)
    answer = browser.get(address, follow_redirects=True)
    assert answer.status_code < 500, address
    if answer.mimetype != "text/html":
        return set()
    page = answer.get_data(as_text=True)
    assert "<html" not in page or f'<html lang="{language}"' in page
    reader = _Reader()
    reader.feed(page)
    return reader.said


def _addresses(app: Flask, blueprint: str, **values: str) -> list[str]:
    """Addresses of all pages that need no more than these values."""
    with app.test_request_context():
        return [
            url_for(rule.endpoint, **{own: values[own] for own in rule.arguments})
            for rule in app.url_map.iter_rules()
            if rule.endpoint.startswith(blueprint)
            and "GET" in (rule.methods or ())
            and rule.arguments <= values.keys()
        ]


SAME = {"Company Dating", "Dansk", "English", "Version 1", "CSV", "Excel", "Find", "Backup"} | {
    "administrator"
}
NAMES = re.compile(
    r"[\w.]+@[\w.]+|\w+\.(csv|toml)|[A-Z2-7]{32}|Tiny Company Dating"
    r"|(: )?(Café Brænd|Fjord Robotics)|Ana Sousa|Bilal Haddad|Chiara Rossi|Nagy Dávid"
    r"|Roasts coffee\.|Builds robots that sort parcels\.|Writes booking systems\."
    r"|(MSc )?Computer science|Business|Engineering",
    re.IGNORECASE,
)
"""What the tiny event holds in the same words for every reader, and the key of a second factor."""


def _left(browser: Browser, addresses: list[str]) -> dict[str, set[str]]:
    """What pages say in both languages."""
    left = {}
    for address in addresses:
        both = _said(browser, address, "en") & _said(browser, address, "da") - SAME
        left[address] = {text for text in both if not NAMES.fullmatch(text)}
    return {address: texts for address, texts in left.items() if texts}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_page_for_staff_has_english_left_in_danish(
    app: Flask, staff: Browser, tiny: int, database: Database
) -> None:
    make_working(database, tiny)
    addresses = _addresses(app, "staff.", key="tiny")

    assert len(addresses) > 20
    assert _left(staff, addresses) == {}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_page_for_students_has_english_left_in_danish(
    app: Flask, open_link: Callable[[str], Visitor], database: Database, clock: Clock
) -> None:
    visitor = open_link("ana")
    rows = [("ana", "coffee", FIRST, 1), ("ana", "robots", SECOND, 1)]
    publish(database, clock, visitor.event_pk, rows)
    addresses = _addresses(app, "students.")

    assert "/me/wishes" in addresses
    assert _left(visitor.browser, addresses) == {}
