"""The command ``customhouse``: one thin root that mounts the commands of the other modules.

It owns how a command ends: a refusal is one line with a hint and the fault's exit code, anything
unexpected one line with a reference, and the trace goes to a log file. No command is written here.
"""

from __future__ import annotations

import importlib
import logging
import os
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from customhouse.faults import Refused
from customhouse.observability import failure_of, log_file, reference_id
from customhouse.settings import unknown_names

UNEXPECTED = 70

# Each module offers ``app``; without a group its commands stand directly below the root. Modules
# of one group add to it; its help is the first one's.
MODULES = (
    ("cli_world", None),
    ("cli_day", "day"),
    ("cli_fraud", "day"),
    ("cli_serve", None),
    ("cli_database", "database"),
    ("cli_parties", "parties"),
    ("cli_joining", "joining"),
    ("cli_units", "units"),
    ("cli_bills", "bills"),
    ("cli_credit_enrolments", "credits"),
    ("cli_credit_joining", "credits"),
    ("cli_credits", "credits"),
    ("cli_credit_files", "credits"),
    ("cli_entries", "entries"),
    ("cli_abi", "abi"),
    ("cli_statement_papers", "statements"),
    ("cli_statements", "statements"),
    ("cli_received", "credits"),
    ("cli_credit_answers", "credits"),
    ("cli_credit_desk", "desk"),
    ("cli_ach", "ach"),
    ("cli_bank", "bank"),
    ("cli_rehearse", "rehearse"),
    ("cli_ledger", "ledger"),
    ("cli_treasury", "treasury"),
    ("cli_users", "users"),
)

# What the library puts in front of its own sentence about a value.
_PREFIX = "Value error, "


class PlainGroup(TyperGroup):
    """The root of all commands: what is wrong with a value is said without the library's words."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; raises what the command raises, a BadParameter in plain words."""
        try:
            return super().invoke(ctx)
        except typer.BadParameter as error:
            error.message = error.message.removeprefix(_PREFIX)
            raise


app = typer.Typer(
    cls=PlainGroup,
    name="customhouse",
    help="Pay, collect and refund customs duties over the ACH network.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _tell_version(wanted: bool) -> None:  # noqa: FBT001 - Typer calls it with the value alone
    """Print the release and end, when it was asked for."""
    if wanted:
        typer.echo(f"customhouse {version('customhouse')}")
        raise typer.Exit


@app.callback()
def root(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_tell_version, is_eager=True, help="Say which release this is."
        ),
    ] = False,
) -> None:
    """Pay, collect and refund customs duties over the ACH network."""


def mount(root_app: typer.Typer) -> None:
    """Add every command module that is installed; one that is left out breaks nothing."""
    groups: dict[str, typer.Typer] = {}
    for module_name, group in MODULES:
        path = f"customhouse.trade.{module_name}"
        if find_spec(path) is None:
            continue
        module = importlib.import_module(path)
        if group is None:
            root_app.registered_commands.extend(module.app.registered_commands)
        elif group in groups:
            groups[group].registered_commands.extend(module.app.registered_commands)
            groups[group].registered_groups.extend(module.app.registered_groups)
        else:
            groups[group] = module.app
            root_app.add_typer(module.app, name=group)


mount(app)


def main() -> None:
    """Run the command line and end the process as its outcome says."""
    for name, nearest in unknown_names():
        typer.echo(f"warning: nothing reads {name}; did you mean {nearest}?", err=True)
    try:
        app()
    except Refused as refused:
        sys.exit(refuse(refused))
    except Exception as error:  # noqa: BLE001 - the last resort: no trace reaches a user
        from customhouse.database.failures import refusal_of

        known = refusal_of(error)
        sys.exit(fail(error) if known is None else refuse(known))


def refuse(refused: Refused) -> int:
    """Tell each fault in a line with its hint on the standard error; give the exit code."""
    for fault in refused.faults:
        typer.echo(f"{fault.code}: {fault.sentence}", err=True)
        typer.echo(f"  hint: {fault.next_step}", err=True)
    return refused.faults[0].kind.exit_code


def fail(error: Exception) -> int:
    """Tell of an unexpected failure in one line; its trace goes to a log file. Gives the code."""
    reference = reference_id()
    kept = _keep(error, reference)
    where = f"; details in {kept}" if kept else ""
    typer.echo(f"Something failed unexpectedly, reference {reference}{where}", err=True)
    return UNEXPECTED


def _keep(error: Exception, reference: str) -> Path | None:
    """Write the failure to the log of commands; None when even that is impossible."""
    directory = Path(os.environ.get("CUSTOMHOUSE_DATA") or "var").absolute() / "logs"
    if not directory.parent.exists():
        # Nothing is made in what may be a wrong folder.
        directory = Path(mkdtemp(prefix="customhouse-"))
    try:
        handler = log_file(directory, "commands")
    except OSError:
        return None
    record = logging.LogRecord(
        "customhouse.commands", logging.ERROR, __file__, 0, "unexpected failure", (), None
    )
    record.data = {"reference": reference, **failure_of(error)}
    handler.emit(record)
    handler.close()
    return directory / "commands.jsonl"
