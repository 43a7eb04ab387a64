"""The demo world as the files that a real one would bring: a document of parties, entry files.

They are loaded by the product's own commands. Account numbers never come into them: a payer unit
names the token that the bank gave for its account.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from customhouse.rehearsal.world_data import (
    EFFECTIVE_ON,
    FILERS,
    IMPORTERS,
    WorldFiler,
    WorldImporter,
)
from customhouse.rehearsal.world_entries import WorldEntry

Owner = WorldFiler | WorldImporter


def owners() -> list[Owner]:
    """Give everybody who has a payer unit and so an account."""
    return [owner for owner in (*FILERS, *IMPORTERS) if owner.payer_unit]


def parties_document(tokens: Mapping[str, str]) -> dict[str, Any]:
    """Give the document of parties; ``tokens`` are the bank's, by payer unit number."""
    return {
        "filers": [
            {"filer_code": filer.code, "name": filer.name, "ports": list(filer.ports)}
            for filer in FILERS
        ],
        "importers": [
            {"importer_number": importer.number, "name": importer.name} for importer in IMPORTERS
        ],
        "payer_units": [_payer_unit(owner, tokens[owner.payer_unit]) for owner in owners()],
        "designations": [
            {
                "payer_unit_number": importer.payer_unit,
                "filer_code": code,
                "starts_on": EFFECTIVE_ON.isoformat(),
            }
            for importer in IMPORTERS
            if importer.payer_unit
            for code in importer.filers
        ],
        "senders": [
            {
                "site_code": filer.site_code,
                "id_code": filer.id_code,
                "filer_codes": [filer.code],
                "receives_statements_of": [filer.code],
            }
            for filer in FILERS
        ],
        "users": [{"username": filer.username, "filer_codes": [filer.code]} for filer in FILERS],
    }


def _payer_unit(owner: Owner, token: str) -> dict[str, str]:
    named = (
        {"owner_filer_code": owner.code}
        if isinstance(owner, WorldFiler)
        else {"owner_importer_number": owner.number}
    )
    return {
        "payer_unit_number": owner.payer_unit,
        **named,
        "account_token": token,
        "effective_on": EFFECTIVE_ON.isoformat(),
    }


def write_parties(path: Path, tokens: Mapping[str, str]) -> None:
    """Write the document of parties."""
    path.write_text(json.dumps(parties_document(tokens), indent=2) + "\n", encoding="ascii")


def write_entries(folder: Path, filer: WorldFiler, *, entries: Iterable[WorldEntry]) -> Path:
    """Write a filer's entry summaries in the form it files in, CSV or JSON; give the file."""
    path = folder / f"entries-{filer.code}.{filer.intake}"
    rows = [_entry_values(entry) for entry in entries]
    text = _as_csv(rows) if filer.intake == "csv" else json.dumps(rows, indent=1) + "\n"
    path.write_text(text, encoding="ascii")
    return path


def _entry_values(entry: WorldEntry) -> dict[str, Any]:
    return {
        "filer_code": entry.filer_code,
        "entry_number": entry.entry_number,
        "importer_number": entry.importer_number,
        "port_of_entry": entry.port,
        "processing_port": entry.port,
        "entry_type": entry.entry_type,
        "entry_date": entry.entry_date.isoformat(),
        "payment_type": entry.payment_type,
        "print_date": entry.print_date.isoformat(),
        "deferred_tax": entry.deferred_tax,
        "payable": entry.payable,
        "antidumping_paid": entry.antidumping_paid,
        "countervailing_paid": entry.countervailing_paid,
        "consolidated": entry.consolidated,
        "broker_reference": entry.broker_reference,
        "team_number": entry.team_number,
        "charges": {code: _dollars(cents) for code, cents in entry.charges.items()},
    }


def _as_csv(rows: list[dict[str, Any]]) -> str:
    """Spread the charges over a column for each class code; flags become Y and N."""
    classes = sorted({code for row in rows for code in row["charges"]})
    names = [name for name in rows[0] if name != "charges"]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*names, *(f"charge_{code}" for code in classes)])
    for row in rows:
        charges = [row["charges"].get(code, "") for code in classes]
        writer.writerow([*(_cell(row[name]) for name in names), *charges])
    return out.getvalue()


def _cell(value: object) -> object:
    return {True: "Y", False: "N"}[value] if isinstance(value, bool) else value


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"
