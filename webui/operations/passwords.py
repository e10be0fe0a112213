"""Passwords: refused when weak, kept as argon2id hashes."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from zxcvbn import zxcvbn

from webui.operations.log import RefusedError
from webui.operations.secrets import new_token

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
WEAKEST_SCORE = 3
"""Of 4: safe from 10^8 guesses (Wheeler 2016); lists of common passwords are part of it."""

_HASHER = PasswordHasher()
NO_ONE = _HASHER.hash(new_token())
"""Checked when nobody has the address, so that the answer takes as long."""


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


def hash_of(password: str) -> str:
    """Digest of a password, as it is stored."""
    return _HASHER.hash(password)


def is_password(hashed: str, password: str) -> bool:
    """Whether a password is the one of a hash."""
    try:
        return _HASHER.verify(hashed, password[:LONGEST_PASSWORD])
    except (Argon2Error, InvalidHashError):
        return False
