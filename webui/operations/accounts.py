"""Staff accounts: the first administrator, invitations, signing in and out, second factor."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from zxcvbn import zxcvbn

from webui.operations.log import (
    NOBODY,
    SYSTEM,
    Actor,
    ActorKind,
    NotFoundError,
    RefusedError,
    record,
)
from webui.operations.secrets import digest_of, new_token
from webui.store import ROLES, Database, Invitation, Staff, StaffSession

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
WEAKEST_SCORE = 3
"""Of 4: safe from 10^8 guesses (Wheeler 2016); lists of common passwords are part of it."""
INVITATION_LASTS = dt.timedelta(days=7)
SET_UP_LASTS = dt.timedelta(hours=24)
IDLE_LIMIT = dt.timedelta(hours=2)
ABSOLUTE_LIMIT = dt.timedelta(hours=12)
SEEN_STEP = dt.timedelta(minutes=1)
"""Being seen is written down at most this often."""
FAILURES_BEFORE_LOCK = 10
LOCK_LASTS = dt.timedelta(minutes=15)

_HASHER = PasswordHasher()
_NO_ONE = _HASHER.hash(new_token())
"""Checked when nobody has the address, so that the answer takes as long."""

SIGN_IN_REFUSED = "The e-mail address, the password or the code is not right."


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff as pages show them."""

    id: int
    email: str
    name: str
    role: str
    language: str
    has_second_factor: bool
    is_disabled: bool = False

    @property
    def actor(self) -> Actor:
        """Who acts when they do."""
        return Actor(ActorKind.STAFF, self.id)


def offer_set_up(database: Database, now: dt.datetime) -> str | None:
    """Make the token of the first run; None once there is staff.

    An earlier token ends, so the one printed last is the one that works.
    """
    with database.writing() as session:
        if session.scalar(select(func.count()).select_from(Staff)):
            return None
        session.execute(
            update(Invitation)
            .where(Invitation.email.is_(None), Invitation.used_at.is_(None))
            .values(expires_at=now)
        )
        return _invite(session, SYSTEM, now, None, "administrator", SET_UP_LASTS)


def invite(database: Database, actor: Actor, now: dt.datetime, *, email: str, role: str) -> str:
    """Invite a colleague; the token is for the mail and is not stored.

    Raises
    ------
    RefusedError
        The address is not one, has an account, or the role is unknown.
    """
    email = clean_email(email)
    if role not in ROLES:
        raise RefusedError("Choose a role.", field="role")
    with database.writing() as session:
        if session.scalar(select(Staff.id).where(Staff.email == email)):
            raise RefusedError("%(email)s already has an account.", field="email", email=email)
        return _invite(session, actor, now, email, role, INVITATION_LASTS)


def _invite(
    session: Session,
    actor: Actor,
    now: dt.datetime,
    email: str | None,
    role: str,
    lasts: dt.timedelta,
) -> str:
    token = new_token()
    session.add(
        Invitation(
            email=email,
            role=role,
            token_sha256=digest_of(token),
            created_at=now,
            expires_at=now + lasts,
        )
    )
    record(session, actor, now, "staff.invite", role=role)
    return token


def open_invitation(database: Database, now: dt.datetime, token: str) -> Invitation:
    """Find the invitation of a token.

    Raises
    ------
    NotFoundError
        There is none, it was used, or its time is over.
    """
    with database.reading() as session:
        return _open_invitation(session, now, token)


def _open_invitation(session: Session, now: dt.datetime, token: str) -> Invitation:
    found = session.scalar(select(Invitation).where(Invitation.token_sha256 == digest_of(token)))
    if found is None or found.used_at is not None or found.expires_at <= now:
        raise NotFoundError
    if found.email is None and session.scalar(select(Staff.id).limit(1)):
        raise NotFoundError
    return found


def accept_invitation(
    database: Database,
    now: dt.datetime,
    *,
    token: str,
    name: str,
    email: str,
    password: str,
    language: str = "en",
) -> Colleague:
    """Make the account of an invitation, once.

    Raises
    ------
    NotFoundError
        The invitation does not open any more.
    RefusedError
        The name, the address or the password cannot be taken.
    """
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    if not name:
        raise RefusedError("Write your name.", field="name")
    check_password(password)
    hashed = _HASHER.hash(password)
    with database.writing() as session:
        invitation = _open_invitation(session, now, token)
        address = invitation.email or clean_email(email)
        if session.scalar(select(Staff.id).where(Staff.email == address)):
            raise RefusedError("%(email)s already has an account.", field="email", email=address)
        invitation.used_at = now
        staff = Staff(
            email=address,
            name=name,
            role=invitation.role,
            language=language,
            password_hash=hashed,
            created_at=now,
        )
        session.add(staff)
        session.flush()
        record(session, Actor(ActorKind.STAFF, staff.id), now, "staff.join", role=staff.role)
        return colleague_of(staff)


