"""The databases on the command line: start, stop, migrate, and say how they are.

Servers that were configured by URL are neither started nor stopped here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from customhouse.settings import Settings

app = typer.Typer(help="Start, stop and migrate the databases.", no_args_is_help=True)


@app.command()
def start() -> None:
    """Start the embedded PostgreSQL servers; those that run are left alone."""
    from customhouse import database
    from customhouse.settings import Settings

    settings = Settings.from_environment()
    _tell_folder(settings)
    database.start_servers(settings)
    for each in database.state(settings):
        typer.echo(f"{each.side:8} {each.told}")


@app.command()
def stop() -> None:
    """Stop the embedded PostgreSQL servers of the data directory."""
    from customhouse import database
    from customhouse.settings import Settings

    settings = Settings.from_environment()
    _tell_folder(settings)
    database.stop_servers(settings)
    for each in database.state(settings):
        typer.echo(f"{each.side:8} {each.told}")


@app.command()
def migrate() -> None:
    """Bring both databases to the schema of this release; start embedded servers first."""
    from customhouse import database
    from customhouse.clock import SystemClock
    from customhouse.settings import Settings

    settings = Settings.from_environment()
    _tell_folder(settings)
    database.start_servers(settings)
    for side in database.SIDES:
        names = database.migrate(settings, side, clock=SystemClock())
        for name in names:
            typer.echo(f"{side:8} applied {name}")
        if not names:
            typer.echo(f"{side:8} nothing to do")
    _migrate_sign_ins()


@app.command()
def status() -> None:
    """Say of each database whether it runs and which migrations it lacks."""
    from customhouse import database
    from customhouse.settings import Settings

    settings = Settings.from_environment()
    _tell_folder(settings)
    lacking = False
    for each in database.state(settings):
        typer.echo(f"{each.side:8} {each.told}")
        lacking = lacking or not each.ready
    if lacking:
        raise typer.Exit(code=7)


def _tell_folder(settings: Settings) -> None:
    """Say which data folder is worked in: a forgotten setting would otherwise make a new one."""
    typer.echo(f"folder   {settings.data_directory}")


def _migrate_sign_ins() -> None:
    """Bring the tables of sign-ins and sessions, which have Django's own history, up to date."""
    from customhouse.settings import Settings
    from customhouse.web.identity import migrate_identity

    migrate_identity(Settings.from_environment())
    typer.echo("agency   sign-ins and sessions are up to date")
