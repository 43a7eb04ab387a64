"""``customhouse credits``, for payers: join ACH Credit, see how that stands, read what was told.

A client like any other: it knows the agency by its address and a token, an importer's own or that
of a filer's sender.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from customhouse.money import format_dollars
from customhouse.trade.cli_abi import DEFAULT_AGENCY_URL, Address, TokenFile, agency_client
from customhouse.trade.counted import counted

app = typer.Typer(help="Pay by ACH Credit: join, pay, and be told.", no_args_is_help=True)

ENROLMENTS = "/api/v1/credit-enrolments"
NOTICES = "/api/v1/payer/notices"
STATEMENTS = "/api/v1/payer/statements"

FilerCode = Annotated[
    str | None,
    typer.Option("--filer", help="The filer that pays; not needed when you transmit for one only."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Give the agency's answer as JSON.")]


@app.command()
def enrol(
    file: Annotated[Path, typer.Argument(help="The form as JSON, or - for standard input.")],
    *,
    url: Address = DEFAULT_AGENCY_URL,
    token_file: TokenFile = None,
) -> None:
    """File the form to join ACH Credit, or to change what it said; print its number.

    Filed again while it is open, it is the same form.
    """
    from customhouse.trade.cli_credit_joining import read_json_file

    body = read_json_file(file)
    with agency_client(url, token_file) as client:
        answer = client.post_json(ENROLMENTS, body).values
    typer.echo(f"form {answer['application_number']} is received; you are told how it is decided")


@app.command()
def enrolment(
    *,
    filer: FilerCode = None,
    as_json: AsJson = False,
    url: Address = DEFAULT_AGENCY_URL,
    token_file: TokenFile = None,
) -> None:
    """Tell how your enrolment stands and, once it is approved, where to push money."""
    with agency_client(url, token_file) as client:
        found = client.get_json(ENROLMENTS, _query(filer_code=filer))
    typer.echo(json.dumps(found) if as_json else "\n".join(_enrolment_words(found)))


@app.command()
def notices(
    *,
    after: Annotated[int, typer.Option("--after", help="Only those behind this one.")] = 0,
    filer: FilerCode = None,
    as_json: AsJson = False,
    url: Address = DEFAULT_AGENCY_URL,
    token_file: TokenFile = None,
) -> None:
    """Read what you were told, oldest first."""
    behind, shown = after, 0
    with agency_client(url, token_file) as client:
        while True:
            page = client.get_json(NOTICES, _query(filer_code=filer, after=str(behind)))
            for each in page["notices"]:
                typer.echo(json.dumps(each) if as_json else "\n".join(_notice_words(each)))
            if not page["notices"]:
                break
            behind, shown = page["last"], shown + len(page["notices"])
    if not shown and not as_json:
        typer.echo("Nothing was told.")


@app.command("statements")
def list_statements(
    *,
    filer: FilerCode = None,
    as_json: AsJson = False,
    url: Address = DEFAULT_AGENCY_URL,
    token_file: TokenFile = None,
) -> None:
    """List the statements that you may pay: number, amount, due date, latest day to originate."""
    behind, shown = "", 0
    with agency_client(url, token_file) as client:
        while True:
            page = client.get_json(STATEMENTS, _query(filer_code=filer, after=behind or None))
            for each in page["statements"]:
                typer.echo(json.dumps(each) if as_json else _statement_words(each))
            shown += len(page["statements"])
            if not page["statements"]:
                break
            behind = page["last"]
    if not shown and not as_json:
        typer.echo("Nothing is to be paid.")


def _query(**asked: str | None) -> dict[str, str]:
    return {name: value for name, value in asked.items() if value is not None}


def _enrolment_words(found: Mapping[str, Any]) -> Iterator[str]:
    yield f"payer           {found['payer_identifier']}, {found['payer_name']}"
    yield f"enrolment       {found['state']}"
    if found["reason"]:
        yield f"reason          {found['reason']}"
    if found["open_form"] is not None:
        form = found["open_form"]
        yield f"open form       {form['application_number']}, {form['purpose']}"
        yield f"filed by        {_filing_words(form['filed_by'])}"
    if found["state"] == "approved":
        yield "next            have your bank send a zero-dollar entry with an addendum"
    if found["effective_on"] is not None:
        yield f"effective from  {found['effective_on']}"
    if found["details"] is not None:
        told = found["details"]
        address = f" to {told['contact_email']}" if told["notify_by"] == "e-mail" else ""
        yield f"told by         {told['notify_by']}{address}"
        yield f"approved form   by {_filing_words(told['filed_by'])}"
    if found["payment"] is not None:
        payment = found["payment"]
        yield f"push to         {payment['receiving_company']}"
        yield f"routing number  {payment['routing_number']}"
        yield f"account number  {payment['account_number']}"
        yield f"formats         {', '.join(payment['formats'])}"
        codes = (f"{kind} {code}" for kind, code in payment["payment_type_codes"].items())
        yield f"type codes      {', '.join(codes)}"


def _filing_words(filed_by: Mapping[str, Any]) -> str:
    """Say who filed a form; officers are told all filers of a sender, the payer their number."""
    how: str = filed_by["how"]
    if how == "sender":
        filers = ", ".join(filed_by["filer_codes"]) or counted(filed_by["filers"], "filer")
        return f"the sender of {filers}"
    return {"payer": "you", "paper": "an officer, from paper"}.get(how, "somebody unknown")


def _notice_words(each: Mapping[str, Any]) -> Iterator[str]:
    about = f", statement {each['statement_number']}" if each["statement_number"] else ""
    yield f"{each['id']}  {each['created_on']}  {each['kind']}{about}"
    yield f"  {each['text']}"


def _statement_words(each: Mapping[str, Any]) -> str:
    due = each["due_on"] or "no day"
    latest = each["originate_by"] or "no day"
    late = ", LATE" if each["is_late"] else ""
    return (
        f"{each['statement_number']}  {format_dollars(each['amount_cents']):>16}  due {due},"
        f" originate by {latest}{late}  filer {each['filer_code']} {each['filer_name']}"
    )
