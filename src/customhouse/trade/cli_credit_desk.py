"""``customhouse desk``, for officers: money that arrived and was not matched, and what to do.

On the agency's own machine. Each decision needs the officer's name and a reason; ``--try`` shows
what it would come to and does nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from customhouse.trade.cli_credit_desk_rules import clock_of, connected, officers, rules, today

if TYPE_CHECKING:
    from psycopg import Connection

    from customhouse.agency.credit_desk_cases import Desk, Outcome

app = typer.Typer(help="Payments that arrived and were not matched.", no_args_is_help=True)
app.add_typer(officers, name="officers")
app.add_typer(rules, name="rules")

Part = Annotated[str, typer.Argument(metavar="PART", help="The part, as the list shows it.")]
Number = Annotated[str, typer.Argument(metavar="DOCUMENT", help="A statement or a bill.")]
Officer = Annotated[str, typer.Option("--officer", help="Who decides.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept with the decision.")]
Tried = Annotated[bool, typer.Option("--try", help="Show what it would come to; do nothing.")]
AsJson = Annotated[bool, typer.Option("--json", help="Give it as JSON.")]


@app.command("list")
def list_parts(
    *,
    reason: Annotated[str | None, typer.Option("--reason", help="What waits for this.")] = None,
    older_than: Annotated[
        int | None, typer.Option("--older-than", metavar="DAYS", help="At least so many days.")
    ] = None,
    min_cents: Annotated[int, typer.Option("--min-cents", help="At least so much.")] = 0,
    payer: Annotated[str | None, typer.Option("--payer", help="What this payer sent.")] = None,
    answered: Annotated[
        bool, typer.Option("--answered", help="What is answered about, or claimed.")
    ] = False,
    after: Annotated[
        str | None, typer.Option("--after", metavar="PART", help="Go on behind this part.")
    ] = None,
    csv_file: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Keep all of it as CSV.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """List what waits, the oldest first and then the largest, with totals by reason and age."""
    from customhouse.agency.credit_desk_document import csv_lines, spelled_list
    from customhouse.agency.credit_work_list import Filters, pages, work_list
    from customhouse.trade.cli_credit_desk_words import list_words
    from customhouse.trade.kept_files import as_bytes, keep

    filters = Filters(reason, older_than, min_cents, payer, answered, after)
    with connected() as connection:
        day = today(connection)
        if csv_file is not None:
            every = pages(connection, filters, business_date=day)
            keep(csv_file, as_bytes(csv_lines(every)))
            typer.echo(f"kept as {csv_file}", err=True)
            return
        found = work_list(connection, filters, business_date=day)
    if as_json:
        typer.echo(json.dumps(spelled_list(found)))
    else:
        typer.echo("\n".join(list_words(found)))


@app.command()
def show(part: Part, *, as_json: AsJson = False) -> None:
    """Show a part: the raw characters, what they read as, history, answers and candidates."""
    from customhouse.agency import credit_desk
    from customhouse.agency.credit_desk_document import spelled_shown
    from customhouse.settings import Settings
    from customhouse.trade.cli_credit_desk_words import shown_words

    with connected() as connection:
        profile = Settings.from_environment().txp_profile
        found = credit_desk.show(connection, part, profile=profile)
    typer.echo(json.dumps(spelled_shown(found)) if as_json else "\n".join(shown_words(found)))


@app.command()
def apply(
    part: Part,
    document: Number,
    officer: Officer,
    reason: Reason,
    *,
    cents: Annotated[int | None, typer.Option("--cents", help="So much; the rest waits.")] = None,
    payer: Annotated[
        str | None, typer.Option("--payer", help="Who sent money that nobody was known for.")
    ] = None,
    remember: Annotated[
        bool, typer.Option("--remember", help="Make a rule of what was wrong.")
    ] = False,
    tried: Tried = False,
    as_json: AsJson = False,
) -> None:
    """Apply a part to a statement or bill; too little waits, too much is owed back."""
    from customhouse.agency import credit_desk_acts

    use = credit_desk_acts.Use(document, cents, payer, remember)
    _decide(
        lambda connection, desk: credit_desk_acts.apply(
            connection, part, use, reason=reason, desk=desk
        ),
        officer,
        tried=tried,
        as_json=as_json,
    )


@app.command()
def split(
    part: Part,
    shares: Annotated[
        list[str], typer.Argument(metavar="AMOUNT=DOCUMENT...", help="Or AMOUNT=refund.")
    ],
    officer: Officer,
    reason: Reason,
    *,
    tried: Tried = False,
    as_json: AsJson = False,
) -> None:
    """Share a part out, each share for a document or to go back: 1000.00=3927327001."""
    from customhouse.agency import credit_desk_acts
    from customhouse.agency.credit_desk_shares import read_shares

    wanted = read_shares(shares)
    _decide(
        lambda connection, desk: credit_desk_acts.split(
            connection, part, wanted, reason=reason, desk=desk
        ),
        officer,
        tried=tried,
        as_json=as_json,
    )


@app.command()
def refund(
    part: Part, officer: Officer, reason: Reason, *, tried: Tried = False, as_json: AsJson = False
) -> None:
    """Owe a part back to who sent it."""
    from customhouse.agency import credit_desk_acts

    _decide(
        lambda connection, desk: credit_desk_acts.refund(
            connection, part, reason=reason, desk=desk
        ),
        officer,
        tried=tried,
        as_json=as_json,
    )


@app.command("owed-back")
def owed_back(*, as_json: AsJson = False) -> None:
    """List what is owed back because of a debit that did not stand: its statement is due again."""
    from customhouse.agency import credit_reopened
    from customhouse.agency.credit_desk_document import spelled_owed_back
    from customhouse.trade.cli_credit_desk_words import owed_back_words

    with connected() as connection:
        found = credit_reopened.listing(connection)
    if as_json:
        typer.echo(json.dumps({"parts": [spelled_owed_back(each) for each in found]}))
    else:
        typer.echo("\n".join(owed_back_words(found)))


@app.command()
def reapply(
    part: Part, officer: Officer, reason: Reason, *, tried: Tried = False, as_json: AsJson = False
) -> None:
    """Apply what is owed back to its statement, which is due again; the payer has to agree."""
    from customhouse.agency import credit_desk_reapply

    _decide(
        lambda connection, desk: credit_desk_reapply.reapply(
            connection, part, reason=reason, desk=desk
        ),
        officer,
        tried=tried,
        as_json=as_json,
    )


@app.command("return")
def send_back(
    entry: Annotated[str, typer.Argument(metavar="CREDIT-OR-PART", help="It goes back whole.")],
    officer: Officer,
    reason: Reason,
    *,
    tried: Tried = False,
    as_json: AsJson = False,
) -> None:
    """Refuse an entry that nobody can place: the bank sends all of it back with R23."""
    from customhouse.agency import credit_return_acts

    _decide(
        lambda connection, desk: credit_return_acts.send_back(
            connection, entry, reason=reason, desk=desk
        ),
        officer,
        tried=tried,
        as_json=as_json,
    )


@app.command("returns")
def list_returns(*, as_json: AsJson = False) -> None:
    """List the entries that are on their way back, the oldest decision first."""
    from customhouse.agency import credit_returns
    from customhouse.agency.credit_return_document import returns_words, spelled_leaving

    with connected() as connection:
        found = credit_returns.listing(connection)
    if as_json:
        typer.echo(json.dumps({"entries": [spelled_leaving(each) for each in found]}))
    else:
        typer.echo("\n".join(returns_words(found)))


@app.command()
def ask(
    part: Part,
    question: Annotated[str, typer.Argument(help="What the payer reads.")],
    officer: Officer,
    *,
    tried: Tried = False,
    as_json: AsJson = False,
) -> None:
    """Ask who sent a part; it is told at once, in the way it chose."""
    from customhouse.agency import credit_desk_acts

    _decide(
        lambda connection, desk: credit_desk_acts.ask(connection, part, question, desk=desk),
        officer,
        tried=tried,
        as_json=as_json,
    )


@app.command()
def assign(
    part: Part,
    payer: Annotated[str, typer.Argument(metavar="PAYER", help="Importer number or filer code.")],
    officer: Officer,
    reason: Reason,
    *,
    tried: Tried = False,
    as_json: AsJson = False,
) -> None:
    """Say whose money a part is; which document it pays stays open."""
    from customhouse.agency import credit_desk_acts

    _decide(
        lambda connection, desk: credit_desk_acts.assign(
            connection, part, payer, reason=reason, desk=desk
        ),
        officer,
        tried=tried,
        as_json=as_json,
    )


def _decide(
    act: Callable[[Connection, Desk], Outcome], officer: str, *, tried: bool, as_json: bool
) -> None:
    from customhouse.agency.credit_desk_document import spelled_outcome
    from customhouse.trade.cli_credit_desk_words import outcome_words

    with connected() as connection:
        outcome = act(connection, _desk(connection, officer, tried=tried))
    if as_json:
        typer.echo(json.dumps(spelled_outcome(outcome)))
    else:
        typer.echo("\n".join(outcome_words(outcome)))


def _desk(connection: Connection, officer: str, *, tried: bool) -> Desk:
    from customhouse.agency import credit_officers
    from customhouse.agency.credit_desk_cases import desk_of
    from customhouse.settings import Settings

    named = credit_officers.by_name(connection, officer)
    profile = Settings.from_environment().txp_profile
    return desk_of(connection, named, clock=clock_of(connection), profile=profile, tried=tried)
