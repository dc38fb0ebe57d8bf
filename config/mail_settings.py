"""What an installation is told of mail: where letters leave, where what comes back is read.

A part of `settings.py`, which reads it with everything else. Documented in docs/settings.md.
"""

import re
import ssl
from enum import StrEnum
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings

from config.addresses import is_loopback

ADDRESS = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\]+")


class SmtpSecurity(StrEnum):
    """How the connection to the mail server is protected."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class MailSettings(BaseSettings):
    """Mail, as it leaves and as it comes back."""

    smtp_host: str = Field(
        default="", description="The mail server. Empty: letters are kept as files."
    )
    smtp_port: int = Field(default=25, ge=1, le=65535, description="The mail server's port.")
    smtp_security: SmtpSecurity = Field(
        default=SmtpSecurity.NONE, description="none, starttls or tls."
    )
    smtp_user: str = Field(default="", description="Sign-in name at the mail server, if it asks.")
    smtp_password: SecretStr = Field(
        default=SecretStr(""), description="Password at the mail server, if it asks."
    )
    mail_token_url: str = Field(
        default="",
        description="Where access tokens for the mail server and IMAP are fetched (OAuth2 client "
        "credentials, XOAUTH2). Empty: user and password.",
    )
    mail_client_id: str = Field(default="", description="Our name where tokens are fetched.")
    mail_client_secret: SecretStr = Field(
        default=SecretStr(""), description="Our password where tokens are fetched."
    )
    mail_token_scope: str = Field(
        default="https://outlook.office365.com/.default",
        description="What a token is asked for; the default is Exchange Online's.",
    )
    mail_ca_file: Path | None = Field(
        default=None,
        description="Certificates of an authority of your own, trusted beside the usual ones for "
        "mail: a PEM file.",
    )
    smtp_connections: int = Field(
        default=4, ge=1, le=32, description="How many connections to the mail server are kept open."
    )
    mail_from: str = Field(
        default="", description="The sender's address. Required when smtp_host is set."
    )
    mail_reply_to: str = Field(
        default="", description="Who gets the answers when somebody presses Reply."
    )
    bounce_address: str = Field(
        default="",
        description="Where reports of undelivered letters come. Empty: to the sender's address.",
    )
    bounces_maildir: Path | None = Field(
        default=None, description="A Maildir on this machine that those reports are read from."
    )
    bounces_imap_host: str = Field(
        default="", description="An IMAP server that those reports are read from, over TLS."
    )
    bounces_imap_port: int = Field(default=993, ge=1, le=65535, description="Its port, for TLS.")
    bounces_imap_user: str = Field(default="", description="Sign-in name at the IMAP server.")
    bounces_imap_password: SecretStr = Field(
        default=SecretStr(""), description="Password at the IMAP server."
    )
    bounces_imap_folder: str = Field(
        default="INBOX", min_length=1, description="The folder of the mailbox that is read."
    )
    reply_address: str = Field(
        default="",
        description="Where answers to letters come, with {} for each letter's own key. Empty: made "
        "of bounce_address.",
    )
    replies_checked_by: str = Field(
        default="",
        description="The name that the receiving mail server writes in Authentication-Results. "
        "Empty: every answer by mail waits for the process leader's yes.",
    )

    @model_validator(mode="after")
    def _leaves(self) -> Self:
        """A server has a sender, and a name there its password."""
        if self.smtp_host and not self.mail_from:
            raise ValueError("FOLJSAM_SMTP_HOST is set, so FOLJSAM_MAIL_FROM must be too")
        password = bool(self.smtp_password.get_secret_value())
        if bool(self.smtp_user) != password and not (self.smtp_user and self.mail_token_url):
            raise ValueError("FOLJSAM_SMTP_USER and FOLJSAM_SMTP_PASSWORD must be set together")
        return self

    @model_validator(mode="after")
    def _addresses(self) -> Self:
        """An address with a name around it would make every letter one that cannot be sent."""
        for name in ("mail_from", "mail_reply_to", "bounce_address"):
            if (value := getattr(self, name)) and not ADDRESS.fullmatch(value):
                raise ValueError(
                    f"FOLJSAM_{name.upper()} must be one e-mail address with nothing around it, "
                    "such as foljsam@example.org"
                )
        return self

    @model_validator(mode="after")
    def _reports(self) -> Self:
        """Reports of undelivered letters are read from one place, and told whose they are."""
        if self.bounces_imap_host and self.bounces_maildir:
            raise ValueError(
                "FOLJSAM_BOUNCES_IMAP_HOST and FOLJSAM_BOUNCES_MAILDIR are two places; choose one"
            )
        proves = self.bounces_imap_password.get_secret_value() or self.mail_token_url
        if self.bounces_imap_host and not (self.bounces_imap_user and proves):
            raise ValueError(
                "FOLJSAM_BOUNCES_IMAP_HOST is set, so FOLJSAM_BOUNCES_IMAP_USER and "
                "FOLJSAM_BOUNCES_IMAP_PASSWORD (or FOLJSAM_MAIL_TOKEN_URL) must be too"
            )
        return self

    @model_validator(mode="after")
    def _tokens(self) -> Self:
        """Tokens are fetched with a name and a password, so that nobody between reads them."""
        if self.mail_token_url:
            where = urlsplit(self.mail_token_url)
            if where.scheme != "https" and not is_loopback(where.hostname or ""):
                raise ValueError("FOLJSAM_MAIL_TOKEN_URL must begin with https://")
            if not (self.mail_client_id and self.mail_client_secret.get_secret_value()):
                raise ValueError(
                    "FOLJSAM_MAIL_TOKEN_URL needs FOLJSAM_MAIL_CLIENT_ID and "
                    "FOLJSAM_MAIL_CLIENT_SECRET"
                )
        if self.mail_ca_file is not None:
            try:
                ssl.create_default_context(cafile=self.mail_ca_file)
            except OSError as error:
                raise ValueError(
                    f"FOLJSAM_MAIL_CA_FILE: {self.mail_ca_file} is no readable file of "
                    "certificates (PEM)"
                ) from error
        return self

    @model_validator(mode="after")
    def _replies(self) -> Self:
        """Answers come to a mailbox that is read, each to the address of its letter."""
        if not self.reply_address:
            return self
        local, _, _ = self.reply_address.rpartition("@")
        whole = ADDRESS.fullmatch(self.reply_address.replace("{}", "1.a"))
        if local.count("{}") != 1 or self.reply_address.count("{}") != 1 or not whole:
            raise ValueError(
                "FOLJSAM_REPLY_ADDRESS must be one e-mail address with {} in it, before the @, "
                "such as svar+{}@example.org"
            )
        if not self.reads_a_mailbox:
            raise ValueError(
                "FOLJSAM_REPLY_ADDRESS is set, so the mailbox that answers come to must be read: "
                "set FOLJSAM_BOUNCES_IMAP_HOST or FOLJSAM_BOUNCES_MAILDIR"
            )
        return self

    @property
    def reads_a_mailbox(self) -> bool:
        """Is there a mailbox for what comes back?"""
        return bool(self.bounces_imap_host or self.bounces_maildir)
