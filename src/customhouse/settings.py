"""What can be configured, read once from the environment into one frozen value.

Everything has a default that works on one machine with nothing configured. Secrets that nobody
configured are made at first use and kept in files that only their owner may read. This module
opens no database and starts nothing.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from difflib import get_close_matches
from pathlib import Path
from typing import Literal, cast, get_args

from customhouse.faults import Fault, Refused, declare
from customhouse.formats.txp_profile import CUSTOMS_PROFILE, TxpProfile, profile_from_json
from customhouse.identifiers import IdentifierError, RoutingNumber

Side = Literal["agency", "bank"]
SIDES: tuple[Side, ...] = get_args(Side)
ClockName = Literal["system", "rehearsal"]
FinalStatementPolicy = Literal["authorized", "treasury-confirmed"]
PrenotePolicy = Literal["required", "waived"]
DirectoryPolicy = Literal["when-loaded", "required"]
DebitCalendar = Literal["federal-reserve", "calendar-days-without-weekends"]

AGENCY_URL = "http://127.0.0.1:8700"
BANK_URL = "http://127.0.0.1:8701"
CUT_OFF = time(17, 0)
# The routing number passes its check digit; neither belongs to a bank.
COLLECTION_ROUTING = "123456780"
COLLECTION_ACCOUNT = "990000000001"
MAIL_SENDER = "notices@customhouse.example"

SETTING_WRONG = declare(
    "setting-wrong",
    sentence="The setting {name} is {value!r}; expected {expected}.",
    next_step="Set {name} to one of those, or leave it unset for its default.",
    http_status=500,
    exit_code=2,
)
DATA_FOLDER_UNUSED = declare(
    "data-folder-unused",
    sentence="The data folder {folder} holds no databases and no token of the rails.",
    next_step=(
        "CUSTOMHOUSE_DATA chooses the folder (for the demo's: . var/demo/settings.sh);"
        " a new one is made by: customhouse database migrate"
    ),
    http_status=500,
)
SECRET_EMPTY = declare(
    "secret-empty",
    sentence="The file {place} should hold a secret and is empty.",
    next_step="Restore it from a backup; only if nothing was made with it yet, remove it.",
    http_status=500,
    exit_code=2,
)

_HOUR = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]", re.ASCII)
_MAIL_SERVER = re.compile(r"smtp://[A-Za-z0-9.-]+(:[0-9]{1,5})?", re.ASCII)
_MAIL_ADDRESS = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
_ACCOUNT = re.compile(r"[0-9A-Z]{4,17}", re.ASCII)
# What the environment may hold beside the settings themselves: a sender's token, tests' browsers.
_OTHER_NAMES = ("CUSTOMHOUSE_ABI_TOKEN", "CUSTOMHOUSE_CHROMIUM", "CUSTOMHOUSE_SHOTS")
KNOWN_NAMES = (
    "CUSTOMHOUSE_DATA",
    "CUSTOMHOUSE_AGENCY_DATABASE_URL",
    "CUSTOMHOUSE_AGENCY_MIGRATION_DATABASE_URL",
    "CUSTOMHOUSE_BANK_DATABASE_URL",
    "CUSTOMHOUSE_BANK_MIGRATION_DATABASE_URL",
    "CUSTOMHOUSE_AGENCY_URL",
    "CUSTOMHOUSE_BANK_URL",
    "CUSTOMHOUSE_RAILS_TOKEN",
    "CUSTOMHOUSE_CLOCK",
    "CUSTOMHOUSE_FINAL_STATEMENT_POLICY",
    "CUSTOMHOUSE_DEBIT_CALENDAR",
    "CUSTOMHOUSE_CUT_OFF",
    "CUSTOMHOUSE_EXCHANGE",
    "CUSTOMHOUSE_PRENOTE",
    "CUSTOMHOUSE_DIRECTORY",
    "CUSTOMHOUSE_COLLECTION_ROUTING",
    "CUSTOMHOUSE_COLLECTION_ACCOUNT",
    "CUSTOMHOUSE_TXP_PROFILE",
    "CUSTOMHOUSE_MAIL_SERVER",
    "CUSTOMHOUSE_MAIL_SENDER",
    *_OTHER_NAMES,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting of both sides, with its default.

    A database URL of None means the embedded server in the data directory. ``durable`` is no
    setting of the environment: only tests turn it off, and then the embedded servers no longer
    wait for the disk.
    """

    data_directory: Path = Path("var")
    agency_database_url: str | None = field(default=None, repr=False)
    agency_migration_database_url: str | None = field(default=None, repr=False)
    bank_database_url: str | None = field(default=None, repr=False)
    bank_migration_database_url: str | None = field(default=None, repr=False)
    agency_url: str = AGENCY_URL
    bank_url: str = BANK_URL
    given_rails_token: str | None = field(default=None, repr=False)
    clock: ClockName = "system"
    final_statement_policy: FinalStatementPolicy = "authorized"
    debit_calendar: DebitCalendar = "federal-reserve"
    cut_off: time = CUT_OFF
    given_exchange_directory: Path | None = None
    prenote: PrenotePolicy = "required"
    directory: DirectoryPolicy = "when-loaded"
    # The agency's own account, to which payers push money (CRD-01).
    collection_routing: str = COLLECTION_ROUTING
    collection_account: str = field(default=COLLECTION_ACCOUNT, repr=False)
    given_txp_profile: Path | None = None
    # Where payers' mails are handed over; None: as files in the data directory.
    mail_server: str | None = None
    mail_sender: str = MAIL_SENDER
    durable: bool = True

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read the CUSTOMHOUSE_ variables; an empty one counts as unset.

        Raises Refused (setting-wrong) where a value is not one of those that its setting knows.
        """
        exchange = environ.get("CUSTOMHOUSE_EXCHANGE")
        return cls(
            data_directory=Path(environ.get("CUSTOMHOUSE_DATA") or "var").absolute(),
            agency_database_url=environ.get("CUSTOMHOUSE_AGENCY_DATABASE_URL") or None,
            agency_migration_database_url=(
                environ.get("CUSTOMHOUSE_AGENCY_MIGRATION_DATABASE_URL") or None
            ),
            bank_database_url=environ.get("CUSTOMHOUSE_BANK_DATABASE_URL") or None,
            bank_migration_database_url=(
                environ.get("CUSTOMHOUSE_BANK_MIGRATION_DATABASE_URL") or None
            ),
            agency_url=_web_address(environ, "CUSTOMHOUSE_AGENCY_URL", AGENCY_URL),
            bank_url=_web_address(environ, "CUSTOMHOUSE_BANK_URL", BANK_URL),
            given_rails_token=environ.get("CUSTOMHOUSE_RAILS_TOKEN") or None,
            clock=cast(ClockName, _choice(environ, "CUSTOMHOUSE_CLOCK", get_args(ClockName))),
            final_statement_policy=cast(
                FinalStatementPolicy,
                _choice(
                    environ, "CUSTOMHOUSE_FINAL_STATEMENT_POLICY", get_args(FinalStatementPolicy)
                ),
            ),
            debit_calendar=cast(
                DebitCalendar,
                _choice(environ, "CUSTOMHOUSE_DEBIT_CALENDAR", get_args(DebitCalendar)),
            ),
            cut_off=_hour(environ, "CUSTOMHOUSE_CUT_OFF", CUT_OFF),
            given_exchange_directory=Path(exchange).absolute() if exchange else None,
            prenote=cast(
                PrenotePolicy, _choice(environ, "CUSTOMHOUSE_PRENOTE", get_args(PrenotePolicy))
            ),
            directory=cast(
                DirectoryPolicy,
                _choice(environ, "CUSTOMHOUSE_DIRECTORY", get_args(DirectoryPolicy)),
            ),
            collection_routing=_routing(environ),
            collection_account=_account(environ),
            given_txp_profile=_txp_profile_file(environ),
            mail_server=_mail_server(environ),
            mail_sender=_mail_sender(environ),
        )

    @property
    def txp_profile(self) -> TxpProfile:
        """Give the meaning of a TXP segment's elements: the customs profile or that of a file.

        Raises Refused (setting-wrong) where the file is gone or holds no profile.
        """
        if self.given_txp_profile is None:
            return CUSTOMS_PROFILE
        return _txp_profile(self.given_txp_profile)

    @property
    def mail_directory(self) -> Path:
        """Give the directory that gets payers' mails where no mail server is set."""
        return self.data_directory / "mail"

    @property
    def exchange_directory(self) -> Path:
        """Give the directory in which bank and ACH operator leave files for each other."""
        return self.given_exchange_directory or self.data_directory / "exchange"

    @property
    def rails_token(self) -> str:
        """Give the token with which agency and bank know each other; made at first use.

        Raises Refused (data-folder-unused) where nothing of a world is: it would be a new one.
        """
        if self.given_rails_token:
            return self.given_rails_token
        path = self.data_directory / "rails.token"
        if not path.exists() and not self._holds_a_world:
            raise Refused(Fault(DATA_FOLDER_UNUSED, {"folder": self.data_directory}))
        return secret_in_file(path)

    @property
    def _holds_a_world(self) -> bool:
        """Tell whether the data folder is one in which databases of ours were ever started."""
        folder = self.data_directory
        return folder.is_dir() and any(
            self.database_url(side) is not None or (folder / side / "postgres").exists()
            for side in SIDES
        )

    def secret_key(self, side: Side) -> str:
        """Give the key with which one side's web edge signs its sessions; made at first use."""
        return secret_in_file(self.data_directory / side / "django.secret")

    def database_url(self, side: Side) -> str | None:
        """Give the configured URL of a side's database, or None for the embedded server."""
        return self.agency_database_url if side == "agency" else self.bank_database_url

    def migration_database_url(self, side: Side) -> str | None:
        """Give the URL with which a side's configured database is migrated, where one is set."""
        if side == "agency":
            return self.agency_migration_database_url
        return self.bank_migration_database_url

    def environment(self) -> dict[str, str]:
        """Give the variables from which another process reads these same settings.

        They hold secrets: hand them to a child process, never to a log.
        """
        txp_profile = self.given_txp_profile
        given = {
            "CUSTOMHOUSE_DATA": str(self.data_directory),
            "CUSTOMHOUSE_AGENCY_DATABASE_URL": self.agency_database_url,
            "CUSTOMHOUSE_AGENCY_MIGRATION_DATABASE_URL": self.agency_migration_database_url,
            "CUSTOMHOUSE_BANK_DATABASE_URL": self.bank_database_url,
            "CUSTOMHOUSE_BANK_MIGRATION_DATABASE_URL": self.bank_migration_database_url,
            "CUSTOMHOUSE_AGENCY_URL": self.agency_url,
            "CUSTOMHOUSE_BANK_URL": self.bank_url,
            "CUSTOMHOUSE_RAILS_TOKEN": self.given_rails_token,
            "CUSTOMHOUSE_CLOCK": self.clock,
            "CUSTOMHOUSE_FINAL_STATEMENT_POLICY": self.final_statement_policy,
            "CUSTOMHOUSE_DEBIT_CALENDAR": self.debit_calendar,
            "CUSTOMHOUSE_CUT_OFF": f"{self.cut_off:%H:%M}",
            "CUSTOMHOUSE_EXCHANGE": str(self.exchange_directory),
            "CUSTOMHOUSE_PRENOTE": self.prenote,
            "CUSTOMHOUSE_DIRECTORY": self.directory,
            "CUSTOMHOUSE_COLLECTION_ROUTING": self.collection_routing,
            "CUSTOMHOUSE_COLLECTION_ACCOUNT": self.collection_account,
            "CUSTOMHOUSE_TXP_PROFILE": None if txp_profile is None else str(txp_profile),
            "CUSTOMHOUSE_MAIL_SERVER": self.mail_server,
            "CUSTOMHOUSE_MAIL_SENDER": self.mail_sender,
        }
        return {name: value for name, value in given.items() if value is not None}


