"""Builds the demo world through the public doors, and puts the players on the stage.

Accounts are captured by the bank's own API, parties and entry summaries loaded by the product's
commands, sign-ins made by them too. The files they are loaded from stay in the folder ``world``.
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from customhouse import database
from customhouse.rehearsal.filer_books import FilerBooks
from customhouse.rehearsal.filer_line import FilerLine, Site
from customhouse.rehearsal.filers import SimulatedFiler
from customhouse.rehearsal.house_processes import House
from customhouse.rehearsal.narrator import Narrator
from customhouse.rehearsal.operator import Operator
from customhouse.rehearsal.stage import Stage
from customhouse.rehearsal.world_credits import (
    CREDIT_PAYERS,
    FURNITURE,
    HARBOR,
    accept_prenotes,
    file_forms,
    name_of,
)
from customhouse.rehearsal.world_data import (
    DAY_BEFORE,
    FILERS,
    PRENOTES_MATURE_ON,
    PRENOTES_ON,
    PRENOTES_SETTLE_ON,
    BankAccount,
    WorldFiler,
    filer_of,
)
from customhouse.rehearsal.world_entries import WorldEntry, world_entries
from customhouse.rehearsal.world_files import owners, write_entries, write_parties
from customhouse.trade.client_abi import Sender

MARK = "demo-world.txt"
# Plainly fictitious banks in the Federal Reserve's layout; the accounts of the world are there.
PARTICIPANTS = Path(__file__).with_name("participants.txt")
MARK_TEXT = "A demo world of customhouse lives in this folder; the next demo wipes it.\n"


class NotOurs(Exception):
    """The folder holds something that is no demo world, so it is not wiped."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A person's sign-in to the pages of one filer."""

    filer_code: str
    filer_name: str
    username: str
    password: str = field(repr=False)


def is_world(data: Path) -> bool:
    """Tell whether a folder holds a world that was built by the demo."""
    return (data / MARK).is_file() and (data / "agency").is_dir()


def make_folder(house: House) -> None:
    """Make an empty folder for a world, wiping an earlier world in it; raise NotOurs.

    Databases that an earlier demo left running there are stopped first.
    """
    data = house.data
    if data.exists() and any(data.iterdir()):
        if not (data / MARK).is_file():
            raise NotOurs(f"{data} is not empty and no demo world")
        database.stop_servers(house.settings)
        shutil.rmtree(data)
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    (data / MARK).write_text(MARK_TEXT, encoding="ascii")


def build(house: House, narrator: Narrator, *, each_day: int) -> Stage:
    """Start the databases and servers, load the world, and give the stage; raises CommandFailed."""
    entries = world_entries(each_day)
    files = house.data / "world"
    files.mkdir(exist_ok=True)
    steps = 7 + len(FILERS)
    with narrator.progress(steps, "starting both databases"):
        house.start_databases()
        narrator.step("starting both servers")
        house.serve()
        narrator.step("loading the directory of banks")
        house.command("bank", "directory", "load", str(PARTICIPANTS))
        narrator.step("capturing bank accounts")
        tokens = _capture_accounts(house)
        narrator.step("loading parties")
        credentials = _load_parties(house, files, tokens)
        narrator.step("joining ACH Credit")
        operator = Operator(house.settings.exchange_directory, house.data / "operator")
        token = credentials[filer_of(HARBOR).id_code]["token"]
        file_forms(house, files, operator=operator, broker_token=token)
        narrator.step("trying the accounts with prenotes")
        _try_accounts(house, operator)
        narrator.step("loading entry summaries")
        house.command("day", "--until", DAY_BEFORE.isoformat(), "--part", "morning")
        for filer in FILERS:
            _load_entries(house, files, filer=filer, entries=entries)
            narrator.step()
        house.command("day", "--until", DAY_BEFORE.isoformat(), "--part", "evening")
    narrator.say("bank", f"Captures {len(tokens)} accounts and gives a token for each.")
    narrator.say("agency", f"Registers {len(FILERS)} filers, their importers and payer units.")
    narrator.say("bank", "Tries each account with a prenote; none has come back.")
    joined = [payer for payer in CREDIT_PAYERS if payer.joins]
    narrator.say(
        "agency",
        f"{len(joined)} payers join ACH Credit, which lets them push money: their forms are"
        " approved and their zero-dollar entries arrived.",
    )
    narrator.say(
        HARBOR,
        f"Filed the form (CBP Form 401) of {name_of(FURNITURE)}, which now has a token of its own.",
    )
    for payer in CREDIT_PAYERS:
        if not payer.joins:
            words = f"Does not join {payer.name} yet: its zero-dollar entry had no addendum."
            narrator.refused("agency", words)
    narrator.say("agency", f"Takes in {len(entries):,} entry summaries from CSV and JSON files.")
    return set_stage(house, narrator, entries=entries, credentials=credentials)


