"""Students' pages: open the personal link, rank companies, see one's schedule."""

from webui.students.base import blueprint

from webui.students import choosing, own_data, profile, schedule  # isort: skip  # they add routes

__all__ = ["blueprint", "choosing", "own_data", "profile", "schedule"]
