"""packager send: books by mail."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from packager.cli.options import json_option, quiet_option
from packager.cli.telling import print_json, remark, size
from packager.delivery.mail.addresses import SENDABLE
from packager.errors import DeliveryError, ExitCode, UsageError

if TYPE_CHECKING:
    from packager.delivery.mail.parcels import Enclosure
    from packager.delivery.mail.settings import MailSettings
    from packager.model import Finding

_SETTINGS = ("from", "server", "user", "tls")


@click.command("send")
@click.argument("slugs", nargs=-1, metavar="SLUG...")
@click.option("--to", multiple=True, metavar="ADDRESS", help="Who gets it; may be given several times.")
@click.option("--from", metavar="ADDRESS", help="Your own address.")
@click.option("--server", metavar="HOST[:PORT]", help="Server that takes your mail; known for large providers.")
@click.option("--user", metavar="NAME", help="Name to log in with, when it is not your address; '' for no login.")
@click.option("--tls", metavar="KIND", help="starttls, or implicit as on port 465; none is for this machine alone.")
@click.option(
    "--product",
    "products",
    multiple=True,
    type=click.Choice(SENDABLE),
    help="What to send; the EPUB with the text alone when not given.",
)
@click.option("-o", "--output", metavar="FOLDER", help="Where the books are; “build” when not given.")
@click.option("--anyway", is_flag=True, help="Send to a Kindle also what Amazon is known to refuse.")
@click.option("--save-password", is_flag=True, help="Ask for the password and store it in the keyring; send nothing.")
@click.option("--dry-run", is_flag=True, help="Say what would be sent, and send nothing.")
@json_option
@quiet_option
def command(slugs: tuple[str, ...], **options: Any) -> int:
    """Mail books that were built: to a Kindle, a PocketBook, or anybody.

    SLUG is the name of a book's folder in “build”. Sender and server stand in mail.toml in your settings' folder, see
    docs/sending.md, or are given here. The password comes from the keyring (see --save-password), from
    PACKAGER_MAIL_PASSWORD, or is asked for.

    Before a book goes to a Kindle it is searched for what Amazon is known to refuse.
    """
    from packager.delivery.mail.settings import load_mail_settings

    if options["save_password"]:
        return _save_password(load_mail_settings({name: options[name] for name in _SETTINGS}), options["quiet"])
    return _send(slugs, options)


def _send(slugs: tuple[str, ...], options: dict[str, Any]) -> int:
    from packager.cli.sent import Sending
    from packager.delivery.mail.addresses import plain_addresses
    from packager.delivery.mail.parcels import enclosures_of, refuse_what_no_mailbox_takes
    from packager.delivery.mail.passwords import find_password
    from packager.delivery.mail.settings import load_mail_settings
    from packager.delivery.shelf import chosen_books, read_shelf
    from packager.pipeline.settings import load_settings

    quiet, as_json = options["quiet"], options["as_json"]
    if not slugs:
        raise UsageError("It is not said which book to send.", "Name the folder of one in “build”.")
    if not (recipients := plain_addresses(options["to"])):
        raise UsageError("It is not said to whom to send.", "Give --to ADDRESS.")
    folder = Path(options["output"] or load_settings(Path("content"), {}).output)
    books = chosen_books(read_shelf(folder), slugs)
    enclosures = enclosures_of(books, tuple(dict.fromkeys(options["products"])) or ("epub",))
    refuse_what_no_mailbox_takes(enclosures, recipients)
    settings = load_mail_settings({name: options[name] for name in _SETTINGS})
    findings = _preflight(enclosures, recipients)
    if not as_json:
        _tell_findings(findings, quiet)
    sending = Sending(settings, enclosures, recipients, findings, _repeated(options))
    if bad := [one.path.name for one in enclosures if _has_errors(findings.get(one.path, []))]:
        if not options["anyway"]:
            if as_json:
                print_json(sending.as_json())
            raise DeliveryError(
                f"“{bad[0]}” has faults for which Amazon refuses books; nothing was sent.",
                "Correct them, or send it nevertheless: --anyway",
            )
        remark("Note: it is sent although Amazon is likely to refuse it.", quiet)
    if options["dry_run"]:
        return _tell_plan(sending, as_json)
    password = find_password(settings, _ask if sys.stdin.isatty() else None, _telling(quiet))
    return sending.run(password, as_json, quiet)


def _save_password(settings: MailSettings, quiet: bool) -> int:
    from packager.delivery.mail.passwords import save_password

    keyring = save_password(settings, _ask if sys.stdin.isatty() else _read_line)
    remark(f"The password of {settings.user} at {settings.server} is in the keyring ({keyring}).", quiet)
    return ExitCode.GOOD


def _preflight(enclosures: list[Enclosure], recipients: tuple[str, ...]) -> dict[Path, list[Finding]]:
    """What Amazon holds against each book, where one goes to a Kindle."""
    from packager.delivery.mail.addresses import mailbox_of

    if not any(mailbox_of(recipient).kind == "kindle" for recipient in recipients):
        return {}
    from packager.delivery.mail.preflight import examine

    return {enclosure.path: examine(enclosure.path) for enclosure in enclosures}


def _tell_findings(findings: dict[Path, list[Finding]], quiet: bool) -> None:
    for file, some in findings.items():
        for finding in some:
            place = f" ({finding.place})" if finding.place else ""
            if finding.severity == "error" or not quiet:
                remark(f"{file.name}: {finding.severity}: {finding.code}: {finding.message}{place}")


def _has_errors(findings: list[Finding]) -> bool:
    return any(finding.severity == "error" for finding in findings)


def _tell_plan(sending: Any, as_json: bool) -> int:
    if as_json:
        print_json(sending.as_json())
        return ExitCode.GOOD
    for item in sending.items:
        click.echo(f"{item.enclosure.path} ({size(item.enclosure.size)}) would be sent to {item.recipient}.")
    click.echo(f"From {sending.settings.sender} by {sending.server}.")
    return ExitCode.GOOD


def _repeated(options: dict[str, Any]) -> list[str]:
    """The options of this call that hold for the next one too."""
    words: list[str] = []
    for name in (*_SETTINGS, "output"):
        if options[name] is not None:
            words += [f"--{name}", options[name]]
    return [*words, "--anyway"] if options["anyway"] else words


def _telling(quiet: bool) -> Callable[[str], None]:
    return lambda text: remark(text, quiet)


def _ask(question: str) -> str:
    """What is typed, which the terminal does not show."""
    answer: str = click.prompt(question, hide_input=True, default="", show_default=False, err=True)
    return answer


def _read_line(question: str) -> str:
    """A password that another program hands over, a password manager for instance."""
    return sys.stdin.readline().rstrip("\r\n")
