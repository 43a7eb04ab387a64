"""``customhouse users``: the sign-ins with which people look at their filer's pages.

Which filers a person sees is a matter of parties (a document's ``users``); here are only names and
passwords.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from customhouse.faults import Fault, Refused, declare

app = typer.Typer(help="Give people their sign-ins.", no_args_is_help=True)

TERMINAL_MISSING = declare(
    "terminal-missing",
    sentence="There is no terminal at which the password could be asked for unseen.",
    next_step="Give it as one line of the standard input: --password-stdin.",
    exit_code=2,
)


@app.command()
def add(
    username: Annotated[str, typer.Argument(help="The person's user name.")],
    *,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from the standard input.")
    ] = False,
) -> None:
    """Give a person a sign-in, or a new password to one who has a sign-in.

    The password is asked for, or read as one line of the standard input. It is never taken from
    the command line, where other people on the machine could see it.
    """
    from customhouse.settings import Settings
    from customhouse.web import identity

    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif not sys.stdin.isatty():
        raise Refused(Fault(TERMINAL_MISSING))
    else:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
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
