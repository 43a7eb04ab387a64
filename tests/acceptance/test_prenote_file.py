"""The zero-dollar file that a payer writes offline joins it, through its bank and the agency's."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from customhouse.settings import Settings
from tests.acceptance.servers import serving, with_free_ports
from tests.acceptance.wharf import BROKER, MONDAY, TUESDAY, WEDNESDAY, Wharf

FORM = {
    "purpose": "new",
    "filer_code": BROKER,
    "company_name": "Example Harbor Brokers",
    "address": ["1 Example Pier", "Chicago IL 60601"],
    "contact_name": "Pat Example",
    "contact_phone": "+1 312 555 0100",
    "contact_email": "treasury@payer.example",
    "official_name": "Chris Sample",
    "official_title": "Treasurer",
    "notify_by": "page",
    "bank_lead_days": 1,
}
BANK = (
    "--bank-routing",
    "091000022",
    "--company-id",
    "1123456789",
    "--company-name",
    "EXAMPLE HARBOR",
)


@pytest.mark.timeout(400)
@pytest.mark.requirement("CRD-12")
def test_the_written_prenote_is_accepted(settings: Settings, tmp_path: Path) -> None:
    """What the agency told on approval is all that the command needs beside the payer's bank."""
    chosen = replace(with_free_ports(settings), clock="rehearsal")
    with serving(chosen, "bank"), serving(chosen, "agency"):
        wharf = Wharf(chosen, tmp_path)
        wharf.settle_in()
        form, told, token, file = (
            tmp_path / name for name in ("form.json", "told.json", "token", "prenote.ach")
        )
        form.write_text(json.dumps(FORM))
        token.write_text(wharf.credentials[BROKER]["token"])
        number = wharf.command("credits", "enrolments", "receive", str(form)).split()[1]
        wharf.command("credits", "enrolments", "approve", number, "--officer", wharf.appoint())
        agency = ("--url", chosen.agency_url, "--token-file", str(token))
        told.write_text(wharf.command("credits", "enrolment", "--json", *agency))
        day = ("--settle-on", TUESDAY.isoformat(), "--payee", str(told), "-o", str(file))
        wharf.command("credits", "prenote", BROKER, *day, *BANK)
        wharf.operator.payer_banks.put("prenote.ach", file.read_bytes())
        wharf.finish(MONDAY)
        wharf.finish(TUESDAY)
        found = json.loads(wharf.command("credits", "enrolment", "--json", *agency))
        assert (found["state"], found["prenote_accepted_on"]) == ("active", WEDNESDAY.isoformat())
        refused = wharf.command("credits", "instruct", "--all-due", *agency, code=7)
        assert "its enrolment is effective from 2026-12-05" in refused
