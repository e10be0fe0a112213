"""Why an event has no timetable, and why a student has few meetings."""
