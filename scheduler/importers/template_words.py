"""The words of the template's help, in English and Danish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """What the template says in one language.

    Parameters
    ----------
    columns
        Meaning by ``table.column``, or by column where every table means the same.
    settings
        Meaning by key of the sheet ``event``.
    """

    help_sheet: str
    help_headers: tuple[str, str, str, str, str]
    event_headers: tuple[str, str, str]
    introduction: tuple[str, ...]
    yes: str
    hint_title: str
    whole_number: str
    columns: Mapping[str, str]
    settings: Mapping[str, str]

    def meaning(self, table: str, column: str) -> str:
        """What a column means."""
        return self.columns.get(f"{table}.{column}") or self.columns[column]


EXAMPLES: Mapping[str, str] = {
    "room_id": "R1",
    "rooms.name": "Auditorium A",
    "building": "East",
    "rooms.tables": "12",
    "capacity": "40",
    "company_id": "grundfos",
    "companies.name": "Grundfos",
    "tables": "1",
    "seats": "1",
    "arrives": "13:00",
    "leaves": "15:30",
    "positions": "internship;student_job",
    "companies.languages": "en:B2;pt:B2|es:B2",
    "students.languages": "en:C1;da:native",
    "small_talk": "da:A2",
    "fields": "Energy;Mathematics",
    "min_meetings": "4",
    "companies.max_meetings": "12",
    "max_meetings": "5",
    "email": "ann@example.org",
    "website": "https://example.org",
    "about": "Pumps and water",
    "student_id": "s001",
    "students.name": "Ann Sørensen",
    "given_name": "Ann",
    "family_name": "Sørensen",
    "programme": "MSc Energy Engineering",
    "field": "Energy",
    "rank": "1",
    "verdict": "yes",
    "unavailable.kind": "student",
    "id": "s001",
    "unavailable.start": "14:00",
    "end": "14:30",
    "decisions.kind": "pin",
    "decisions.start": "13:12",
}
"""By ``table.column``, or by column."""

ENGLISH = Words(
    help_sheet="help",
    help_headers=("sheet", "column", "required", "meaning", "example"),
    event_headers=("key", "value", "meaning"),
    introduction=(
        "Fill in the sheets event, rooms, companies, students and preferences; the others if you "
        "need them.",
        "One row for each room, company, student or wish. Headers in bold must be filled in; leave "
        "other cells empty.",
        "Do not rename sheets or headers. Never write CPR numbers anywhere.",
        "Times are HH:MM. Put ; between several values in one cell.",
        "Check the file with: company-dating check FILE.xlsx",
    ),
    yes="yes",
    hint_title="Several with ;",
    whole_number="Write a whole number of 0 or more.",
    columns={
        "room_id": "Short name of the room, each once; other sheets refer to it.",
        "rooms.name": "Name of the room that people know.",
        "building": "Building of the room; students need time to change building.",
        "rooms.tables": "How many tables fit in the room.",
        "capacity": "Students seated at meetings at once; empty for no limit.",
        "company_id": "Short name of the company, each once; other sheets refer to it.",
        "companies.name": "Name of the company.",
        "companies.room_id": "Room of the company; empty and one is chosen.",
        "companies.tables": "How many tables the company has; empty is 1.",
        "seats": "Students at one table at once; empty is 1, more is a group date.",
        "arrives": "Not before this time; empty for the whole event.",
        "leaves": "Not after this time; empty for the whole event.",
        "companies.positions": "What is offered: internship, student_job, full_time.",
        "students.positions": "What is looked for: internship, student_job, full_time.",
        "companies.languages": "Languages a student must speak, with level A1 A2 B1 B2 C1 C2 or "
        "native; | between two is either.",
        "students.languages": "Languages spoken, with level A1 A2 B1 B2 C1 C2 or native.",
        "small_talk": "Languages the company wishes for; gives extra points.",
        "fields": "Fields of study the company looks for, in free words.",
        "min_meetings": "The company should have at least so many meetings; empty is 0.",
        "companies.max_meetings": "The company has at most so many meetings; empty for no limit.",
        "students.max_meetings": "The student has at most so many meetings; empty for no limit.",
        "email": "E-mail address.",
        "website": "Web address, with https://.",
        "about": "A few lines about the company.",
        "student_id": "Short name or number of the student, each once in the sheet students; "
        "no CPR number.",
        "students.name": "The whole name, as the student writes it.",
        "given_name": "Given name.",
        "family_name": "Family name.",
        "programme": "Programme of study.",
        "field": "Field of study, compared with the companies' fields.",
        "rank": "1 for the most wanted company, 2 for the next; each once for a student.",
        "verdict": "yes: the company wants to meet the student; no: they shall not meet.",
        "unavailable.kind": "student or company.",
        "id": "The student or company that is away.",
        "unavailable.start": "Away from this time.",
        "end": "Back at this time.",
        "decisions.kind": "pin: they shall meet; forbid: they shall not.",
        "decisions.start": "Time of a pinned meeting, the start of a slot; may be empty.",
    },
    settings={
        "event.id": "Short name of the event.",
        "event.name": "Name of the event, printed on every page.",
        "event.language": "Language of the printed pages: en or da.",
        "event.date": "Date, such as 2026-11-26.",
        "event.timezone": "Time zone.",
        "event.start": "The first meeting begins.",
        "event.end": "The last meeting has ended.",
        "event.slot_min": "Minutes of one meeting.",
        "event.changeover_min": "Minutes to walk and sit down, between two meetings.",
        "event.breaks.1.start": "A break for everybody begins; empty for none.",
        "event.breaks.1.end": "The break ends. Further breaks: event.breaks.2.start and so on.",
        "rules.max_meetings_per_student": "Meetings of a student at most.",
        "rules.guaranteed_meetings_per_student": "Meetings that each student gets before others "
        "get more.",
        "rules.max_in_a_row": "Meetings of a student without a free slot; 0 for no limit.",
        "rules.building_change_min": "Minutes a student needs between two buildings.",
        "rules.require_language": "Students must speak the companies' languages: true or false.",
        "rules.require_field": "Students must study a field the company names: true or false.",
        "rules.require_position": "Student and company must have a position in common: true or "
        "false.",
        "rules.offer_unranked": "Empty places may go to students who did not wish for the company: "
        "true or false.",
        "rules.rank_weights": "Points of wish 1, 2, 3 ...; later wishes have 10.",
        "rules.mutual_bonus": "Extra points when the company said yes.",
        "rules.small_talk_bonus": "Extra points when the small talk languages are met.",
    },
)

DANISH = Words(
    help_sheet="hjælp",
    help_headers=("ark", "kolonne", "skal udfyldes", "betydning", "eksempel"),
    event_headers=("nøgle", "værdi", "betydning"),
    introduction=(
        "Udfyld arkene event, rooms (lokaler), companies (virksomheder), students (studerende) og "
        "preferences (ønsker); de andre efter behov.",
        "Én række for hvert lokale, hver virksomhed, hver studerende og hvert ønske. Kolonner med "
        "fed overskrift skal udfyldes; lad andre celler stå tomme.",
        "Omdøb ikke ark eller overskrifter. Skriv aldrig CPR-numre nogen steder.",
        "Klokkeslæt skrives TT:MM. Sæt ; mellem flere værdier i samme celle.",
        "Kontrollér filen med: company-dating check FIL.xlsx",
    ),
    yes="ja",
    hint_title="Flere med ;",
    whole_number="Skriv et helt tal, 0 eller mere.",
    columns={
        "room_id": "Kort navn på lokalet, kun én gang; andre ark henviser til det.",
        "rooms.name": "Lokalets navn, som folk kender det.",
        "building": "Lokalets bygning; studerende skal bruge tid på at skifte bygning.",
        "rooms.tables": "Hvor mange borde der er plads til i lokalet.",
        "capacity": "Studerende til møde i lokalet på én gang; tom betyder ingen grænse.",
        "company_id": "Kort navn på virksomheden, kun én gang; andre ark henviser til det.",
        "companies.name": "Virksomhedens navn.",
        "companies.room_id": "Virksomhedens lokale; er cellen tom, vælges et.",
        "companies.tables": "Hvor mange borde virksomheden har; tom betyder 1.",
        "seats": "Studerende ved ét bord på én gang; tom betyder 1, flere er gruppemøder.",
        "arrives": "Ikke før dette klokkeslæt; tom betyder hele arrangementet.",
        "leaves": "Ikke efter dette klokkeslæt; tom betyder hele arrangementet.",
        "companies.positions": "Det, der tilbydes: internship (praktik), student_job (studiejob), "
        "full_time (fuldtid).",
        "students.positions": "Det, der søges: internship (praktik), student_job (studiejob), "
        "full_time (fuldtid).",
        "companies.languages": "Sprog, den studerende skal tale, med niveau A1 A2 B1 B2 C1 C2 "
        "eller native (modersmål); | mellem to betyder et af dem.",
        "students.languages": "Sprog, den studerende taler, med niveau A1 A2 B1 B2 C1 C2 eller "
        "native (modersmål).",
        "small_talk": "Sprog, virksomheden ønsker sig; giver ekstra point.",
        "fields": "Fagområder, virksomheden søger, med egne ord.",
        "min_meetings": "Virksomheden bør få mindst så mange møder; tom betyder 0.",
        "companies.max_meetings": "Virksomheden får højst så mange møder; tom betyder ingen "
        "grænse.",
        "students.max_meetings": "Den studerende får højst så mange møder; tom betyder ingen "
        "grænse.",
        "email": "E-mailadresse.",
        "website": "Webadresse med https://.",
        "about": "Et par linjer om virksomheden.",
        "student_id": "Kort navn eller nummer på den studerende, kun én gang i arket students; "
        "ikke CPR-nummer.",
        "students.name": "Hele navnet, som den studerende skriver det.",
        "given_name": "Fornavn.",
        "family_name": "Efternavn.",
        "programme": "Uddannelse.",
        "field": "Fagområde; sammenlignes med virksomhedernes fagområder.",
        "rank": "1 for den mest ønskede virksomhed, 2 for den næste; hvert tal én gang for en "
        "studerende.",
        "verdict": "yes (ja): virksomheden vil gerne møde den studerende; no (nej): de må ikke "
        "mødes.",
        "unavailable.kind": "student (studerende) eller company (virksomhed).",
        "id": "Den studerende eller virksomhed, der er væk.",
        "unavailable.start": "Væk fra dette klokkeslæt.",
        "end": "Tilbage på dette klokkeslæt.",
        "decisions.kind": "pin (fasthold): de skal mødes; forbid (forbyd): de må ikke mødes.",
        "decisions.start": "Klokkeslæt for et fastholdt møde, hvor en runde begynder; må være tom.",
    },
    settings={
        "event.id": "Kort navn på arrangementet.",
        "event.name": "Arrangementets navn; står på hver side.",
        "event.language": "Sproget på de trykte sider: en eller da.",
        "event.date": "Dato, for eksempel 2026-11-26.",
        "event.timezone": "Tidszone.",
        "event.start": "Det første møde begynder.",
        "event.end": "Det sidste møde er slut.",
        "event.slot_min": "Minutter til et møde.",
        "event.changeover_min": "Minutter til at gå og sætte sig, mellem to møder.",
        "event.breaks.1.start": "En pause for alle begynder; tom betyder ingen.",
        "event.breaks.1.end": "Pausen slutter. Flere pauser: event.breaks.2.start og så videre.",
        "rules.max_meetings_per_student": "Højst så mange møder til en studerende.",
        "rules.guaranteed_meetings_per_student": "Møder, hver studerende får, før andre får flere.",
        "rules.max_in_a_row": "En studerendes møder uden en fri runde; 0 betyder ingen grænse.",
        "rules.building_change_min": "Minutter, en studerende skal bruge mellem to bygninger.",
        "rules.require_language": "Studerende skal tale virksomhedernes sprog: true (ja) eller "
        "false (nej).",
        "rules.require_field": "Studerende skal læse et fag, virksomheden nævner: true eller "
        "false.",
        "rules.require_position": "Studerende og virksomhed skal have en stillingstype til fælles: "
        "true eller false.",
        "rules.offer_unranked": "Tomme pladser må gå til studerende, der ikke ønskede "
        "virksomheden: true eller false.",
        "rules.rank_weights": "Point for ønske 1, 2, 3 ...; senere ønsker har 10.",
        "rules.mutual_bonus": "Ekstra point, når virksomheden har sagt ja.",
        "rules.small_talk_bonus": "Ekstra point, når sprogene til smalltalk er opfyldt.",
    },
)

WORDS: Mapping[str, Words] = {"en": ENGLISH, "da": DANISH}
