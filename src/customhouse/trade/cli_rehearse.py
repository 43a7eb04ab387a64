"""Play the other side by hand: the ACH operator, or a whole day of everybody together."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from customhouse.faults import NO_BUSINESS_DAY, Fault, Refused, declare
from customhouse.trade.cli_dates import read_date, spelled

if TYPE_CHECKING:
    from customhouse.rehearsal.operator import Operator, OperatorReport
    from customhouse.rehearsal.payer_banks import PushReport
    from customhouse.rehearsal.push_books import PushedEntry
    from customhouse.rehearsal.receiving_banks import ScriptLine
    from customhouse.settings import Settings

app = typer.Typer(help="Play the other side: the ACH operator, or everybody.", no_args_is_help=True)

SCRIPT_UNREADABLE = declare(
    "script-unreadable",
    sentence="The script cannot be followed: {reason}.",
    next_step="Write STATEMENT=CODE, for example 3927327001=R01 or 3927327001=C01+2.",
    exit_code=2,
)
EXCHANGE_MISSING = declare(
    "exchange-missing",
    sentence="There is no exchange folder {folder}.",
    next_step="Read in the settings of the world first: . var/demo/settings.sh",
    exit_code=2,
)
NOT_A_REHEARSAL = declare(
    "not-a-rehearsal",
    sentence="These settings are of no rehearsal: CUSTOMHOUSE_CLOCK is system.",
    next_step="Read in the settings of a demo world first: . var/demo/settings.sh",
    exit_code=2,
)

PUSH_UNREADABLE = declare(
    "push-unreadable",
    sentence="The push cannot be followed: {reason}.",
    next_step="Write PAYER:DOCUMENT=DOLLARS, for example B76:3927327001=1046.08 or ...!letter+2.",
    exit_code=2,
)
PUSH_FILE_UNREADABLE = declare(
    "push-file-unreadable",
    sentence="The file {file} cannot be handed to a payer's bank: {reason}.",
    next_step="Give a file that is there and whose name ends in .ach.",
    exit_code=2,
)

ScriptOption = Annotated[
    list[str] | None,
    typer.Option(
        "--script",
        metavar="STATEMENT=CODE",
        help="What comes back: 3927327001=R01, or =C01+2 two banking days after settlement.",
    ),
]


@app.callback()
def rehearse() -> None:
    """Play the other side: the ACH operator, or everybody."""


@app.command()
def day(script: ScriptOption = None) -> None:
    """Play one business day of everybody, up to the agency's next morning.

    The agency's evening, then for each banking day the bank's day, the operator's day and the
    bank's intake, and the next morning of the agency. Both servers must be up.
    """
    from customhouse.business_days import FEDERAL_RESERVE
    from customhouse.settings import Settings
    from customhouse.trade.cli_day import calendar_on, run_one

    settings = Settings.from_environment()
    if settings.clock != "rehearsal":
        raise Refused(Fault(NOT_A_REHEARSAL))
    player, lines = _player(settings, script)
    today = _agency_day(settings)
    typer.echo(f"Agency, evening of {spelled(today)}")
    run_one(settings, today, "evening")
    morning = calendar_on(settings, today).next(today)
    banking_day = _first_banking_day(settings, today)
    while banking_day < morning:
        _bank(settings, banking_day)
        typer.echo(f"Operator, {spelled(banking_day)}")
        for line in _report_lines(player.run(banking_day)):
            typer.echo(f"  {line}")
        _bank(settings, None)
        banking_day = FEDERAL_RESERVE.next(banking_day)
    typer.echo(f"Agency, morning of {spelled(morning)}")
    run_one(settings, morning, "morning")
    _warn_idle(player, lines)


@app.command()
def operator(
    on: Annotated[
        str, typer.Option("--on", metavar="DATE", help="The banking day to play: YYYY-MM-DD.")
    ],
    script: ScriptOption = None,
) -> None:
    """Play one banking day of the ACH operator on the exchange folder.

    Takes the bank's files, acknowledges them, settles what is due, delivers returns and
    notifications of change. Its books and its script are in the data directory, operator/.
    """
    from customhouse.settings import Settings

    wanted = read_date(on, "--on")
    player, lines = _player(Settings.from_environment(), script)
    report = player.run(wanted)
    idle = report.closed or not report.did_something
    for line in _report_lines(report):
        typer.echo(f"{spelled(wanted)}: {line}" if idle else line)
    _warn_idle(player, lines)


@app.command()
def push(
    lines: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PAYER:DOCUMENT=DOLLARS]...",
            help="What a payer pushes: B76:3927327001=1046.08, with !FLAW and +DAYS behind.",
        ),
    ] = None,
    file: Annotated[
        list[Path] | None,
        typer.Option("--file", metavar="FILE", help="A payer's own ACH file for its bank."),
    ] = None,
) -> None:
    """Order a payer's bank to push money, or show what was pushed.

    The payers' banks send it on the operator's next day. Without lines and files it shows what
    was ordered, what was sent and what came back. Flaws spoil a payment on purpose: !letter,
    !digit, !transposed, !two, !type, !separators, !text, !zero, !negative, !stranger, !blanks,
    !bare (no addendum), !sum, !account, !twice, !reversal, !debit. PAYER:prenote is a zero-dollar
    entry; documents with commas between them are one CTX entry.
    """
    from customhouse.rehearsal.push_script import BadPush, Push
    from customhouse.settings import Settings

    player = _operator(Settings.from_environment())
    try:
        pushes = [Push.parse(line) for line in lines or []]
    except BadPush as error:
        raise Refused(Fault(PUSH_UNREADABLE, {"reason": str(error)})) from None
    read = [(path, _payers_file(path)) for path in file or []]
    player.payer_banks.script.add(pushes)
    for each in pushes:
        words = each.words()
        typer.echo(f"ordered: {each.spelled()}{f' ({words})' if words else ''}")
    for path, raw in read:
        held = player.payer_banks.put(path.name, raw)
        renamed = f" as {held.name}" if held.name != path.name else ""
        typer.echo(f"handed to the payer's bank: {path.name}{renamed}")
    if not (pushes or read):
        for line in _pushed_so_far(player):
            typer.echo(line)


def _payers_file(path: Path) -> bytes:
    """Read a payer's file; raise Refused."""
    if path.suffix != ".ach" or path.name.startswith("."):
        reason = "its name does not end in .ach"
        raise Refused(Fault(PUSH_FILE_UNREADABLE, {"file": path, "reason": reason}))
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise Refused(Fault(PUSH_FILE_UNREADABLE, {"file": path, "reason": reason})) from None


