"""Who pays by ACH Credit in the demo world, and how each of them joins before the story begins.

Forms are filed and approved by the product's commands: an importer's by its broker, over HTTP, as
the importer has no token yet; the brokers' on paper. Zero-dollar entries come through the payers'
banks. One broker's entry comes without its addendum, so that it does not join.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from customhouse.rehearsal.house_processes import House
from customhouse.rehearsal.operator import Operator
from customhouse.rehearsal.push_script import Push
from customhouse.rehearsal.world_data import FILERS, IMPORTERS, PRENOTES_ON, PRENOTES_SETTLE_ON

# The zero-dollar entries settle on the 5th and are accepted that evening, so that their payers may
# pay from the 15th on, ten calendar days later: the day before the story begins.
BEHIND_ACCEPTANCE: Final = date(2026, 11, 6)
OFFICER: Final = "Ada Officer"
DAY = "day"


@dataclass(frozen=True, slots=True)
class CreditPayer:
    """A payer of ACH Credit: its identifier, its name, and how its zero-dollar entry comes."""

    identifier: str
    name: str
    told_by: str = "page"
    prenote: str = "prenote"

    @property
    def is_importer(self) -> bool:
        """Tell an importer number from a filer code."""
        return "-" in self.identifier

    @property
    def joins(self) -> bool:
        """Tell whether its zero-dollar entry is as it has to be."""
        return self.prenote == "prenote"

    @property
    def form(self) -> dict[str, Any]:
        """Give its form to join, as CBP Form 401 asks."""
        key = "importer_number" if self.is_importer else "filer_code"
        mail = self.name.lower().replace(" ", "-")
        return {
            "purpose": "new",
            key: self.identifier,
            "company_name": self.name,
            "address": ["1 Example Pier", "Chicago IL 60601"],
            "contact_name": "Pat Example",
            "contact_phone": "+1 312 555 0100",
            "contact_email": f"treasury@{mail}.example",
            "official_name": "Chris Sample",
            "official_title": "Treasurer",
            "notify_by": self.told_by,
            "bank_lead_days": 0,
        }


def name_of(identifier: str) -> str:
    """Give the name of a filer or importer of the world."""
    names = {filer.code: filer.name for filer in FILERS}
    names |= {importer.number: importer.name for importer in IMPORTERS}
    return names[identifier]


HARBOR, GATEWAY, UNTRIED = "B76", "D31", "R55"
FURNITURE: Final = "10-0000102AA"
CREDIT_PAYERS: Final = (
    CreditPayer(HARBOR, name_of(HARBOR)),
    CreditPayer(GATEWAY, name_of(GATEWAY)),
    CreditPayer(FURNITURE, name_of(FURNITURE), told_by="e-mail"),
    CreditPayer(UNTRIED, name_of(UNTRIED), prenote="prenote!bare"),
)


def file_forms(house: House, files: Path, *, operator: Operator, broker_token: str) -> None:
    """Open the first day, add the officer, file and approve every form, order the zero entries.

    ``broker_token`` is that of the sender who files for importers.
    """
    house.command(DAY, "--until", PRENOTES_ON.isoformat(), "--part", "morning")
    credentials = files / "officer.json"
    house.command("desk", "officers", "add", OFFICER, "--credentials", str(credentials))
    pushes = []
    for payer in CREDIT_PAYERS:
        form = files / f"form-{payer.identifier}.json"
        form.write_text(json.dumps(payer.form, indent=1) + "\n", encoding="ascii")
        said = _file(house, payer, form, broker_token=broker_token)
        credentials = files / f"payer-{payer.identifier}.json"
        kept = ("--credentials", str(credentials)) if payer.is_importer else ()
        number = said.split()[1]
        house.command("credits", "enrolments", "approve", number, "--officer", OFFICER, *kept)
        pushes.append(Push.parse(f"{payer.identifier}:{payer.prenote}"))
    operator.payer_banks.script.add(pushes)


def _file(house: House, payer: CreditPayer, form: Path, *, broker_token: str) -> str:
    """File a form: on paper, or by the importer's broker; give what the command said."""
    if not payer.is_importer:
        return house.command("credits", "enrolments", "receive", str(form))
    token = form.with_suffix(".token")
    token.write_text(broker_token, encoding="ascii")
    token.chmod(0o600)
    at = ("--url", house.settings.agency_url, "--token-file", str(token))
    said = house.command("credits", "enrol", str(form), *at)
    token.unlink()
    return said


def accept_prenotes(house: House) -> None:
    """Let the bank tell of the zero-dollar entries and the agency take them, on the same day."""
    house.command(DAY, "--until", PRENOTES_SETTLE_ON.isoformat(), "--part", "morning")
    house.command("bank", DAY, "--until", PRENOTES_SETTLE_ON.isoformat())
    house.command(DAY, "--until", BEHIND_ACCEPTANCE.isoformat(), "--part", "morning")
