"""The peers: each makes a timetable of an event, in a process of its own."""
