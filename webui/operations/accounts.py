"""Staff accounts: the first administrator, invitations, one's own account."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from webui.operations.log import (
    SYSTEM,
    Actor,
    ActorKind,
    NotFoundError,
    RefusedError,
    record,
)
from webui.operations.passwords import check_password, hash_of, is_password
from webui.operations.secrets import digest_of, new_token
from webui.store import ROLES, Database, EventRow, Invitation, Membership, Staff

INVITATION_LASTS = dt.timedelta(days=7)
SET_UP_LASTS = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Given:
    """Which events a colleague is given: every one, or those of these keys."""

    is_all: bool
    keys: frozenset[str] = frozenset()


EVERY_EVENT = Given(is_all=True)


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
    sees_all: bool = True

    @property
    def actor(self) -> Actor:
        """Who acts when they do."""
        return Actor(ActorKind.STAFF, self.id)


def has_staff(database: Database) -> bool:
    """Whether anybody has an account yet."""
    with database.reading() as session:
        return session.scalar(select(Staff.id).limit(1)) is not None


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
        invitation = Invitation(role="administrator", expires_at=now + SET_UP_LASTS)
        return _invite(session, SYSTEM, now, invitation)


def invite(
    database: Database,
    actor: Actor,
    now: dt.datetime,
    *,
    email: str,
    role: str,
    given: Given = EVERY_EVENT,
) -> str:
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
        invitation = Invitation(
            email=email,
            role=role,
            sees_all=given.is_all,
            event_ids=ids_of(session, given),
            expires_at=now + INVITATION_LASTS,
        )
        return _invite(session, actor, now, invitation)


def _invite(session: Session, actor: Actor, now: dt.datetime, invitation: Invitation) -> str:
    token = new_token()
    invitation.token_sha256, invitation.created_at = digest_of(token), now
    session.add(invitation)
    session.flush()
    record(
        session,
        actor,
        now,
        "staff.invite",
        role=invitation.role,
        every_event=invitation.sees_all,
        events=invitation.event_ids,
    )
    return token


def ids_of(session: Session, given: Given) -> list[int]:
    """Rows of the events that are given by key, within a transaction."""
    if given.is_all:
        return []
    found = session.execute(select(EventRow.id, EventRow.key).order_by(EventRow.id))
    return [event_id for event_id, key in found if key in given.keys]


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
    hashed = hash_of(password)
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
            sees_all=invitation.sees_all,
            language=language,
            password_hash=hashed,
            created_at=now,
        )
        session.add(staff)
        session.flush()
        there = select(EventRow.id).where(EventRow.id.in_(invitation.event_ids))
        for event_id in session.scalars(there).all():
            session.add(Membership(event_id=event_id, staff_id=staff.id))
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
        staff.sees_all,
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
        staff = own_row(session, actor)
        if new_password:
            if not is_password(staff.password_hash, old_password):
                raise RefusedError("The old password is wrong.", field="old_password")
            staff.password_hash = hash_of(new_password)
        staff.name = name
        staff.language = "da" if language == "da" else "en"
        record(session, actor, now, "staff.change_account", password=bool(new_password))


def change_language(database: Database, actor: Actor, now: dt.datetime, *, language: str) -> None:
    """Change the language of one's own pages and mails."""
    with database.writing() as session:
        staff = own_row(session, actor)
        staff.language = "da" if language == "da" else "en"
        record(session, actor, now, "staff.change_language", language=staff.language)


def own_row(session: Session, actor: Actor) -> Staff:
    """Row of the colleague who acts."""
    staff = session.get(Staff, actor.id)
    if staff is None:
        raise NotFoundError
    return staff
