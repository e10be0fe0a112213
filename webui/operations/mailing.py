"""Sending mail through the configured server."""

from __future__ import annotations

import smtplib
import ssl
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import make_msgid

from webui.config import Settings, Smtp
from webui.operations.log import RefusedError

TIMEOUT_S = 20
STARTED = 220
PERMANENT = 500
"""SMTP replies from here on stay the same when it is tried again (RFC 5321, section 4.2.1)."""


class DeliveryError(RefusedError):
    """A message that was not sent.

    Parameters
    ----------
    reason
        ``address``, ``recipient``, ``sign_in``, ``tls``, ``unreachable`` or ``server``.
    is_final
        Trying again would not help.
    """

    def __init__(self, reason: str, *, host: str = "", is_final: bool = False) -> None:
        super().__init__(
            "The mail server %(host)s did not take the message (%(kind)s).", host=host, kind=reason
        )
        self.reason, self.is_final = reason, is_final


def message(
    smtp: Smtp,
    *,
    to: str,
    subject: str,
    text: str,
    attachment: tuple[str, bytes] | None = None,
) -> EmailMessage:
    """Make a message to one address.

    Raises
    ------
    DeliveryError
        The address is not exactly one, or it or the subject has a line break in it.
    """
    own = EmailMessage()
    try:
        own["To"] = Address(addr_spec=to.strip())
        own["From"], own["Subject"] = smtp.sender, subject
    except (ValueError, IndexError, MessageError) as error:
        raise DeliveryError("address", host=smtp.host, is_final=True) from error
    own["Message-ID"] = make_msgid(domain=smtp.sender.rpartition("@")[2])
    own["Auto-Submitted"] = "auto-generated"
    own.set_content(text)
    if attachment is not None:
        name, content = attachment
        kind = "pdf" if name.endswith(".pdf") else "octet-stream"
        own.add_attachment(content, maintype="application", subtype=kind, filename=name)
    return own


def deliver(smtp: Smtp, mail: EmailMessage) -> None:
    """Hand a message to the mail server; without the encryption asked for nothing is sent.

    Raises
    ------
    DeliveryError
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
                _encrypt(server, context)
            if smtp.user:
                server.login(smtp.user, smtp.password)
            server.send_message(mail)
    except (OSError, ValueError) as error:  # smtplib's own errors are among the first
        reason, is_final = _reason(error)
        raise DeliveryError(reason, host=smtp.host, is_final=is_final) from error


def _encrypt(server: smtplib.SMTP, context: ssl.SSLContext) -> None:
    try:
        code, _words = server.starttls(context=context)
    except smtplib.SMTPException as error:
        raise ssl.SSLError(str(error)) from error
    if code != STARTED:
        raise ssl.SSLError(f"STARTTLS answered {code}")


def _reason(error: Exception) -> tuple[str, bool]:
    """Say why a message was not sent, and whether it is so for good."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _words in error.recipients.values()]
        return "recipient", all(code >= PERMANENT for code in codes)
    if isinstance(error, (ValueError, smtplib.SMTPNotSupportedError)):
        return "address", True  # letters that this server cannot take in an address
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "sign_in", False
    if isinstance(error, ssl.SSLError):
        return "tls", False
    if isinstance(error, smtplib.SMTPException):
        return "server", False
    return "unreachable", False


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