def set_stage(
    house: House,
    narrator: Narrator,
    *,
    entries: list[WorldEntry],
    credentials: Mapping[str, Mapping[str, str]],
) -> Stage:
    """Give every filer its line and its books, and the operator its folder."""
    filers = {}
    for who in FILERS:
        issued = credentials[who.id_code]
        site = Site(
            agency_url=house.settings.agency_url,
            filer_code=who.code,
            sender=Sender(who.site_code, who.id_code, issued["password"]),
            token=issued["token"],
        )
        line = FilerLine(site, house.data / "abi" / who.code)
        filers[who.code] = SimulatedFiler(who, line, FilerBooks.of(who.code, entries))
    operator = Operator(house.settings.exchange_directory, house.data / "operator")
    return Stage(house, narrator, operator, filers, entries)


def make_sign_ins(house: House) -> list[SignIn]:
    """Give each filer's person a new password."""
    made = []
    for filer in FILERS:
        password = secrets.token_urlsafe(9)
        house.command("users", "add", filer.username, "--password-stdin", given=f"{password}\n")
        made.append(SignIn(filer.code, filer.name, filer.username, password))
    return made


def _capture_accounts(house: House) -> dict[str, str]:
    """Hand each account to the bank's own API; give the tokens by payer unit number."""
    token = house.command("bank", "tokens", "add", "--scope", "capture", "--label", "demo").strip()
    tokens = {}
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=house.settings.bank_url, headers=headers, trust_env=False) as bank:
        for owner in owners():
            if owner.account is None:
                raise AssertionError("whoever has a payer unit has an account")
            answer = bank.post("/accounts", json=_details(owner.account, owner.name))
            answer.raise_for_status()
            tokens[owner.payer_unit] = answer.json()["account_token"]
    return tokens


def _try_accounts(house: House, operator: Operator) -> None:
    """Let banks send their prenotes, early enough for all of them to count before the story."""
    house.command("bank", "day", "--until", PRENOTES_ON.isoformat())
    for day in (PRENOTES_ON, PRENOTES_SETTLE_ON):
        operator.run(day)
    house.command("bank", "intake")
    accept_prenotes(house)
    house.command("bank", "day", "--until", PRENOTES_MATURE_ON.isoformat())


def _details(account: BankAccount, holder_name: str) -> dict[str, str]:
    return {
        "routing_number": account.routing_number,
        "account_number": account.account_number,
        "account_type": account.account_type,
        "holder_name": holder_name[:22],
    }


def _load_parties(
    house: House, files: Path, tokens: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Load the document of parties; give the issued credentials by sender identifier."""
    document, issued = files / "parties.json", files / "credentials.json"
    write_parties(document, tokens)
    house.command("parties", "load", str(document), "--credentials", str(issued))
    return {each["id_code"]: each for each in json.loads(issued.read_bytes())}


def _load_entries(
    house: House, files: Path, *, filer: WorldFiler, entries: list[WorldEntry]
) -> None:
    own = [entry for entry in entries if entry.filer_code == filer.code]
    house.command("entries", "load", str(write_entries(files, filer, entries=own)))
