"""What `send` does and tells: every file for every address, what became of it, and how to send the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from shlex import join
from typing import Any

import click

from packager.cli.telling import print_json, progress_of, remark, size
from packager.delivery.mail.addresses import mailbox_of
from packager.delivery.mail.parcels import Enclosure
from packager.delivery.mail.passwords import Password
from packager.delivery.mail.sending import Outcome, State, deliver
from packager.delivery.mail.settings import MailSettings
from packager.errors import DeliveryError, ExitCode
from packager.model import Finding

_AFTER_KINDLE = (
    "Note: Amazon delivers only what comes from an address on your approved list (Content & Devices, Preferences, "
    "Personal Document Settings), and may ask you by mail to confirm within 48 hours."
)
_AFTER_POCKETBOOK = "Note: PocketBook delivers only what comes from a sender that you have allowed in your account."


@dataclass
class Item:
    """A file for an address, and what has become of it so far."""

    enclosure: Enclosure
    recipient: str
    state: State = "unsent"
    reason: str = ""


class Sending:
    """All that one call is to send. `repeated` are the options that another call for the rest needs too."""

    def __init__(
        self,
        settings: MailSettings,
        enclosures: Sequence[Enclosure],
        recipients: Sequence[str],
        findings: dict[Path, list[Finding]],
        repeated: Sequence[str],
    ) -> None:
        self.settings = settings
        self.items = [Item(enclosure, recipient) for recipient in recipients for enclosure in enclosures]
        self._enclosures = enclosures
        self._recipients = recipients
        self._findings = findings
        self._repeated = repeated

    @property
    def server(self) -> str:
        """The server in a sentence."""
        kind = "unencrypted, on this machine" if self.settings.tls == "none" else "encrypted"
        return f"{self.settings.server}, port {self.settings.port} ({kind})"

    def run(self, password: Password | None, as_json: bool, quiet: bool) -> int:
        """Send, tell of each file what became of it, and how to send what was not; gives the exit code."""
        to = ", ".join(self._recipients)
        remark(f"Sending to {to} from {self.settings.sender} by {self.server}.", quiet)
        interrupted = False
        try:
            with progress_of("Sending", quiet) as progress:
                for outcome in deliver(self.settings, password, self._enclosures, self._recipients, progress):
                    self._note(outcome)
        except KeyboardInterrupt:
            interrupted = True
        except DeliveryError as error:
            if not as_json:
                raise
            for item in self.items:
                item.reason = str(error)
        if as_json:
            print_json(self.as_json())
        else:
            self._tell(quiet)
        if interrupted:
            remark("Interrupted.")
            return ExitCode.INTERRUPTED
        return ExitCode.GOOD if all(item.state == "sent" for item in self.items) else ExitCode.DELIVERY

    def as_json(self) -> dict[str, Any]:
        """Everything as one object."""
        return {
            "from": self.settings.sender,
            "server": self.settings.server,
            "port": self.settings.port,
            "items": [
                {
                    "slug": item.enclosure.slug,
                    "product": item.enclosure.product,
                    "file": str(item.enclosure.path),
                    "bytes": item.enclosure.size,
                    "to": item.recipient,
                    "state": item.state,
                    "reason": item.reason,
                }
                for item in self.items
            ],
            "preflight": [
                {"file": str(file), "findings": [asdict(one) for one in some]} for file, some in self._findings.items()
            ],
            "repeat": self._commands("unsent", "refused"),
            "repeat_if_not_arrived": self._commands("unknown"),
        }

    def _note(self, outcome: Outcome) -> None:
        for item in self.items:
            if item.recipient == outcome.recipient and item.enclosure in outcome.parcel.enclosures:
                item.state = outcome.state
                item.reason = str(outcome.error or "")

    def _tell(self, quiet: bool) -> None:
        told = set()
        for item in self.items:
            name = f"{item.enclosure.path.name} ({size(item.enclosure.size)})"
            if item.state == "sent":
                if not quiet:
                    click.echo(f"{name} sent to {item.recipient}.")
                continue
            doubt = item.state == "unknown"
            click.echo(f"{name} {'perhaps sent' if doubt else 'NOT sent'} to {item.recipient}.")
            if item.reason and item.reason not in told:
                remark(f"Error: {item.reason}")
                told.add(item.reason)
        for command in self._commands("unsent", "refused"):
            remark(f"When the cause is removed, send the rest with: {command}")
        for command in self._commands("unknown"):
            remark(f"Look whether it arrived; only if it did not: {command}")
        self._remind(quiet)

    def _remind(self, quiet: bool) -> None:
        kinds = {mailbox_of(item.recipient).kind for item in self.items if item.state in ("sent", "unknown")}
        if "kindle" in kinds:
            remark(_AFTER_KINDLE, quiet)
        if "pocketbook" in kinds:
            remark(_AFTER_POCKETBOOK, quiet)

    def _commands(self, *states: State) -> list[str]:
        """How to send what is in one of these states, and nothing else."""
        if not any(item.state in ("sent", "unknown") for item in self.items):
            # The same call again does it.
            return []
        wanted: dict[tuple[str, str], list[str]] = {}
        for item in self.items:
            if item.state in states:
                wanted.setdefault((item.recipient, item.enclosure.product), []).append(item.enclosure.slug)
        addresses: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for (recipient, product), slugs in wanted.items():
            addresses.setdefault((product, tuple(slugs)), []).append(recipient)
        commands = []
        for (product, these), recipients in addresses.items():
            to = [word for recipient in recipients for word in ("--to", recipient)]
            which = [] if product == "epub" else ["--product", product]
            commands.append(join(["packager", "send", *these, *to, *which, *self._repeated]))
        return commands
