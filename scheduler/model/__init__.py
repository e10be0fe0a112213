"""The values of the engine; every time is in whole minutes since the window opens."""

from scheduler.model.begun import Begun, Change, ChangeKind
from scheduler.model.event import (
    DEFAULT_WEIGHTS,
    Absence,
    Decision,
    DecisionKind,
    Event,
    PersonKind,
    Preference,
    Rules,
    Verdict,
)
from scheduler.model.people import (
    Company,
    CompanyId,
    Language,
    LanguageNeed,
    Position,
    Proficiency,
    Student,
    StudentId,
    meets_needs,
)
from scheduler.model.result import Comfort, Level, Metrics, Progress, Result, Scores, Status
from scheduler.model.timetable import Meeting, Place, Timetable
from scheduler.model.venue import Room, RoomId
from scheduler.model.window import Break, Slot, Window

__all__ = [
    "DEFAULT_WEIGHTS",
    "Absence",
    "Begun",
    "Break",
    "Change",
    "ChangeKind",
    "Comfort",
    "Company",
    "CompanyId",
    "Decision",
    "DecisionKind",
    "Event",
    "Language",
    "LanguageNeed",
    "Level",
    "Meeting",
    "Metrics",
    "PersonKind",
    "Place",
    "Position",
    "Preference",
    "Proficiency",
    "Progress",
    "Result",
    "Room",
    "RoomId",
    "Rules",
    "Scores",
    "Slot",
    "Status",
    "Student",
    "StudentId",
    "Timetable",
    "Verdict",
    "Window",
    "meets_needs",
]
