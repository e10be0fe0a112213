"""The commands ``db`` and ``staff``, as somebody types them."""

from __future__ import annotations

import datetime as dt
import re
import socket
import sqlite3
from pathlib import Path
from threading import Timer

import pyotp
import pytest

from tests.webui.conftest import NOON, PASSWORD, Clock
from webui.cli import main
from webui.commands import _check_address
from webui.operations import accounts, sessions
from webui.operations.log import SYSTEM
from webui.store import Database


@pytest.fixture
def home(tmp_path: Path, empty_sqlite: bytes, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A server's folder with one administrator, who has a second factor."""
    own = tmp_path / "home"
    own.mkdir()
    (own / "company-dating.db").write_bytes(empty_sqlite)
    monkeypatch.setenv("COMPANY_DATING_HOME", str(own))
    monkeypatch.delenv("COMPANY_DATING_DATABASE", raising=False)
    database = opened(own)
    token = accounts.invite(database, SYSTEM, NOON, email="ida@au.dk", role="administrator")
    ida = accounts.accept_invitation(
        database, NOON, token=token, name="Ida", email="", password=PASSWORD
    )
    secret = pyotp.random_base32()
    sessions.set_second_factor(
        database,
        ida.actor,
        NOON,
        secret=secret,
        code=pyotp.TOTP(secret).at(NOON),
        password=PASSWORD,
    )
    database.close()
    return own


def opened(home: Path) -> Database:
    return Database(f"sqlite:///{home / 'company-dating.db'}")


def can_sign_in(home: Path, password: str = PASSWORD) -> bool:
    database = opened(home)
    try:
        sessions.sign_in(database, Clock()(), email="ida@au.dk", password=password)
    except accounts.RefusedError:
        return False
    finally:
        database.close()
    return True


def test_who_lost_the_second_factor_gets_in_again(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not can_sign_in(home)
    assert main(["staff", "reset-second-factor", "IDA@au.dk"]) == 0
    assert can_sign_in(home)
    assert "second factor" in capsys.readouterr().out


def test_who_forgot_the_password_gets_a_new_one(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["staff", "reset-second-factor", "ida@au.dk"])
    capsys.readouterr()
    assert main(["staff", "reset-password", "ida@au.dk"]) == 0
    password = capsys.readouterr().out.split()[-1]
    assert not can_sign_in(home)
    assert can_sign_in(home, password)


def test_the_only_administrator_is_not_closed(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["staff", "disable", "ida@au.dk"]) == 1
    assert "only administrator" in capsys.readouterr().err
    assert main(["staff", "invite", "bo@au.dk", "--role", "administrator"]) == 0
    found = re.search(r"/join/(\S+)", capsys.readouterr().out)
    assert found
    database = opened(home)
    accounts.accept_invitation(
        database, dt.datetime.now(dt.UTC), token=found[1], name="Bo", email="", password=PASSWORD
    )
    database.close()
    assert main(["staff", "disable", "ida@au.dk"]) == 0
    main(["staff", "list"])
    assert "ida@au.dk\tIda\tclosed" in capsys.readouterr().out
    assert main(["staff", "enable", "ida@au.dk", "--role", "desk"]) == 0
    main(["staff", "list"])
    assert "ida@au.dk\tIda\tdesk" in capsys.readouterr().out


def test_nobody_is_a_clear_error(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for action in ("enable", "disable", "reset-second-factor", "reset-password"):
        assert main(["staff", action, "eve@au.dk"]) == 1
        assert "Nobody has an account with the address eve@au.dk." in capsys.readouterr().err


def test_backup_and_restore(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "backup.zip"
    assert main(["db", "backup", str(file)]) == 0
    assert main(["db", "restore", str(file)]) == 1
    assert "Add --force" in capsys.readouterr().err
    assert main(["db", "restore", str(file), "--force"]) == 0
    monkeypatch.setenv("COMPANY_DATING_HOME", str(tmp_path / "new"))
    assert main(["db", "restore", str(file)]) == 0
    main(["staff", "list"])
    assert "ida@au.dk" in capsys.readouterr().out


def test_a_restore_of_no_file_is_a_clear_error(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["db", "restore", str(tmp_path / "none.zip")]) == 1
    assert "none.zip" in capsys.readouterr().err


def test_a_port_in_use_is_a_clear_error(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webui.commands.PORT_FREE_WITHIN_S", 0)
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert main(["serve", "--port", str(port)]) == 1
    said = capsys.readouterr()
    assert f"127.0.0.1:{port} cannot be listened on" in said.err
    assert "choose another port" in said.err
    assert said.out == ""


def test_the_port_of_a_server_that_is_ending_is_waited_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    other = socket.create_server(("127.0.0.1", 0))
    port = other.getsockname()[1]
    Timer(0.5, other.close).start()
    _check_address("127.0.0.1", port)
    assert f"Port {port} is taken; waiting" in capsys.readouterr().out


def test_check_tells_faults(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "check"]) == 0
    assert "No faults." in capsys.readouterr().out
    with sqlite3.connect(home / "company-dating.db") as connection:
        connection.execute(
            "insert into membership (event_id, staff_id) values (77, (select id from staff))"
        )
    connection.close()
    assert main(["db", "check"]) == 1
    assert "membership, row 1: refers to a row of event" in capsys.readouterr().err


def test_check_of_an_empty_database_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COMPANY_DATING_HOME", str(tmp_path / "new"))
    assert main(["db", "check"]) == 1
    assert "db upgrade" in capsys.readouterr().err
    assert main(["db", "upgrade"]) == 0
    assert main(["db", "check"]) == 0
