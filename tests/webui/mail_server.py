"""A mail server for tests, on this machine: it keeps what it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from webui.config import Smtp

HOST = "127.0.0.1"


@dataclass
class Inbox:
    """Takes mail; answers as told to addresses that it does not like."""

    mails: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    smtp: Smtp | None = None

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        mail = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append((list(envelope.rcpt_tos), mail))
        return "250 OK"

    def link(self, number: int = -1) -> str:
        """The personal link in a mail: its path."""
        found = re.search(r"http://127\.0\.0\.1(/s/\S+)", self.text(number))
        assert found, self.text(number)
        return found[1]

    def text(self, number: int = -1) -> str:
        return str(self.mails[number][1].get_content()).replace("\r\n", "\n")


class _AnyPort(Controller):
    """Listens on a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(security: str = "none") -> Iterator[Inbox]:
    """Run a server that speaks no TLS."""
    inbox = Inbox()
    server = _AnyPort(inbox, hostname=HOST, port=0)
    server.start()
    try:
        inbox.smtp = Smtp(HOST, server.port, "", "", "Company Dating <dating@au.dk>", security)
        yield inbox
    finally:
        server.stop()
