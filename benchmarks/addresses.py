"""An address of every page that shows an event, the hardest of each."""

from __future__ import annotations

from benchmarks.web_event import WebEvent

NO_PAGE = {
    "static": "a file",
    "pages.font": "a file",
    "pages.health": "for machines",
    "pages.language": "changes the language, and redirects",
    "staff.event": "redirects",
    "staff.import_template": "a file",
    "staff.export": "a file",
    "staff.print_file": "a file",
    "staff.verdicts_of_meeting": "JSON, measured with the grid",
    "students.enter": "redirects",
    "students.start": "redirects once a timetable is published",
    "students.cv_file": "a file",
    "students.data_file": "a file",
    "students.calendar": "a file",
    "students.schedule_pdf": "a file",
}
"""Routes to GET that answer with no page, and why."""

STUDENTS = {
    "lost_link": ["/lost-link"],
    "companies": ["/me/companies", "/me/companies?language=mine"],
    "wishes": ["/me/wishes"],
    "about": ["/me/about"],
    "cv": ["/me/cv"],
    "data": ["/me/data"],
    "schedule": ["/me/schedule"],
    "schedule_now": ["/me/schedule/now"],
}
"""Pages of a student, by what follows ``students.``."""


def addresses(event: WebEvent) -> dict[str, list[str]]:
    """Addresses of every page, the hardest of each, by endpoint."""
    staff = {**_of_site(event), **_of_people(event), **_of_results(event), **_of_timetable(event)}
    return {f"staff.{name}": pages for name, pages in staff.items()} | {
        f"students.{name}": pages for name, pages in STUDENTS.items()
    }


def _of_site(event: WebEvent) -> dict[str, list[str]]:
    """Accounts, the list of events and an event's settings."""
    own = f"/events/{event.key}"
    return {
        "sign_in": ["/sign-in"],
        "join": [f"/join/{event.invitation}"],
        "account": ["/account"],
        "second_factor": ["/account/second-factor"],
        "colleagues": ["/colleagues"],
        "back_up": ["/backup"],
        "home": ["/"],
        "new_event": ["/events/new"],
        "new_from_files": ["/events/import"],
        "set_up": [f"{own}/set-up"],
        "copy_event": [f"{own}/copy"],
        "delete_event": [f"{own}/delete"],
    }


def _of_people(event: WebEvent) -> dict[str, list[str]]:
    """Lists, imports and collecting."""
    own = f"/events/{event.key}"
    lists = tuple(event.rows)
    return {
        "people_overview": [f"{own}/people"],
        "people_list": [
            *(f"{own}/people/{name}" for name in lists),
            f"{own}/people/students?q=an&sort=-wishes",
        ],
        "new_row": [f"{own}/people/{name}/new" for name in lists if name != "wishes"],
        "edit_row": [f"{own}/people/{name}/{pk}" for name, pk in event.rows.items()],
        "delete_row": [f"{own}/people/{name}/{pk}/delete" for name, pk in event.rows.items()],
        "deleted_rows": [f"{own}/people/deleted"],
        "import_files": [f"{own}/import"],
        "import_preview": [f"{own}/import/{event.upload}"],
        "collect": [f"{own}/collect", f"{own}/collect?q=an"],
        "collect_post": [f"{own}/collect/post"],
        "write_mail": [f"{own}/collect/mail/{kind}" for kind in ("invitation", "reminder")],
        "change_links": [f"{own}/collect/links/renew"],
    }


def _of_results(event: WebEvent) -> dict[str, list[str]]:
    """Solving and what comes out."""
    own = f"/events/{event.key}"
    results = "&".join(f"r={number}" for number in event.results)
    forecast = "l0=en&p0=4&l1=da&p1=3&field=Computing&position=internship"
    return {
        "solve": [f"{own}/solve"],
        "solve_live": [f"{own}/solve/live"],
        "compare": [f"{own}/solve/compare?{results}"],
        "below": [f"{own}/solve/results/{event.results[0]}/below"],
        "what_if": [f"{own}/what-if"],
        "what_if_live": [f"{own}/what-if/live"],
        "forecast": [f"{own}/forecast", f"{own}/forecast?{forecast}"],
    }


def _of_timetable(event: WebEvent) -> dict[str, list[str]]:
    """The timetable worked on, its versions and its paper."""
    own = f"/events/{event.key}"
    student, company = event.unmet
    beside = (f"student={student}", f"company={company}", f"place={event.turn}")
    return {
        "timetable": [
            f"{own}/timetable",
            f"{own}/timetable?student={student}",
            f"{own}/timetable?company={company}",
            f"{own}/timetable?student={student}&company={company}",
            f"{own}/timetable?q=an",
            *(f"{own}/timetable?{who}#panel" for who in beside),
        ],
        "timetable_list": [f"{own}/timetable/list{more}" for more in ("", "?show=unmet")],
        "price": [f"{own}/timetable/price?student={student}&company={company}"],
        "publish": [f"{own}/publish"],
        "changes": [f"{own}/publish/changes?from=1&to=2"],
        "withdraw": [f"{own}/publish/2/withdraw"],
        "work_on": [f"{own}/publish/1/work-on"],
        "fit_in_live": [f"{own}/publish/fit-in"],
        "proposal": [f"{own}/publish/proposal"],
        "prints": [f"{own}/print"],
        "prints_live": [f"{own}/print/live"],
        "print_whom": [f"{own}/print/whom?version=1"],
    }
