"""Signing in and out: sessions of staff, and the second factor."""

from __future__ import annotations

import datetime as dt

import pyotp
from sqlalchemy import select, update

from webui.operations.accounts import Colleague, colleague_of, own_row
from webui.operations.log import NOBODY, Actor, ActorKind, RefusedError, marked, record
from webui.operations.passwords import NO_ONE, is_password
from webui.operations.secrets import digest_of, new_token
from webui.store import Database, Staff, StaffSession

IDLE_LIMIT = dt.timedelta(hours=2)
ABSOLUTE_LIMIT = dt.timedelta(hours=12)
SEEN_STEP = dt.timedelta(minutes=1)
"""Being seen is written down at most this often."""
FAILURES_BEFORE_LOCK = 10
LOCK_LASTS = dt.timedelta(minutes=15)


SIGN_IN_REFUSED = marked("The e-mail address, the password or the code is wrong.")


def sign_in(
    database: Database, now: dt.datetime, *, email: str, password: str, code: str = ""
) -> tuple[str, Colleague]:
    """Begin a session; the token is for the cookie.

    Raises
    ------
    RefusedError
        Always with the same words, whatever was wrong; after several failures the account rests.
    """
    address = email.strip().casefold()
    with database.reading() as session:
        staff = session.scalar(select(Staff).where(Staff.email == address))
    is_right = is_password(staff.password_hash if staff else NO_ONE, password)
    with database.writing() as session:
        staff = session.scalar(
            select(Staff).where(Staff.email == address, Staff.disabled_at.is_(None))
        )
        if staff is None or (staff.locked_until is not None and staff.locked_until > now):
            record(session, NOBODY, now, "staff.sign_in_refused")
            is_right, staff = False, None
        elif not is_right or not _is_code(staff, code, now):
            is_right = False
            staff.failed_sign_ins += 1
            if staff.failed_sign_ins >= FAILURES_BEFORE_LOCK:
                staff.failed_sign_ins, staff.locked_until = 0, now + LOCK_LASTS
            record(session, NOBODY, now, "staff.sign_in_refused", staff=staff.id)
        if is_right and staff is not None:
            staff.failed_sign_ins, staff.locked_until = 0, None
            token = new_token()
            session.add(
                StaffSession(
                    staff_id=staff.id,
                    token_sha256=digest_of(token),
                    created_at=now,
                    last_seen_at=now,
                )
            )
            record(session, Actor(ActorKind.STAFF, staff.id), now, "staff.sign_in")
            return token, colleague_of(staff)
    raise RefusedError(SIGN_IN_REFUSED)


def session_staff(database: Database, now: dt.datetime, token: str) -> Colleague | None:
    """Who a cookie's token signs in; None when the session is over."""
    with database.reading() as session:
        found = session.execute(
            select(StaffSession, Staff)
            .join(Staff, Staff.id == StaffSession.staff_id)
            .where(
                StaffSession.token_sha256 == digest_of(token),
                StaffSession.ended_at.is_(None),
                StaffSession.created_at > now - ABSOLUTE_LIMIT,
                StaffSession.last_seen_at > now - IDLE_LIMIT,
                Staff.disabled_at.is_(None),
            )
        ).one_or_none()
    if found is None:
        return None
    own, staff = found
    if own.last_seen_at < now - SEEN_STEP:
        with database.writing() as session:
            session.execute(
                update(StaffSession).where(StaffSession.id == own.id).values(last_seen_at=now)
            )
    return colleague_of(staff)


def sign_out(database: Database, actor: Actor, now: dt.datetime, *, token: str | None) -> None:
    """End one session, or with no token every session of the person."""
    ended = update(StaffSession).where(
        StaffSession.staff_id == actor.id, StaffSession.ended_at.is_(None)
    )
    if token is not None:
        ended = ended.where(StaffSession.token_sha256 == digest_of(token))
    with database.writing() as session:
        session.execute(ended.values(ended_at=now))
        record(session, actor, now, "staff.sign_out", everywhere=token is None)


def set_second_factor(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    secret: str | None,
    code: str,
    password: str,
) -> None:
    """Set the second factor, shown to work by a code; None takes it away.

    Raises
    ------
    RefusedError
        The password or the code is not right.
    """
    with database.writing() as session:
        staff = own_row(session, actor)
        if not is_password(staff.password_hash, password):
            raise RefusedError("The password is wrong.", field="password")
        staff.totp_secret, staff.totp_last_step = secret, 0
        if secret is not None and not _is_code(staff, code, now):
            raise RefusedError(
                "The code is wrong; wait for the next one and try again.", field="code"
            )
        record(session, actor, now, "staff.second_factor", is_set=secret is not None)


def _is_code(staff: Staff, code: str, now: dt.datetime) -> bool:
    """Check the second factor; each code works once (RFC 6238, section 5.2)."""
    if staff.totp_secret is None:
        return True
    totp = pyotp.TOTP(staff.totp_secret)
    for step in (0, -1):
        at = int(now.timestamp()) // totp.interval + step
        if at > staff.totp_last_step and pyotp.utils.strings_equal(
            totp.generate_otp(at), code.strip().replace(" ", "")
        ):
            staff.totp_last_step = at
            return True
    return False
