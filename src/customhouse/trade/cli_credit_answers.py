"""``customhouse credits waiting``, ``answer`` and ``claim``: a payer and its money that waits.

A client like any other: it knows the agency by its address and the payer's token.
"""

from __future__ import annotations

import json
from typing import Annotated

import typer

from customhouse.trade.cli_abi import DEFAULT_AGENCY_URL, Address, TokenFile, agency_client
from customhouse.trade.cli_dates import read_date

app = typer.Typer(help="Pay by ACH Credit, and see what became of it.", no_args_is_help=True)

Filer = Annotated[
    str | None, typer.Option("--filer", help="The filer that pays, where you have several.")
]
Documents = Annotated[
    list[str] | None,
    typer.Option("--document", metavar="NUMBER", help="What it pays; several times for several."),
]
Text = Annotated[str, typer.Option("--text", help="What else the officer should know.")]


@app.command("waiting")
def waiting_credits(
    *,
    filer: Filer = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Give a line of JSON for each part.")
    ] = False,
    url: Address = DEFAULT_AGENCY_URL,
    token_file: TokenFile = None,
) -> None:
    """List what waits of your own payments: why, what was asked, and what you answered."""
    from customhouse.trade.client_credit_answers import waiting, waiting_words

    with agency_client(url, token_file) as client:
        found = waiting(client, filer_code=filer)
    for each in found:
        typer.echo(json.dumps(each) if as_json else "\n".join(waiting_words(each)))
    if not found:
        typer.echo("Nothing of yours waits.", err=True)


@app.command()
def answer(
    part: Annotated[str, typer.Argument(metavar="PART", help="The part, as the list shows it.")],
    *,
    documents: Documents = None,
    refunded: Annotated[bool, typer.Option("--refund", help="It is to go back to you.")] = False,
    text: Text = "",
    filer: Filer = None,
    url: Address = DEFAULT_AGENCY_URL,
    token_file: TokenFile = None,
) -> None:
    """Say what a payment of yours is for; an officer decides, and nothing moves before."""
    from customhouse.trade.client_credit_answers import answer as send
    from customhouse.trade.client_credit_answers import answer_of

    body = answer_of(documents or [], refunded=refunded, text=text)
    with agency_client(url, token_file) as client:
        kept = send(client, part, body=body, filer_code=filer)
    typer.echo("kept; an officer decides" if kept["new"] else "you said so before")


@app.command()
def claim(
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="Of the whole entry: 1000.00.")],
    collected_on: Annotated[
        str, typer.Argument(metavar="DATE", help="The day on which it settled.")
    ],
    trace: Annotated[str, typer.Argument(metavar="TRACE", help="The 15 digits of your bank.")],
    *,
    documents: Documents = None,
    text: Text = "",
    filer: Filer = None,
    url: Address = DEFAULT_AGENCY_URL,
    token_file: TokenFile = None,
) -> None:
    """Claim a payment of yours that you were told nothing of; you are not told whether it is there.

    The exception desk compares amount, day and trace number with money that nobody is known for.
    """
    from customhouse.trade.client_credit_answers import answer_of
    from customhouse.trade.client_credit_answers import claim as send

    said = answer_of(documents or [], refunded=False, text=text)
    body = {
        "trace_number": trace,
        "amount_cents": _cents(amount),
        "collected_on": str(read_date(collected_on, "DATE")),
        "documents": said["documents"],
        "text": text,
    }
    with agency_client(url, token_file) as client:
        kept = send(client, body, filer_code=filer)
    typer.echo("kept; the desk compares it" if kept["new"] else "you claimed it before")


def _cents(amount: str) -> int:
    from customhouse.money import parse_dollars

    try:
        return parse_dollars(amount)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="AMOUNT") from None
