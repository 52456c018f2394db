"""`flask mail`: receives mails, each piped into it by the mail server."""

import sys

import click
import structlog
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from portal.communication.inbound_mail import commands
from portal.communication.inbound_mail.commands import ReplyOutcome
from portal.communication.inbound_mail.mail_documents import UnreadableMail, parse_mail, read_addresses
from portal.platform.kernel.database import read_only_transaction, transaction
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.tokens import TokenSealer

log = structlog.get_logger("portal")

BYTES_MAX = 10 * 1024 * 1024
# Exit codes of sysexits.h: the mail server bounces the mail, or retries.
EXIT_NO_USER, EXIT_UNREADABLE, EXIT_TRY_AGAIN = 67, 65, 75

group = AppGroup("mail", help="Mails that come in.")


@group.command("receive")
@click.option("--recipient", multiple=True, help="The address it was sent to, as the server says.")
def receive(recipient: tuple[str, ...]) -> None:
    """Receive a mail from standard input; exit with 67 for an unknown address."""
    settings = get_service(Settings)
    raw = sys.stdin.buffer.read(BYTES_MAX + 1)
    if len(raw) > BYTES_MAX:
        raise SystemExit(EXIT_UNREADABLE)
    sealer, domain = get_service(TokenSealer), settings.reply_domain
    try:
        with read_only_transaction():
            is_known = commands.is_reply_address(sealer, domain, read_addresses(raw, recipient))
        outcome = ReplyOutcome.UNKNOWN
        if is_known:  # nothing else of a stranger's mail is parsed
            mail = parse_mail(raw, recipient)
            with transaction():
                outcome = commands.receive_reply(sealer, domain, mail)
    except UnreadableMail as broken:
        log.warning("mail not read", fault=str(broken))
        raise SystemExit(EXIT_UNREADABLE) from None
    except (DBAPIError, PoolTimeout) as away:
        log.warning("mail not taken in", fault=type(away).__name__)
        raise SystemExit(EXIT_TRY_AGAIN) from None
    log.info("mail in", outcome=outcome.value)
    if outcome is ReplyOutcome.UNKNOWN:
        click.echo("No such address, or its notification is too old to reply to.", err=True)
        raise SystemExit(EXIT_NO_USER)
