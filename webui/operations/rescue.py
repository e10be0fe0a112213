"""Accounts put right from the command line, when nobody can sign in who could do it on a page."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from webui.operations.log import Actor, RefusedError, record
from webui.operations.passwords import hash_of
from webui.operations.secrets import new_token
from webui.store import ROLES, Database, Staff, StaffSession


def _find(session: Session, email: str) -> Staff:
    found = session.scalar(select(Staff).where(Staff.email == email.strip().casefold()))
    if found is None:
        raise RefusedError("Nobody has an account with the address %(email)s.", email=email)
    return found


def _end_sessions(session: Session, staff: Staff, now: dt.datetime) -> None:
    session.execute(
        update(StaffSession)
        .where(StaffSession.staff_id == staff.id, StaffSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def close_account(database: Database, actor: Actor, now: dt.datetime, *, email: str) -> None:
    """Close an account; its sessions end.

    Raises
    ------
    RefusedError
        There is none, or nobody else could administrate then.
    """
    with database.writing() as session:
        staff = _find(session, email)
        others = select(Staff.id).where(
            Staff.role == "administrator", Staff.disabled_at.is_(None), Staff.id != staff.id
        )
        if staff.role == "administrator" and session.scalar(others.limit(1)) is None:
            raise RefusedError(
                "This is the only administrator; invite another one first: "
                "company-dating staff invite EMAIL --role administrator"
            )
        staff.disabled_at = now
        _end_sessions(session, staff, now)
        record(session, actor, now, "staff.change", staff=staff.id, disabled=True)


def open_account(
    database: Database, actor: Actor, now: dt.datetime, *, email: str, role: str | None = None
) -> None:
    """Open an account that was closed or rests, with another role when one is given.

    Raises
    ------
    RefusedError
        There is none, or no such role.
    """
    if role is not None and role not in ROLES:
        raise RefusedError("Choose a role.", field="role")
    with database.writing() as session:
        staff = _find(session, email)
        staff.disabled_at = staff.locked_until = None
        staff.failed_sign_ins = 0
        staff.role = role or staff.role
        record(session, actor, now, "staff.change", staff=staff.id, role=staff.role, disabled=False)


def reset_second_factor(database: Database, actor: Actor, now: dt.datetime, *, email: str) -> None:
    """Take the second factor from an account whose owner lost it; its sessions end.

    Raises
    ------
    RefusedError
        There is no such account.
    """
    with database.writing() as session:
        staff = _find(session, email)
        staff.totp_secret, staff.totp_last_step = None, 0
        _end_sessions(session, staff, now)
        record(session, actor, now, "staff.second_factor", staff=staff.id, is_set=False)


def reset_password(database: Database, actor: Actor, now: dt.datetime, *, email: str) -> str:
    """Give an account a new random password; its sessions end.

    Returns
    -------
    str
        The password, to be changed after signing in; it is not stored.

    Raises
    ------
    RefusedError
        There is no such account.
    """
    password = new_token()[:20]
    digest = hash_of(password)
    with database.writing() as session:
        staff = _find(session, email)
        staff.password_hash = digest
        staff.failed_sign_ins, staff.locked_until = 0, None
        _end_sessions(session, staff, now)
        record(session, actor, now, "staff.reset_password", staff=staff.id)
    return password