def unknown_names(environ: Mapping[str, str] = os.environ) -> list[tuple[str, str]]:
    """Give each CUSTOMHOUSE_ variable that nothing reads, with the known name nearest to it."""
    unknown = sorted(
        name for name in environ if name.startswith("CUSTOMHOUSE_") and name not in KNOWN_NAMES
    )
    return [(name, get_close_matches(name, KNOWN_NAMES, n=1, cutoff=0)[0]) for name in unknown]


def secret_in_file(path: Path) -> str:
    """Read the secret that a file holds, making both when the file does not exist.

    The file gets mode 0600 and appears whole: of several processes that make it at once, one
    wins and all read the winner's. Raises Refused (secret-empty): an empty secret opens doors.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        attempt = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(attempt, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(secrets.token_urlsafe(48))
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(attempt, path)
        except FileExistsError:
            pass  # Another process made it first; its secret is the one.
        finally:
            attempt.unlink()
    secret = path.read_text(encoding="ascii").strip()
    if not secret:
        raise Refused(Fault(SECRET_EMPTY, {"place": path}))
    return secret


def _choice(environ: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    """Read a setting that has named values; the first one is its default."""
    value = environ.get(name) or choices[0]
    if value not in choices:
        expected = " or ".join(choices)
        raise Refused(Fault(SETTING_WRONG, {"name": name, "value": value, "expected": expected}))
    return value


def _hour(environ: Mapping[str, str], name: str, default: time) -> time:
    """Read a time of day as HH:MM of 24 hours."""
    value = environ.get(name)
    if not value:
        return default
    if not _HOUR.fullmatch(value):
        expected = "a time of day like 17:00"
        raise Refused(Fault(SETTING_WRONG, {"name": name, "value": value, "expected": expected}))
    return time.fromisoformat(value)


def _routing(environ: Mapping[str, str]) -> str:
    """Read the routing number of the bank that holds the agency's collection account."""
    name = "CUSTOMHOUSE_COLLECTION_ROUTING"
    try:
        return RoutingNumber.parse(environ.get(name) or COLLECTION_ROUTING).number
    except IdentifierError as error:
        values = {"name": name, "value": "(not shown)", "expected": f"nine digits: {error}"}
        raise Refused(Fault(SETTING_WRONG, values)) from None


