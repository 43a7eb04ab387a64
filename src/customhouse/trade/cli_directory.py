"""The bank's directory of ACH participants on the command line: load it, look a bank up.

For the bank's own people, on the bank's own machine. Accounts are named by their tokens alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Keep the directory of ACH participants.", no_args_is_help=True)

LARGEST_BYTES = 64 * 1024 * 1024


@app.command("load")
def load_directory(
    file: Annotated[
        Path, typer.Argument(help="The file of participants, 155 characters a line, or -.")
    ],
) -> None:
    """Load the directory in place of the one before; a file with a wrong line changes nothing.

    Accounts of payer units whose bank takes no ACH entries are listed by their tokens.
    """
    from customhouse.bank import directory as participants
    from customhouse.bank import vault
    from customhouse.bank.day import open_bank
    from customhouse.settings import Settings
    from customhouse.trade.cli_outcomes import read_bounded
    from customhouse.trade.counted import counted

    content = read_bounded(file, LARGEST_BYTES)
    settings = Settings.from_environment()
    with open_bank(settings) as (connection, clock):
        keys = vault.open_keys(settings, connection)
        done = participants.load(connection, keys, content=content, clock=clock)
    left = len(done.tokens_left)
    typer.echo(f"{counted(done.participants, 'bank')} in the directory")
    typer.echo(f"{counted(left, 'account')} at a bank that takes no ACH entries")
    for token in done.tokens_left:
        typer.echo(f"  {token}")


@app.command("show")
def show_participant(
    routing: Annotated[str, typer.Argument(help="The bank's routing number, nine digits.")],
) -> None:
    """Show what the directory says of a bank."""
    from customhouse.bank import directory as participants
    from customhouse.bank.day import open_bank
    from customhouse.bank.directory_faults import PARTICIPANT_UNKNOWN
    from customhouse.faults import Fault, Refused
    from customhouse.settings import Settings

    with open_bank(Settings.from_environment()) as (connection, _clock):
        found = participants.participant(connection, routing)
    if found is None:
        shown = ascii(routing)[1:-1][:20]
        raise Refused(Fault(PARTICIPANT_UNKNOWN, {"routing_number": shown}))
    typer.echo(f"{found.routing_number}  {found.customer_name}")
    typer.echo(f"  {found.address}, {found.city} {found.state_code} {found.zip_code}")
    if found.is_superseded:
        typer.echo(f"  replaced by {found.new_routing_number}, changed on {found.changed_on}")
    else:
        typer.echo("  takes ACH entries")