def _pushed_so_far(player: Operator) -> list[str]:
    banks = player.payer_banks
    waiting = banks.script.pushes()[banks.books.lines_done :]
    lines = [_push_line(entry) for entry in banks.books.entries]
    lines += [f"waits for the operator's next day: {push.spelled()}" for push in waiting]
    lines += [f"waits until it is due: {path.name}" for path in banks.waiting_files()]
    return lines or ["nothing was pushed yet"]


def _push_line(entry: PushedEntry) -> str:
    from customhouse.money import format_dollars

    ended = f"; came back: {entry.code}" if entry.code else ""
    return (
        f"{entry.trace} {entry.kind} {format_dollars(entry.amount_cents)}, settles"
        f" {entry.settles_on.isoformat()}, {entry.ordered_as}{ended}"
    )


def _operator(settings: Settings) -> Operator:
    """Give the operator of the exchange folder; raise Refused when there is none."""
    from customhouse.rehearsal.operator import Operator
    from customhouse.rehearsal.payer_banks import CollectionPoint

    if not (settings.exchange_directory / "outbound").is_dir():
        raise Refused(Fault(EXCHANGE_MISSING, {"folder": settings.exchange_directory}))
    point = CollectionPoint(settings.collection_routing, settings.collection_account)
    return Operator(settings.exchange_directory, settings.data_directory / "operator", point)


