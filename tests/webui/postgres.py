"""A PostgreSQL of its own for the tests, on a socket in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from webui.store import Database
from webui.store.schema import upgrade

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


class Cluster:
    """A private server; where the tests run as root it runs as another user, as it must."""

    def __init__(self, folder: Path) -> None:
        self._folder = Path("/tmp") / f"cd-{os.getpid()}-{folder.name}"
        self._has_second = False
        self.url = f"postgresql+psycopg://postgres@/postgres?host={self._folder}"

    def start(self) -> None:
        if not PROGRAMS:
            raise RuntimeError("PostgreSQL is missing: run `make system`")
        self._folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            owner = pwd.getpwnam("nobody")
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
        where = str(self._folder / "cluster")
        self._run("initdb", "-D", where, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={self._folder} -c fsync=off"
        self._run("pg_ctl", "-D", where, "-o", options, "-w", "-l", f"{where}.log", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", str(self._folder / "cluster"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._folder)

    def second_url(self) -> str:
        """Another database in the same server, made when it is first asked for."""
        if not self._has_second:
            self._run("createdb", "-h", str(self._folder), "-U", "postgres", "second")
            database = Database(self.url.replace("@/postgres", "@/second"))
            upgrade(database)
            database.close()
            self._has_second = True
        return self.url.replace("@/postgres", "@/second")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(PROGRAMS[-1] / program), *arguments],
            check=True,
            user="nobody" if os.geteuid() == 0 else None,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
        )
