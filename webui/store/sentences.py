"""What the engine says, kept as what it was made of: every reader gets it in their own words.

In JSON a `Sentence` is an object with ``said`` (its template), ``with`` (values) and, of a number,
``many`` and ``count``; a list has ``listed`` and ``between``; a `Term` ``term`` and ``kind``; a
`Grouped` ``grouped``. Any other value stays what it is.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from scheduler.sentence import Grouped, Sentence, Term, TermKind


class Told(TypeDecorator[dict[str, Any]]):
    """JSON that may hold what the engine says."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> Any:
        """Take sentences apart."""
        return plain(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """Make them again."""
        return spoken(value)


def plain(value: Any) -> Any:
    """Turn sentences within a value into what JSON holds."""
    if isinstance(value, Sentence):
        if value.parts:
            return {"listed": [plain(own) for own in value.parts], "between": value.template}
        own: dict[str, Any] = {"said": value.template, "with": plain(dict(value.values))}
        return own | {"many": value.plural, "count": int(value.number)} if value.plural else own
    if isinstance(value, Term):
        return {"term": str(value), "kind": value.kind.value}
    if isinstance(value, Grouped):
        return {"grouped": int(value)}
    if isinstance(value, dict):
        return {key: plain(own) for key, own in value.items()}
    return [plain(own) for own in value] if isinstance(value, (list, tuple)) else value


def spoken(value: Any) -> Any:
    """Turn what JSON holds into sentences again."""
    if isinstance(value, list):
        return [spoken(own) for own in value]
    if not isinstance(value, dict):
        return value
    if "said" in value:
        values = spoken(value["with"])
        return Sentence(value["said"], values, value.get("many", ""), value.get("count", 0))
    if "listed" in value:
        return Sentence(value["between"], parts=tuple(spoken(value["listed"])))
    if "term" in value:
        return Term(TermKind(value["kind"]), value["term"])
    if "grouped" in value:
        return Grouped(value["grouped"])
    return {key: spoken(own) for key, own in value.items()}
