"""Colleagues: who works here, which events they are given, who is invited."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from webui.operations.accounts import Colleague, Given, colleague_of, ids_of
from webui.operations.log import Actor, NotFoundError, RefusedError, record
from webui.store import ROLES, Database, EventRow, Invitation, Membership, Staff, StaffSession


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation that is still open, as pages show it."""

    id: int
    email: str
    role: str
    expires_at: dt.datetime
    sees_all: bool
    events: tuple[str, ...]


def list_colleagues(database: Database) -> list[Colleague]:
    """Everybody with an account, by name."""
    with database.reading() as session:
        return [
            colleague_of(staff) for staff in session.scalars(select(Staff).order_by(Staff.name))
        ]


def list_choices(database: Database) -> list[tuple[str, str]]:
    """Key and name of every event, the latest first."""
    with database.reading() as session:
        asked = select(EventRow.key, EventRow.name).order_by(EventRow.date.desc(), EventRow.key)
        return [(key, name) for key, name in session.execute(asked)]


def keys_given(database: Database) -> dict[int, frozenset[str]]:
    """Keys of the events that were given to each colleague, or that they made."""
    found: dict[int, set[str]] = {}
    with database.reading() as session:
        asked = select(Membership.staff_id, EventRow.key).join(
            EventRow, EventRow.id == Membership.event_id
        )
        for staff_id, key in session.execute(asked):
            found.setdefault(staff_id, set()).add(key)
    return {staff_id: frozenset(keys) for staff_id, keys in found.items()}


def list_invitations(database: Database, now: dt.datetime) -> list[Invited]:
    """Invitations of colleagues that nobody has taken up yet, the newest first."""
    asked = select(Invitation).where(
        Invitation.email.is_not(None), Invitation.used_at.is_(None), Invitation.expires_at > now
    )
    with database.reading() as session:
        asked_names = session.execute(select(EventRow.id, EventRow.name))
        names = {own.id: own.name for own in asked_names}
        return [
            Invited(
                own.id,
                own.email or "",
                own.role,
                own.expires_at,
                own.sees_all,
                tuple(names[event_id] for event_id in own.event_ids if event_id in names),
            )
            for own in session.scalars(asked.order_by(Invitation.id.desc()))
        ]


def take_back(database: Database, actor: Actor, now: dt.datetime, *, invitation_id: int) -> None:
    """Take an invitation back: its link opens nothing any more, its address is forgotten.

    Raises
    ------
    NotFoundError
        There is none, or somebody has joined with it.
    """
    with database.writing() as session:
        taken = session.execute(
            delete(Invitation)
            .where(
                Invitation.id == invitation_id,
                Invitation.email.is_not(None),
                Invitation.used_at.is_(None),
            )
            .returning(Invitation.id)
        )
        if taken.scalar_one_or_none() is None:
            raise NotFoundError
        record(session, actor, now, "staff.take_back", invitation=invitation_id)


def change_colleague(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    staff_id: int,
    role: str,
    is_disabled: bool,
    given: Given,
) -> None:
    """Change a colleague's role and events, or close the account; its sessions end.

    Raises
    ------
    RefusedError
        It is one's own account: nobody locks themselves out.
    """
    if staff_id == actor.id:
        raise RefusedError("Another administrator has to change your own account.")
    if role not in ROLES:
        raise RefusedError("Choose a role.", field="role")
    with database.writing() as session:
        staff = session.get(Staff, staff_id)
        if staff is None:
            raise NotFoundError
        staff.role = role
        staff.disabled_at = now if is_disabled else None
        staff.sees_all = given.is_all
        event_ids = ids_of(session, given)
        if not given.is_all:
            _give(session, staff_id, event_ids)
        if is_disabled:
            session.execute(
                update(StaffSession)
                .where(StaffSession.staff_id == staff_id, StaffSession.ended_at.is_(None))
                .values(ended_at=now)
            )
        record(
            session,
            actor,
            now,
            "staff.change",
            staff=staff_id,
            role=role,
            disabled=is_disabled,
            every_event=given.is_all,
            events=event_ids,
        )


def _give(session: Session, staff_id: int, event_ids: list[int]) -> None:
    """Let exactly these events be a colleague's."""
    session.execute(delete(Membership).where(Membership.staff_id == staff_id))
    session.add_all(Membership(event_id=event_id, staff_id=staff_id) for event_id in event_ids)
