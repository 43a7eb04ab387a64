"""``customhouse statements``: list what is to be paid, try it, pay it in one step, see alerts.

It is a client like any other: it knows the agency by its address and a token, not its database.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from customhouse.faults import Fault, Refused, declare
from customhouse.identifiers import bare_number
from customhouse.trade.cli_abi import DEFAULT_AGENCY_URL, Address, TokenFile, agency_client
from customhouse.trade.cli_dates import read_date

if TYPE_CHECKING:
    from customhouse.trade.client import AgencyClient
    from customhouse.trade.client_payments import PaymentOrder

app = typer.Typer(help="See and keep statements, and pay them.", no_args_is_help=True)

REFUSED = 7

NOTHING_ORDERED = declare(
    "nothing-ordered",
    sentence="The order names {seen}.",
    next_step="Give NUMBER=AMOUNT for each statement, or --file FILE, or --all-due: one of them.",
    exit_code=2,
)
ORDER_ITEM_UNREADABLE = declare(
    "order-item-unreadable",
    sentence="{item} is not a statement and its amount: {reason}.",
    next_step="Write 3927328001=1046.08, each statement once; in a file use columns"
    " statement_number and amount.",
    exit_code=2,
)


class StatementState(StrEnum):
    """Where a statement can stand."""

    PRELIMINARY = "preliminary"
    AUTHORIZED = "authorized"
    PAID = "paid"
    FINAL = "final"
    CANCELLED = "cancelled"


Items = Annotated[
    list[str] | None,
    typer.Argument(metavar="NUMBER=AMOUNT", help="A statement and its total in dollars."),
]
OrderFile = Annotated[
    Path | None,
    typer.Option("--file", help="A CSV file with the columns statement_number and amount."),
]
AllDue = Annotated[
    bool,
    typer.Option("--all-due", help="Every statement not yet authorized, as its total stands."),
]
Until = Annotated[
    str | None, typer.Option("--until", metavar="DATE", help="Only what is due by this day.")
]
Unit = Annotated[str, typer.Option("--unit", metavar="NUMBER", help="The payer unit that pays.")]
DebitOn = Annotated[
    str | None,
    typer.Option("--debit-on", metavar="DATE", help="The banking day on which to be debited."),
]
FilerCode = Annotated[
    str | None,
    typer.Option("--filer", help="The filer; not needed when you transmit for one only."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Give the agency's answer as JSON.")]


@app.command("list")
def list_statements(
    *,
    state: Annotated[
        StatementState | None, typer.Option("--state", help="Only statements that stand so.")
    ] = None,
    until: Until = None,
    filer: FilerCode = None,
    as_json: AsJson = False,
    url: Address = DEFAULT_AGENCY_URL,
    token_file: TokenFile = None,
) -> None:
    """List a filer's statements by number: state, total, due date, expected debit."""
    from customhouse.trade.client_payments import statements
    from customhouse.trade.counted import counted
    from customhouse.trade.payments_told import statement_line

    due_until = None if until is None else read_date(until, "--until").isoformat()
    asked = {"filer_code": filer, "state": state, "due_until": due_until}
    query = {name: str(value) for name, value in asked.items() if value is not None}
    count = 0
    with agency_client(url, token_file) as client:
        for each in statements(client, query):
            typer.echo(json.dumps(each) if as_json else statement_line(each))
            count += 1
    typer.echo(counted(count, "statement"), err=True)


@app.command()
def preview(
    items: Items = None,
    *,
    unit: Unit,
    file: OrderFile = None,
    all_due: AllDue = False,
    until: Until = None,
    debit_on: DebitOn = None,
    filer: FilerCode = None,
    as_json: AsJson = False,
    url: Address = DEFAULT_AGENCY_URL,
    token_file: TokenFile = None,
) -> None:
    """Tell what an order would lead to and why, by the agency's own rules; nothing is done.

    Where an amount is not the total on the books it names the entries that explain it. Ends with
    7 when a statement would be refused.
    """
    named = _amounts(items, file, all_due=all_due)
    with agency_client(url, token_file) as client:
        order = _order(client, named, filer=filer, unit=unit, days=(debit_on, until))
        _tell(client, order, as_json=as_json, tried=True)


@app.command()
def authorize(
    items: Items = None,
    *,
    unit: Unit,
    file: OrderFile = None,
    all_due: AllDue = False,
    until: Until = None,
    debit_on: DebitOn = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only tell what would happen, as preview does.")
    ] = False,
    filer: FilerCode = None,
    as_json: AsJson = False,
    url: Address = DEFAULT_AGENCY_URL,
    token_file: TokenFile = None,
) -> None:
    """Authorize many statements in one step; each gets an authorization of its own.

    Run it again when an answer was lost: nothing is done twice, and what stands as ordered counts
    as done. Ends with 0 when every statement is authorized, with 7 when one was refused.
    """
    named = _amounts(items, file, all_due=all_due)
    with agency_client(url, token_file) as client:
        order = _order(client, named, filer=filer, unit=unit, days=(debit_on, until))
        _tell(client, order, as_json=as_json, tried=dry_run)


