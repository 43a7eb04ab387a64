"""The demo world as the files that a real one would bring: a document of parties, entry files.

They are loaded by the product's own commands. Account numbers never come into them: a payer unit
names the token that the bank gave for its account.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from customhouse.rehearsal.world_data import (
    EFFECTIVE_ON,
    FILERS,
    IMPORTERS,
    WorldFiler,
    WorldImporter,
)

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
