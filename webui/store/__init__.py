"""What is kept: tables, migrations, and the way from rows to the engine's values and back."""

from webui.store.accounts import ROLES, Invitation, Membership, Staff, StaffSession
from webui.store.audit import Audit
from webui.store.base import Base
from webui.store.collecting import Answer, Consent, Cv, LinkSession, Mail, PersonalLink
from webui.store.database import Database
from webui.store.events import (
    AbsenceRow,
    CompanyRow,
    DecisionRow,
    EventRow,
    PreferenceRow,
    RoomRow,
    ShortlistRow,
    StudentRow,
)
from webui.store.removed import Removed
from webui.store.timetables import (
    BadgeRow,
    Edit,
    Job,
    JobFile,
    MeetingRow,
    PlaceRow,
    PrintRow,
    TimetableRow,
    Version,
)
from webui.store.uploads import Upload

__all__ = [
    "ROLES",
    "AbsenceRow",
    "Answer",
    "Audit",
    "BadgeRow",
    "Base",
    "CompanyRow",
    "Consent",
    "Cv",
    "Database",
    "DecisionRow",
    "Edit",
    "EventRow",
    "Invitation",
    "Job",
    "JobFile",
    "LinkSession",
    "Mail",
    "MeetingRow",
    "Membership",
    "PersonalLink",
    "PlaceRow",
    "PreferenceRow",
    "PrintRow",
    "Removed",
    "RoomRow",
    "ShortlistRow",
    "Staff",
    "StaffSession",
    "StudentRow",
    "TimetableRow",
    "Upload",
    "Version",
]
