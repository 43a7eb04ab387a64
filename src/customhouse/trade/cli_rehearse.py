"""Play the other side by hand: the ACH operator, one banking day at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from customhouse.faults import Fault, Refused, declare

if TYPE_CHECKING:
    from datetime import date

    from customhouse.rehearsal.operator import OperatorReport

app = typer.Typer(help="Play the other side: the ACH operator.", no_args_is_help=True)

SCRIPT_UNREADABLE = declare(
    "script-unreadable",
    sentence="The script cannot be followed: {reason}.",
    next_step="Write STATEMENT=CODE, for example 3927327001=R01 or 3927327001=C01+2.",
    exit_code=2,
)


@app.callback()
def rehearse() -> None:
    """Play the other side: the ACH operator."""


@app.command()
def operator(
    on: Annotated[
        str, typer.Option("--on", metavar="DATE", help="The banking day to play: YYYY-MM-DD.")
    ],
    script: Annotated[
        list[str] | None,
        typer.Option(
            "--script",
            metavar="STATEMENT=CODE",
            help="What comes back: 3927327001=R01, or =C01+2 two banking days after settlement.",
        ),
    ] = None,
) -> None:
    """Play one banking day of the ACH operator on the exchange folder.

    Takes the bank's files, acknowledges them, settles what is due, delivers returns and
    notifications of change. Its books and its script are in the data directory, operator/.
    """
    from customhouse.rehearsal.operator import Operator
    from customhouse.rehearsal.receiving_banks import BadScript, ScriptLine
    from customhouse.settings import Settings

    settings = Settings.from_environment()
    player = Operator(settings.exchange_directory, settings.data_directory / "operator")
    try:
        player.script.add([ScriptLine.parse(line) for line in script or []])
    except BadScript as error:
        raise Refused(Fault(SCRIPT_UNREADABLE, {"reason": str(error)})) from None
    for line in _report_lines(player.run(_date(on))):
        typer.echo(line)


def _date(text: str) -> date:
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date YYYY-MM-DD", param_hint="--on") from None


def _report_lines(report: OperatorReport) -> list[str]:
    from customhouse.money import format_dollars

    if report.closed:
        return [f"{report.on}: the banks are closed"]
    lines = [f"accepted {name}" for name in report.accepted]
    lines += [f"answered again {name}" for name in report.again]
    lines += [f"refused {name}: {reason}" for name, reason in report.refused.items()]
    if report.settled_count:
        total = format_dollars(report.settled_cents)
        lines.append(f"settled {report.settled_count} debits, {total}")
    for entry in (*report.returned, *report.changed):
        total = format_dollars(entry.amount_cents)
        lines.append(f"{entry.answer} for statement {entry.statement_number}, {total}")
    return lines or [f"{report.on}: nothing to do"]
