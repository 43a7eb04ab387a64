"""``customhouse users``: the sign-ins with which people look at their filer's pages.

Which filers a person sees is a matter of parties (a document's ``users``); here are only names and
passwords.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

app = typer.Typer(help="Give people their sign-ins.", no_args_is_help=True)


@app.command("set-password")
def set_password(
    username: Annotated[str, typer.Argument(help="The person's user name.")],
) -> None:
    """Give a person a sign-in or a new password, which is read from the terminal or from stdin.

    It is never taken from the command line, where other people could see it.
    """
    from customhouse.settings import Settings
    from customhouse.web import identity

    if sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    is_new = identity.set_password(Settings.from_environment(), username, password)
    typer.echo(f"{username} {'can sign in now' if is_new else 'has a new password'}")


@app.command("list")
def list_users() -> None:
    """List everybody who can sign in and the filers that each may see."""
    from customhouse import database
    from customhouse.agency import parties
    from customhouse.settings import Settings
    from customhouse.web import identity

    settings = Settings.from_environment()
    with database.connect(settings, "agency") as connection:
        for username in identity.usernames(settings):
            filers = parties.filers_of_user(connection, username)
            typer.echo(f"{username:40} {' '.join(filers) or 'no filer'}")
