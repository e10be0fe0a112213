"""Settings from the environment; the application does not start with unsafe ones."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

SHORTEST_KEY = 32
KNOWN_KEYS = frozenset({"changeme", "secret", "dev", "development", "test", "password"})
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
DEFAULT_PORT = 8000
SUBMISSION_PORT = 587


class ConfigError(Exception):
    """A setting with which it is not safe, or not possible, to start."""


@dataclass(frozen=True, slots=True)
class Smtp:
    """The mail server; ``security`` is ``starttls``, ``tls`` or ``none``."""

    host: str
    port: int
    user: str
    password: str
    sender: str
    security: str


@dataclass(frozen=True, slots=True)
class Settings:
    """What the application was started with.

    Parameters
    ----------
    home
        Folder of the database file, the secret key and everything else that is kept.
    base_url
        Address that people use, without a slash at its end; links in mails begin with it.
    smtp
        None: no mail is sent, mail-merge files are offered.
    proxies
        How many proxies in front may say who asked; 0 believes none.
    """

    home: Path
    database_url: str
    base_url: str
    secret_key: str
    secret_key_fallbacks: tuple[str, ...] = ()
    smtp: Smtp | None = None
    proxies: int = 0

    @property
    def is_tls(self) -> bool:
        """Whether people reach it over TLS."""
        return self.base_url.startswith("https://")

    @property
    def host(self) -> str:
        """Host that requests must name."""
        return urlsplit(self.base_url).hostname or ""


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings, and make the secret key on first use.

    Raises
    ------
    ConfigError
        A setting is unsafe or cannot be understood; says which and what to write.
    """
    given = os.environ if environment is None else environment
    home = Path(given.get("COMPANY_DATING_HOME", "var")).absolute()
    base_url = given.get("COMPANY_DATING_URL", f"http://127.0.0.1:{DEFAULT_PORT}").rstrip("/")
    _check_url(base_url)
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"COMPANY_DATING_HOME: {home} cannot be made ({error.strerror})"
        ) from error
    keys = [key for key in given.get("COMPANY_DATING_SECRET_KEY", "").split(",") if key]
    keys = keys or [_stored_key(home)]
    for key in keys:
        _check_key(key)
    return Settings(
        home=home,
        database_url=_database_url(given, home),
        base_url=base_url,
        secret_key=keys[0],
        secret_key_fallbacks=tuple(keys[1:]),
        smtp=_smtp(given),
        proxies=_whole(given, "COMPANY_DATING_PROXIES", 0),
    )


def _database_url(given: Mapping[str, str], home: Path) -> str:
    url = given.get("COMPANY_DATING_DATABASE", f"sqlite:///{home / 'company-dating.db'}")
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigError("COMPANY_DATING_DATABASE: write sqlite:///FILE or postgresql://...")
    return url


def _check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path:
        raise ConfigError(f"COMPANY_DATING_URL: '{url}' is no address such as https://dating.au.dk")
    if parts.scheme == "http" and parts.hostname not in LOOPBACK:
        raise ConfigError(
            f"COMPANY_DATING_URL: {url} is not encrypted; only this computer may be reached by "
            "http. Write https://, and let a server in front speak TLS"
        )


def _check_key(key: str) -> None:
    if len(key) < SHORTEST_KEY or key.casefold() in KNOWN_KEYS or len(set(key)) < 8:
        raise ConfigError(
            f"COMPANY_DATING_SECRET_KEY: too short or easy to guess; at least {SHORTEST_KEY} "
            "random letters, or leave it out: one is made and kept"
        )


def _stored_key(home: Path) -> str:
    """Read the key of this installation; the first start makes it."""
    path = home / "secret_key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    except OSError as error:
        raise ConfigError(f"{path} cannot be written ({error.strerror})") from error
    return path.read_text().strip()


def _smtp(given: Mapping[str, str]) -> Smtp | None:
    host = given.get("COMPANY_DATING_SMTP_HOST", "")
    if not host:
        return None
    sender = given.get("COMPANY_DATING_SMTP_SENDER", "")
    if "@" not in sender:
        raise ConfigError("COMPANY_DATING_SMTP_SENDER: the address that mails come from is missing")
    security = given.get("COMPANY_DATING_SMTP_SECURITY", "starttls")
    if security not in ("starttls", "tls", "none"):
        raise ConfigError("COMPANY_DATING_SMTP_SECURITY: write starttls, tls or none")
    if security == "none" and host not in LOOPBACK:
        raise ConfigError("COMPANY_DATING_SMTP_SECURITY: none is for this computer only")
    return Smtp(
        host,
        _whole(given, "COMPANY_DATING_SMTP_PORT", SUBMISSION_PORT),
        given.get("COMPANY_DATING_SMTP_USER", ""),
        given.get("COMPANY_DATING_SMTP_PASSWORD", ""),
        sender,
        security,
    )


def _whole(given: Mapping[str, str], name: str, otherwise: int) -> int:
    text = given.get(name, str(otherwise))
    if not text.isdecimal():
        raise ConfigError(f"{name}: '{text}' is not a whole number")
    return int(text)