def _account(environ: Mapping[str, str]) -> str:
    """Read the agency's collection account; a wrong one is not shown."""
    name = "CUSTOMHOUSE_COLLECTION_ACCOUNT"
    value = environ.get(name) or COLLECTION_ACCOUNT
    if not _ACCOUNT.fullmatch(value):
        expected = "4 to 17 capital letters and digits"
        values = {"name": name, "value": "(not shown)", "expected": expected}
        raise Refused(Fault(SETTING_WRONG, values))
    return value


def _txp_profile_file(environ: Mapping[str, str]) -> Path | None:
    """Read the place of another agency's TXP profile; it must hold one."""
    value = environ.get("CUSTOMHOUSE_TXP_PROFILE")
    if not value:
        return None
    path = Path(value).absolute()
    _txp_profile(path)
    return path


def _txp_profile(path: Path) -> TxpProfile:
    try:
        return profile_from_json(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        values = {
            "name": "CUSTOMHOUSE_TXP_PROFILE",
            "value": str(path),
            "expected": f"a file that holds a TXP profile as JSON ({why})",
        }
        raise Refused(Fault(SETTING_WRONG, values)) from None


def _mail_server(environ: Mapping[str, str]) -> str | None:
    name = "CUSTOMHOUSE_MAIL_SERVER"
    value = environ.get(name)
    if value and not _MAIL_SERVER.fullmatch(value):
        expected = "an address like smtp://127.0.0.1:25"
        raise Refused(Fault(SETTING_WRONG, {"name": name, "value": value, "expected": expected}))
    return value or None


def _mail_sender(environ: Mapping[str, str]) -> str:
    name = "CUSTOMHOUSE_MAIL_SENDER"
    value = environ.get(name) or MAIL_SENDER
    if not _MAIL_ADDRESS.fullmatch(value):
        expected = "an e-mail address"
        raise Refused(Fault(SETTING_WRONG, {"name": name, "value": value, "expected": expected}))
    return value


def _web_address(environ: Mapping[str, str], name: str, default: str) -> str:
    value = (environ.get(name) or default).rstrip("/")
    if not value.startswith(("http://", "https://")):
        expected = "an address that starts with http:// or https://"
        raise Refused(Fault(SETTING_WRONG, {"name": name, "value": value, "expected": expected}))
    return value
