"""Report rows: what a timetable says to one person, table, room or desk.

Pages, CSV files and PDFs all show these rows, so that they never disagree.
"""

from scheduler.reports.places import complete_places
from scheduler.reports.report import Report
from scheduler.reports.rows import (
    ChartColumn,
    ChartRow,
    Counts,
    DeskRow,
    Guest,
    RoomChart,
    RoomCounts,
    RoomTables,
    ScheduleRow,
    StudentSchedule,
    TableSheet,
    Turn,
    TurnKind,
)

__all__ = [
    "ChartColumn",
    "ChartRow",
    "Counts",
    "DeskRow",
    "Guest",
    "Report",
    "RoomChart",
    "RoomCounts",
    "RoomTables",
    "ScheduleRow",
    "StudentSchedule",
    "TableSheet",
    "Turn",
    "TurnKind",
    "complete_places",
]
