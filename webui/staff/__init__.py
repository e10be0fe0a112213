"""Staff's pages, one module a subject."""

from webui.staff.base import blueprint

from webui.staff import accounts, events, importing, people  # isort: skip  # they add their routes

__all__ = ["accounts", "blueprint", "events", "importing", "people"]