@app.command()
def negate(
    items: Items = None,
    *,
    unit: Unit,
    file: OrderFile = None,
    filer: FilerCode = None,
    as_json: AsJson = False,
    url: Address = DEFAULT_AGENCY_URL,
    token_file: TokenFile = None,
) -> None:
    """Undo authorizations on the day of their acceptance, before its cut-off.

    Name what was authorized: statement, amount and payer unit. Ends with 7 when one still stands.
    """
    from customhouse.trade import client_payments
    from customhouse.trade.payments_told import negation_lines

    amounts = _amounts(items, file, all_due=False)
    with agency_client(url, token_file) as client:
        order = _order(client, amounts, filer=filer, unit=unit, days=(None, None))
        outcomes = client_payments.negate(client, order)
    lines = map(json.dumps, outcomes) if as_json else negation_lines(outcomes)
    for line in lines:
        typer.echo(line)
    if any(each["outcome"] != "undone" for each in outcomes):
        raise typer.Exit(REFUSED)


@app.command()
def alerts(
    *,
    filer: FilerCode = None,
    as_json: AsJson = False,
    url: Address = DEFAULT_AGENCY_URL,
    token_file: TokenFile = None,
) -> None:
    """Tell what is urgent: unpaid and due, on no statement, refused units, days near a cap.

    Ends with 7 when there is an alert, with 0 when there is none.
    """
    from customhouse.trade.client_payments import ALERTS

    with agency_client(url, token_file) as client:
        answer = client.get_json(ALERTS, {} if filer is None else {"filer_code": filer})
    for each in answer["alerts"]:
        if as_json:
            typer.echo(json.dumps(each))
            continue
        typer.echo(f"{each['kind']}: {each['sentence']}")
        typer.echo(f"  hint: {each['next_step']}")
    if answer["alerts"]:
        raise typer.Exit(REFUSED)
    typer.echo(f"no alert on {answer['business_date']}", err=True)


def _order(
    client: AgencyClient,
    amounts: dict[str, int] | None,
    *,
    filer: str | None,
    unit: str,
    days: tuple[str | None, str | None],
) -> PaymentOrder:
    """Put an order together; its days are those of debit and of due dates, as they were typed."""
    from customhouse.trade.client_payments import PaymentOrder, only_filer

    debit_on, until = days
    return PaymentOrder(
        filer_code=filer or only_filer(client),
        payer_unit_number=unit,
        amounts=amounts,
        debit_on=_day(debit_on, "--debit-on"),
        until=_day(until, "--until"),
    )


def _day(text: str | None, option: str) -> date | None:
    return None if text is None else read_date(text, option)


def _tell(client: AgencyClient, order: PaymentOrder, *, as_json: bool, tried: bool) -> None:
    """Send an order, tell its answers, and end with 7 when a statement is not authorized."""
    from customhouse.trade import client_payments
    from customhouse.trade.payments_told import order_lines

    send = client_payments.preview if tried else client_payments.authorize
    answers = send(client, order)
    body = next(order.bodies())
    if as_json:
        for answer in answers:
            typer.echo(json.dumps(answer))
    else:
        for line in order_lines(body, answers, tried=tried):
            typer.echo(line)
    outcomes = [outcome for answer in answers for outcome in answer["outcomes"]]
    if not all(client_payments.is_done(body, each) for each in outcomes):
        raise typer.Exit(REFUSED)


def _amounts(items: list[str] | None, file: Path | None, *, all_due: bool) -> dict[str, int] | None:
    """Give the cents of each statement by number, None for all that is due; raise Refused."""
    ways = sum((bool(items), file is not None, all_due))
    if ways != 1:
        seen = "no statement" if not ways else "statements in more than one way"
        raise Refused(Fault(NOTHING_ORDERED, {"seen": seen}))
    if all_due:
        return None
    amounts: dict[str, int] = {}
    for item, number, text in _of_file(file) if file is not None else _typed(items or []):
        if number in amounts:
            raise _unreadable(item, "the statement was named before")
        amounts[number] = _cents(item, text)
    return amounts


def _typed(items: list[str]) -> Iterator[tuple[str, str, str]]:
    for item in items:
        number, sign, text = item.partition("=")
        if not sign:
            raise _unreadable(ascii(item)[:40], "there is no = between them")
        yield ascii(item)[:40], bare_number(number), text.strip()


def _of_file(path: Path) -> Iterator[tuple[str, str, str]]:
    from customhouse.trade.cli_outcomes import FILE_UNREADABLE

    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            rows: list[Mapping[str, Any]] = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = getattr(error, "strerror", None) or "it is no CSV in UTF-8"
        raise Refused(Fault(FILE_UNREADABLE, {"path": path, "reason": reason})) from None
    if not rows:
        raise Refused(Fault(NOTHING_ORDERED, {"seen": "no statement"}))
    for line, row in enumerate(rows, 2):
        number, text = row.get("statement_number"), row.get("amount")
        if not number or not text:
            raise _unreadable(f"line {line}", "a column is missing or empty")
        yield f"line {line}", bare_number(number), text.strip()


def _cents(item: str, text: str) -> int:
    from customhouse.money import parse_dollars

    try:
        return parse_dollars(text)
    except ValueError as error:
        raise _unreadable(item, str(error)) from None


def _unreadable(item: str, reason: str) -> Refused:
    return Refused(Fault(ORDER_ITEM_UNREADABLE, {"item": item, "reason": reason}))
