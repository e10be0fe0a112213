"""What the engine says keeps what it was made of, and everything it says is said so."""

from __future__ import annotations

import ast
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler.errors import Problem
from scheduler.sentence import (
    Grouped,
    Sentence,
    counted,
    languages_asked,
    listed,
    say,
    table_word,
)

ENGINE = Path(__file__).parents[2] / "scheduler"
SILENT = {
    "cli": "the command line is English",
    "documents/stocks.py": "names of sheets that shops sell",
    "generate": "names of made-up people",
    "importers/template_words.py": "holds both languages",
    "model/language_names.py": "holds both languages",
    "reports": "holds both languages, for paper",
    "strategies": "what is impossible, for whoever reads the log; but for its notes",
}
MAKERS = ("say", "counted", "listed", "terms")
WORDS = re.compile(r"[A-Za-z]{2,}[,;:]? [A-Za-z]{2,}|^ ?[A-Za-z]{2,} | [A-Za-z]{2,}[.:;]?$")
"""Two words, or one beside a value."""
NO_WORDS = {
    "documents/paper.py: Company Dating",
    "documents/lines.py: the Latin font has no blank",
    "documents/pen.py: BT  g 1 0 0 1   Tm ",
    "documents/pen.py: /Span <</ActualText <FEFF>>> BDC  EMC",
    "documents/badges.py:  ×  mm",
    "documents/badges.py:     re",
    "documents/pen.py:  ET",
    'importers/writer.py: start = ""',
    'importers/writer.py: end = ""',
}
"""The name of the thing, a fault of ours, drawing, and TOML."""


def test_a_text_reads_as_english() -> None:
    assert say("%(who)s is 100 %% there", who="Ana") == "Ana is 100 % there"
    assert say("100 %") == "100 %"
    assert [counted(n, "%(num)s table", "%(num)s tables") for n in (0, 1, 2)] == [
        "0 tables",
        "1 table",
        "2 tables",
    ]
    assert counted(Grouped(12345), "%(num)s point", "%(num)s points") == "12,345 points"
    assert listed(["a", say("b")], " and ") == "a and b"
    assert not listed([])
    assert languages_asked([["en:B2", "da:B1"], ["pt:A2"]]) == "en:B2 or da:B1 and pt:A2"


def test_a_text_keeps_what_it_was_made_of_between_processes() -> None:
    inner = counted(2, "%(num)s table", "%(num)s tables")
    text = say("%(room)s has %(tables)s in %(list)s", room="A", tables=inner, list=table_word("x"))

    again = pickle.loads(pickle.dumps(text))

    assert again == text == "A has 2 tables in x"
    assert again.values["tables"].number == 2
    assert again.values["list"].kind == "table"


def test_a_problem_says_where_it_is_in_parts() -> None:
    problem = Problem("students", say("is late"), say("hurry"), column="arrives", row=3)

    assert str(problem) == "students, row 3, column arrives: is late; hurry"
    assert isinstance(problem.sentence(), Sentence)


def _speaking() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(ENGINE.rglob("*.py")):
        own = path.relative_to(ENGINE)
        if own.as_posix() not in SILENT and own.parts[0] not in SILENT:
            yield own, ast.parse(path.read_text())


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def _docstrings(tree: ast.Module) -> set[int]:
    """Texts that stand alone."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _texts(tree: ast.Module) -> Iterator[str]:
    """Texts that are neither said nor explain the code; of an f-string without its values."""
    known = _docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node) in MAKERS:
            known |= {id(own) for own in node.args}
        if isinstance(node, ast.Call) and _name(node) == "ValueError":
            known |= {id(own) for own in ast.walk(node)}
        if isinstance(node, ast.JoinedStr) and id(node) not in known:
            yield "".join(own.value for own in node.values if isinstance(own, ast.Constant))
        if isinstance(node, ast.JoinedStr):
            known |= {id(own) for own in ast.walk(node)}
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in known:
            yield node.value


def test_the_engine_says_nothing_that_cannot_be_translated() -> None:
    loose = {
        f"{path}: {text}"
        for path, tree in _speaking()
        for text in _texts(tree)
        if WORDS.search(text)
    }

    assert loose - NO_WORDS == set(), "use say(...) of scheduler.sentence"


@pytest.mark.parametrize(
    "code",
    ['Problem("rooms", "is missing")', 'yield f"{name} is late"', 'text = f"{who} has {what}"'],
)
def test_a_loose_text_is_found(code: str) -> None:
    assert any(WORDS.search(text) for text in _texts(ast.parse(code)))


def test_every_template_is_whole_and_has_its_values() -> None:
    wrong = []
    for path in sorted(ENGINE.rglob("*.py")):
        if path.name == "sentence.py" or "cli" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in MAKERS[:2]:
                continue
            templates = node.args if _name(node) == "say" else node.args[1:]
            is_whole = all(
                isinstance(own, ast.Constant) and isinstance(own.value, str) for own in templates
            )
            given = {own.arg for own in node.keywords}
            places = {
                place
                for own in templates
                for place in re.findall(r"%\((\w+)\)s", getattr(own, "value", ""))
            }
            is_filled = None in given or places - {"num"} == given
            worded = [own for own in node.keywords if _is_worded(own.value)]
            if not is_whole or not is_filled or worded:
                wrong.append(f"{path.relative_to(ENGINE)}:{node.lineno}: {ast.unparse(node)}")

    assert wrong == []


def _is_worded(value: ast.expr) -> bool:
    """Whether a value is itself a word of English, and not the name of a file."""
    if isinstance(value, ast.JoinedStr):
        parts = [own.value for own in value.values if isinstance(own, ast.Constant)]
        return any(re.search(r"[A-Za-z]{2,}", part) and "." not in part for part in parts)
    if isinstance(value, ast.IfExp):
        return _is_worded(value.body) or _is_worded(value.orelse)
    is_text = isinstance(value, ast.Constant) and isinstance(value.value, str)
    return is_text and re.fullmatch(r"[\w-]+\.\w+|\W*", str(value.value)) is None
