"""Which student may meet which company, and which rule refuses the others."""

from __future__ import annotations

from enum import StrEnum

from scheduler.model.event import DecisionKind, Event
from scheduler.model.people import (
    Company,
    CompanyId,
    Language,
    LanguageNeed,
    Student,
    StudentId,
    meets_needs,
)

Pair = tuple[StudentId, CompanyId]


class Refusal(StrEnum):
    """The rule that refuses a pair; the first two bind a pin too."""

    VETO = "veto"
    FORBID = "forbid"
    LANGUAGE = "language"
    FIELD = "field"
    POSITION = "position"


class Eligibility:
    """The refusing rules of one event; repeated profiles are judged once.

    Attributes
    ----------
    vetoes, forbids, yes, pins
        The pairs of the shortlist and the decisions.
    """

    def __init__(self, event: Event) -> None:
        self._rules = event.rules
        self.vetoes: set[Pair] = set()
        self.yes: set[Pair] = set()
        for verdict in event.shortlist:
            pairs = self.yes if verdict.is_yes else self.vetoes
            pairs.add((verdict.student_id, verdict.company_id))
        self.forbids: set[Pair] = set()
        self.pins: set[Pair] = set()
        for decision in event.decisions:
            pairs = self.pins if decision.kind is DecisionKind.PIN else self.forbids
            pairs.add((decision.student_id, decision.company_id))
        self._fields = {
            c.company_id: frozenset(_fold(name) for name in c.fields) for c in event.companies
        }
        self._speaks: dict[tuple[tuple[Language, ...], tuple[LanguageNeed, ...]], bool] = {}

    def refusal(self, student: Student, company: Company) -> Refusal | None:
        """Name the first rule that refuses the pair; None when no rule does."""
        pair = (student.student_id, company.company_id)
        if pair in self.vetoes:
            return Refusal.VETO
        if pair in self.forbids:
            return Refusal.FORBID
        return self.profile_refusal(student, company)

    def profile_refusal(self, student: Student, company: Company) -> Refusal | None:
        """Name the rule on language, field or position that refuses the pair, if one does."""
        rules = self._rules
        needs = company.languages
        if rules.require_language and needs and not self._meets(student.languages, needs):
            return Refusal.LANGUAGE
        if rules.require_field and company.fields:
            field = _fold(student.field)
            if not field or field not in self._fields[company.company_id]:
                return Refusal.FIELD
        offered, sought = set(company.positions), set(student.positions)
        if rules.require_position and offered and sought and not offered & sought:
            return Refusal.POSITION
        return None

    def shares_small_talk(self, student: Student, company: Company) -> bool:
        """Whether the student meets every small-talk wish of a company that has any."""
        wishes = company.small_talk
        return bool(wishes) and self._meets(student.languages, wishes)

    def _meets(self, languages: tuple[Language, ...], needs: tuple[LanguageNeed, ...]) -> bool:
        key = (languages, needs)
        known = self._speaks.get(key)
        if known is None:
            known = self._speaks[key] = meets_needs(languages, needs)
        return known


def _fold(field: str) -> str:
    return field.strip().casefold()