def clean_email(text: str) -> str:
    """Lower-case an address.

    Raises
    ------
    RefusedError
        It has not the form of one.
    """
    email = text.strip().casefold()
    local, at, domain = email.rpartition("@")
    if not at or not local or "." not in domain or any(c.isspace() or c < " " for c in email):
        raise RefusedError(
            "'%(email)s' is not an e-mail address.", field="email", email=text.strip()[:80]
        )
    return email


def check_password(password: str) -> None:
    """Refuse a password that is short, or common and easy to guess."""
    if len(password) < SHORTEST_PASSWORD:
        raise RefusedError(
            "A password has at least %(least)s characters; a sentence is easy to remember.",
            field="password",
            least=SHORTEST_PASSWORD,
        )
    if len(password) > LONGEST_PASSWORD:
        raise RefusedError(
            "A password has at most %(most)s characters.", field="password", most=LONGEST_PASSWORD
        )
    if zxcvbn(password, max_length=LONGEST_PASSWORD)["score"] < WEAKEST_SCORE:
        raise RefusedError(
            "This password is among those that are tried first. Choose another.",
            field="password",
        )


def hashed(password: str) -> str:
    """Digest of a password, as it is stored."""
    return _HASHER.hash(password)


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
    is_right = _is_password(staff.password_hash if staff else _NO_ONE, password)
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


def _is_password(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password[:LONGEST_PASSWORD])
    except (Argon2Error, InvalidHashError):
        return False


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


def colleague_of(staff: Staff) -> Colleague:
    """Make what pages show of an account."""
    return Colleague(
        staff.id,
        staff.email,
        staff.name,
        staff.role,
        staff.language,
        staff.totp_secret is not None,
        staff.disabled_at is not None,
    )


def change_account(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    name: str,
    language: str,
    old_password: str,
    new_password: str,
) -> None:
    """Change one's own name, language and, when a new one is given, password.

    Other sessions end with a new password.

    Raises
    ------
    RefusedError
        No name, or the old password is wrong, or the new one cannot be taken.
    """
    name = unicodedata.normalize("NFC", " ".join(name.split()))
    if not name:
        raise RefusedError("Write your name.", field="name")
    if new_password:
        check_password(new_password)
    with database.writing() as session:
        staff = _own(session, actor)
        if new_password:
            if not _is_password(staff.password_hash, old_password):
                raise RefusedError("The old password is not right.", field="old_password")
            staff.password_hash = _HASHER.hash(new_password)
        staff.name = name
        staff.language = "da" if language == "da" else "en"
        record(session, actor, now, "staff.change_account", password=bool(new_password))


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
        staff = _own(session, actor)
        if not _is_password(staff.password_hash, password):
            raise RefusedError("The password is not right.", field="password")
        staff.totp_secret, staff.totp_last_step = secret, 0
        if secret is not None and not _is_code(staff, code, now):
            raise RefusedError(
                "The code is not right; wait for the next one and try again.", field="code"
            )
        record(session, actor, now, "staff.second_factor", is_set=secret is not None)


def list_colleagues(database: Database) -> list[Colleague]:
    """Everybody with an account, by name."""
    with database.reading() as session:
        return [
            colleague_of(staff) for staff in session.scalars(select(Staff).order_by(Staff.name))
        ]


def change_colleague(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    staff_id: int,
    role: str,
    is_disabled: bool,
) -> None:
    """Change a colleague's role, or close the account; its sessions end.

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
        if is_disabled:
            session.execute(
                update(StaffSession)
                .where(StaffSession.staff_id == staff_id, StaffSession.ended_at.is_(None))
                .values(ended_at=now)
            )
        record(session, actor, now, "staff.change", staff=staff_id, role=role, disabled=is_disabled)


def _own(session: Session, actor: Actor) -> Staff:
    staff = session.get(Staff, actor.id)
    if staff is None:
        raise NotFoundError
    return staff
