"""Forms to join ACH Credit and zero-dollar entries, for tests; plainly fictitious."""

from __future__ import annotations

from datetime import date
from typing import Any

from customhouse.agency import credit_enrolment_commands as commands
from customhouse.agency import credit_officers
from customhouse.agency.credit_enrolment_document import read_form
from customhouse.agency.credit_enrolments import ON_PAPER, FiledBy
from customhouse.formats import txp
from customhouse.formats.txp import TxpReading
from customhouse.rails import IncomingCredit
from tests.integration.agency.harbor import IMPORTER_X, MONDAY, Harbor

PRENOTE = "TXP*{payer}*90000*261123**0\\"


def form(**values: Any) -> dict[str, Any]:
    """Give a good form of an importer that wants mail, with other values where given."""
    return {
        "purpose": "new",
        "importer_number": IMPORTER_X,
        "company_name": "Fictitious Imports X",
        "address": ["1 Example Pier", "Chicago IL 60601"],
        "contact_name": "Pat Example",
        "contact_phone": "+1 312 555 0100",
        "contact_email": "treasury@imports-x.example",
        "official_name": "Chris Sample",
        "official_title": "Treasurer",
        "notify_by": "e-mail",
        "bank_lead_days": 1,
    } | values


def file(harbor: Harbor, *, filed_by: FiledBy = ON_PAPER, **values: Any) -> str:
    """File a form, from paper unless told otherwise; give its number."""
    read = read_form(form(**values))
    with harbor.connect() as connection:
        return commands.file_form(connection, read, filed_by=filed_by, clock=harbor.clock)


def officer(harbor: Harbor) -> str:
    """Give the officer who decides, added where there is none yet."""
    name = "An Officer"
    with harbor.connect() as connection:
        if name not in {each.name for each in credit_officers.listing(connection)}:
            credit_officers.add(connection, name, added_on=harbor.today)
    return name


def approve(harbor: Harbor, **values: Any) -> str:
    """File a form and approve it; give its number."""
    number = file(harbor, **values)
    by = officer(harbor)
    with harbor.connect() as connection:
        commands.approve(connection, number, officer=by, clock=harbor.clock)
    return number


def prenote(
    serial: int, payer: str | None = IMPORTER_X, *, text: str = PRENOTE, **values: Any
) -> tuple[IncomingCredit, TxpReading | None]:
    """Give a zero-dollar entry and what its addendum says; a payer of None has no addendum."""
    addenda = () if payer is None else (f"{text.format(payer=payer):80}",)
    collected_on: date = values.pop("collected_on", MONDAY)
    credit = IncomingCredit(
        **{
            "sequence": serial,
            "credit_id": f"C{collected_on:%y%j}{serial:015}",
            "kind": "prenote",
            "amount_cents": 0,
            "collected_on": collected_on,
            "sec_code": "CCD",
            "originating_dfi": "09100002",
            "trace_number": f"{serial:015}",
            "company_name": "FICTITIOUS IMPO",
            "company_identification": "9999999999",
            "entry_description": "CUSTOMS",
            "identification_number": "",
            "code": "",
            "addenda": addenda,
        }
        | values
    )
    return credit, txp.read(addenda[0]) if addenda else None