def _player(settings: Settings, script: list[str] | None) -> tuple[Operator, list[ScriptLine]]:
    """Give the operator with the script's new lines, which are told; raise Refused."""
    from customhouse.rehearsal.receiving_banks import BadScript, ScriptLine

    player = _operator(settings)
    try:
        lines = [ScriptLine.parse(line) for line in script or []]
    except BadScript as error:
        raise Refused(Fault(SCRIPT_UNREADABLE, {"reason": str(error)})) from None
    player.script.add(lines)
    for line in lines:
        typer.echo(f"noted: {line.code} for statement {line.statement_number}")
    return player, lines


def _warn_idle(player: Operator, lines: list[ScriptLine]) -> None:
    """Warn of a new line of the script that no debit is there for."""
    for number in dict.fromkeys(line.statement_number for line in lines):
        booked = [each for each in player.books.entries if each.statement_number == number]
        if not booked:
            words = "no debit of that statement has come; the line waits for one"
        elif player.waits_in_vain(number):
            words = "its debits have settled; the line waits for another attempt"
        else:
            continue
        typer.echo(f"warning: {number}: {words}", err=True)


def _agency_day(settings: Settings) -> date:
    """Give the agency's latest day, open or closed; raise Refused (no-business-day)."""
    from customhouse.agency import business_day
    from customhouse.database import connect

    with connect(settings, "agency") as connection:
        latest = business_day.latest(connection)
    if latest is None:
        raise Refused(Fault(NO_BUSINESS_DAY))
    return latest.business_date


def _first_banking_day(settings: Settings, today: date) -> date:
    """Give the day behind the bank's date, or the bank's date when the agency is not past it."""
    from customhouse.bank.day import business_date, open_bank
    from customhouse.business_days import FEDERAL_RESERVE

    with open_bank(settings) as (connection, _clock):
        done = business_date(connection)
    if done is None:
        return FEDERAL_RESERVE.on_or_after(today)
    return FEDERAL_RESERVE.next(done) if done < today else done


def _bank(settings: Settings, on: date | None) -> None:
    """Run the bank's day on a date, or without one only its intake."""
    from customhouse.bank.day import open_office, run_intake, run_until
    from customhouse.trade.cli_bank import tell

    with open_office(settings) as office:
        if on is None:
            tell(run_intake(office), heading="Bank's intake, ")
        else:
            tell(run_until(office, on, rehearsal=True), heading="Bank, ")


def _report_lines(report: OperatorReport) -> list[str]:
    from customhouse.money import format_dollars

    if report.closed:
        return ["the banks are closed"]
    lines = [f"accepted {name}" for name in report.accepted]
    lines += [f"answered again {name}" for name in report.again]
    lines += [f"refused {name}: {reason}" for name, reason in report.refused.items()]
    if report.settled_count:
        noun = "debit" if report.settled_count == 1 else "debits"
        total = format_dollars(report.settled_cents)
        lines.append(f"settled {report.settled_count} {noun}, {total}")
    for entry in (*report.returned, *report.changed):
        total = format_dollars(entry.amount_cents)
        lines.append(f"{entry.answer} for statement {entry.statement_number}, {total}")
    lines += _push_lines(report.pushed)
    return lines or ["nothing to do"]


def _push_lines(pushed: PushReport) -> list[str]:
    """Tell what the payers' banks did: sent, refused to a payer, heard of as sent back."""
    from customhouse.money import format_dollars

    lines = []
    if pushed.sent:
        count = len(pushed.payments)
        noun = "payment" if count == 1 else "payments"
        others = len(pushed.sent) - count
        more = f" and {others} without money for the agency" if others else ""
        total = format_dollars(pushed.paid_cents)
        lines.append(f"payers push {count} {noun}, {total}{more}: {pushed.file}")
    for entry in pushed.returned:
        total = format_dollars(entry.amount_cents)
        lines.append(f"{entry.code}: {entry.ordered_as}, {total}, goes back to the payer's bank")
    lines += [f"payer's bank refused {name}: {why}" for name, why in pushed.refused.items()]
    return lines
