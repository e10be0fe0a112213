"""Students' pages: open the personal link, rank companies, see one's schedule."""

from webui.students.base import blueprint

__all__ = ["blueprint"]
