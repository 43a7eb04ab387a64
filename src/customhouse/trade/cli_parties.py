"""Parties on the command line: load a document of them, renew a sender's credential.

Credentials are written to a file that only its owner may read, never to the terminal.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from customhouse.agency.credentials import Credential

app = typer.Typer(help="Register filers, importers, payer units, senders.", no_args_is_help=True)

CREDENTIALS_HELP = "A new file for the credentials that are issued; only you may read it."


@app.command()
def load(
    file: Annotated[
        Path, typer.Argument(help="A JSON document of parties, or - for standard input.")
    ],
    *,
    credentials: Annotated[Path | None, typer.Option(help=CREDENTIALS_HELP)] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Give each outcome as a line of JSON.")
    ] = False,
) -> None:
    """Register everything in a document; good items go in whatever the bad ones do.

    Loading the same document again changes nothing. A file for credentials is needed when a
    sender is registered for the first time. Ends with 0 when no item was refused.
    """
    from customhouse import database
    from customhouse.agency.bank_link import BankLink
    from customhouse.agency.parties_load import load_parties
    from customhouse.agency.party_document import LARGEST_BYTES, read_document
    from customhouse.agency.registration import senders_without_credential
    from customhouse.clock import SystemClock
    from customhouse.settings import Settings
    from customhouse.trade.cli_outcomes import PARTIES, ItemLine, read_bounded, tell
    from customhouse.trade.credential_file import CredentialFile, require_file

    settings = Settings.from_environment()
    document = read_document(read_bounded(file, LARGEST_BYTES))
    link = BankLink(settings.bank_url, settings.rails_token)
    with database.connect(settings, "agency") as connection:
        if senders_without_credential(connection, document.senders):
            require_file(credentials)
        with CredentialFile(credentials) as kept:
            clock = SystemClock()
            outcomes = load_parties(connection, document, bind=link.bind, clock=clock)
            issued = {each.key: each.credential for each in outcomes if each.credential}
            kept.write(issued)
    lines = [ItemLine.of_party(outcome) for outcome in outcomes]
    raise typer.Exit(tell(lines, PARTIES, as_json=json))


@app.command()
def renew(
    sender: Annotated[str, typer.Argument(help="The sender's codes: 3901-XYZ or 3901-XYZ-01.")],
    credentials: Annotated[Path, typer.Option(help=CREDENTIALS_HELP)],
) -> None:
    """Give a sender another token and password; the former ones end at once."""
    from customhouse import database
    from customhouse.agency.registration import renew_credential
    from customhouse.settings import Settings
    from customhouse.trade.credential_file import CredentialFile, unknown_sender

    site_code, id_code, office_code = (*sender.split("-", 2), "", "")[:3]
    with (
        CredentialFile(credentials) as kept,
        database.connect(Settings.from_environment(), "agency") as connection,
    ):
        renewed: Credential | None = renew_credential(
            connection, site_code, id_code=id_code, office_code=office_code
        )
        if renewed is None:
            raise unknown_sender(sender)
        kept.write({sender: renewed})
    typer.echo(f"sender {sender}: renewed, credential in {credentials}")
