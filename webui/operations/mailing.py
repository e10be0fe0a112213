"""Sending mail through the configured server."""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import make_msgid

from webui.config import Settings, Smtp
from webui.operations.log import RefusedError

TIMEOUT_S = 20


def message(
    smtp: Smtp,
    *,
    to: str,
    subject: str,
    text: str,
    attachment: tuple[str, bytes] | None = None,
) -> EmailMessage:
    """Make a message; line breaks in an address or a subject are refused by the library."""
    own = EmailMessage()
    own["From"], own["To"], own["Subject"] = smtp.sender, to, subject
    own["Message-ID"] = make_msgid(domain=smtp.sender.rpartition("@")[2])
    own["Auto-Submitted"] = "auto-generated"
    own.set_content(text)
    if attachment is not None:
        name, content = attachment
        kind = "pdf" if name.endswith(".pdf") else "octet-stream"
        own.add_attachment(content, maintype="application", subtype=kind, filename=name)
    return own


def deliver(smtp: Smtp, mail: EmailMessage) -> None:
    """Hand a message to the mail server.

    Raises
    ------
    RefusedError
        The server cannot be reached, or does not take it; nothing of the message is in the text.
    """
    context = ssl.create_default_context()
    try:
        if smtp.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                smtp.host, smtp.port, timeout=TIMEOUT_S, context=context
            )
        else:
            server = smtplib.SMTP(smtp.host, smtp.port, timeout=TIMEOUT_S)
        with server:
            if smtp.security == "starttls":
                server.starttls(context=context)
            if smtp.user:
                server.login(smtp.user, smtp.password)
            server.send_message(mail)
    except (OSError, smtplib.SMTPException) as error:
        raise RefusedError(
            "The mail server %(host)s did not take the message (%(kind)s).",
            host=smtp.host,
            kind=type(error).__name__,
        ) from error


def send_invitation(settings: Settings, *, to: str, link: str) -> None:
    """Send a colleague the link to join.

    Raises
    ------
    RefusedError
        It could not be sent.
    """
    if settings.smtp is None:
        return
    text = (
        "Hello\n\nYou are invited to work on Company Dating. Open this link within seven days and "
        f"choose a password:\n\n{link}\n"
    )
    deliver(settings.smtp, message(settings.smtp, to=to, subject="Company Dating", text=text))
