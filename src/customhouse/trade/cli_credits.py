"""``customhouse credits instruct``: how to push payments, and the file for the payer's bank.

A client like any other: it knows the agency by its address and a token, an importer's own or that
of a filer's sender. What needs no agency is in cli_credit_files.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from customhouse.trade.cli_abi import DEFAULT_AGENCY_URL, Address, TokenFile, agency_client
from customhouse.trade.cli_credit_files import (
    REFUSED,
    BankName,
    BankRouting,
    CompanyId,
    CompanyName,
    FileForm,
    FileId,
    Form,
    Late,
    require_all,
)
from customhouse.trade.cli_dates import read_date

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

app = typer.Typer(help="Pay by ACH Credit: join, pay, and be told.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="Give the answer as JSON.")]


@app.command()
def instruct(
    documents: Annotated[
        list[str] | None, typer.Argument(metavar="NUMBER", help="Statements and bills.")
    ] = None,
    *,
    all_due: Annotated[bool, typer.Option("--all-due", help="Everything that is due.")] = False,
    until: Annotated[
        str | None, typer.Option("--until", metavar="DATE", help="Of that, what is due by then.")
    ] = None,
    lead_days: Annotated[
        int | None,
        typer.Option("--lead-days", min=0, max=10, help="Banking days that your bank wants."),
    ] = None,
    settle_on: Annotated[
        str | None,
        typer.Option("--settle-on", metavar="DATE", help="Pay on this banking day, not the last."),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE", help="Write your bank's file here.")
    ] = None,
    form: Form = FileForm.CCD,
    bank_routing: BankRouting = None,
    bank_name: BankName = "",
    company_id: CompanyId = None,
    company_name: CompanyName = None,
    file_id: FileId = "A",
    late: Late = False,
    filer: Annotated[
        str | None, typer.Option("--filer", help="Which of your filers pays, of several.")
    ] = None,
    as_json: AsJson = False,
    url: Address = DEFAULT_AGENCY_URL,
    token_file: TokenFile = None,
) -> None:
    """Tell how to push payments: amount, addendum, account and the latest day for each document.

    With --file it writes the file that your bank takes. Ends with 7 when a document is refused, or
    is too late and --late was not given.
    """
    from customhouse.trade.client_instructions import Wanted, instructions, payment_file
    from customhouse.trade.instructions_told import instruction_lines
    from customhouse.trade.kept_files import keep

    if bool(documents) == all_due:
        seen = "no document" if not documents else "documents and --all-due"
        raise typer.BadParameter(f"{seen}: give numbers or --all-due", param_hint="NUMBER")
    bank = _bank_of_file(file, bank_routing, company_id=company_id, company_name=company_name)
    wanted = Wanted(
        documents=documents or None,
        until=None if until is None else read_date(until, "--until"),
        lead_days=lead_days,
        filer_code=filer,
        settle_on=None if settle_on is None else read_date(settle_on, "--settle-on"),
    )
    with agency_client(url, token_file) as client:
        answer = instructions(client, wanted)
        for line in [json.dumps(answer)] if as_json else instruction_lines(answer):
            typer.echo(line)
        chosen = _chosen(answer, late=late)
        open_ones = len(answer["documents"]) - len(chosen)
        if file is not None and chosen and (all_due or not open_ones):
            bank |= {"form": form.value, "file_id": file_id, "late": late}
            bank |= {"bank_name": bank_name or None}
            those = replace(wanted, documents=chosen, until=None)
            keep(file, [payment_file(client, those, bank=bank)])
            typer.echo(f"the file for your bank is {file}", err=True)
        elif file is not None:
            typer.echo("no file was written", err=True)
    if open_ones:
        raise typer.Exit(REFUSED)


def _bank_of_file(
    file: Path | None,
    bank_routing: str | None,
    *,
    company_id: str | None,
    company_name: str | None,
) -> dict[str, Any]:
    """Give what a file needs to know of the payer's bank; raise Refused where it is not all."""
    given = {
        "bank_routing": bank_routing,
        "company_identification": company_id,
        "company_name": company_name,
    }
    if file is not None:
        require_all(given)
    return dict(given)


def _chosen(answer: Mapping[str, Any], *, late: bool) -> Sequence[str]:
    """Give the documents of an answer that go into a file."""
    wanted = ("ready", "late") if late else ("ready",)
    return [each["document_number"] for each in answer["documents"] if each["outcome"] in wanted]
