"""``customhouse credits``, for the agency's officers: decide who joins, renew tokens, watch mail.

On the agency's own machine. Tokens are written to a file that only its owner may read.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from customhouse.faults import Fault, Refused

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import date

    from psycopg import Connection

    from customhouse.agency.paying_parties import PayingParty
    from customhouse.clock import Clock
    from customhouse.settings import Settings

app = typer.Typer(help="Pay by ACH Credit: join, pay, and be told.", no_args_is_help=True)
enrolments = typer.Typer(help="Decide who joins ACH Credit.", no_args_is_help=True)
token = typer.Typer(help="Tokens of importers that pay by ACH Credit.", no_args_is_help=True)
mail = typer.Typer(help="Payers' mail that did not arrive for certain.", no_args_is_help=True)
app.add_typer(enrolments, name="enrolments")
app.add_typer(token, name="token")
app.add_typer(mail, name="mail")

CREDENTIALS_HELP = "A new file for the importer's token; only you may read it."

Number = Annotated[str, typer.Argument(metavar="FORM", help="The form's number.")]
Payer = Annotated[str, typer.Argument(metavar="PAYER", help="Importer number or filer code.")]
Officer = Annotated[str, typer.Option("--officer", help="Who decides.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; the payer reads it.")]


@enrolments.command()
def receive(
    file: Annotated[Path, typer.Argument(help="The form as JSON, or - for standard input.")],
) -> None:
    """Enter a form that came on paper; print its number."""
    from customhouse.agency.credit_enrolment_commands import file_form
    from customhouse.agency.credit_enrolment_document import read_form
    from customhouse.agency.credit_enrolments import ON_PAPER

    form = read_form(read_json_file(file))
    with _connected() as connection:
        number = file_form(connection, form, filed_by=ON_PAPER, clock=_clock(connection))
    typer.echo(f"form {number} is received")


@enrolments.command("list")
def list_forms(
    *,
    every: Annotated[bool, typer.Option("--all", help="Those that are decided, too.")] = False,
) -> None:
    """List the forms that wait to be decided, with who filed them and what speaks against it."""
    from customhouse.agency.credit_enrolment_views import listing

    with _connected() as connection:
        found = listing(connection, on=_today(connection), every=every)
    for each in found:
        decided = f" on {each.decided_on} by {each.decided_by}" if each.decided_on else ""
        reason = f": {each.reason}" if each.reason else ""
        effective = f" from {each.effective_on}" if each.effective_on else ""
        typer.echo(
            f"{each.application_number}  {each.purpose}, {each.state}{decided}{reason}"
            f"  {each.payer_identifier} {each.company_name}, contact {each.contact_name},"
            f" received {each.received_on}; enrolment {each.enrolment_state}{effective};"
            f" filed by {each.filed_by}"
        )
        if each.warning:
            typer.echo(f"  WARNING: {each.warning}")
    if not found:
        typer.echo("There is no form." if every else "No form waits.")


@enrolments.command()
def approve(
    number: Number,
    officer: Officer,
    *,
    credentials: Annotated[Path | None, typer.Option(help=CREDENTIALS_HELP)] = None,
    confirmed: Annotated[
        bool,
        typer.Option("--confirmed", help="The payer has confirmed a form that has a WARNING."),
    ] = False,
) -> None:
    """Approve a form; an importer that joins gets a token, written to the file of credentials.

    A form that has a WARNING in the list is approved only when the payer has confirmed it.
    """
    from customhouse.agency import credit_enrolment_commands as commands
    from customhouse.agency import credit_enrolment_views, payer_tokens, paying_parties
    from customhouse.agency.credit_enrolment_faults import (
        ENROLMENT_FILER_STRANGE,
        PAYER_TOKEN_FILE_MISSING,
    )
    from customhouse.trade.credential_file import CredentialFile

    with CredentialFile(credentials) as kept, _connected() as connection:
        clock = _clock(connection)
        form = credit_enrolment_views.form(connection, number, on=_today(connection))
        if form.warning and form.state == "received" and not confirmed:
            told = {"application_number": form.application_number, "warning": form.warning}
            raise Refused(Fault(ENROLMENT_FILER_STRANGE, told))
        payer = commands.approve(connection, number, officer=officer, clock=clock)
        needs_token = payer.kind == "importer" and not paying_parties.has_token(connection, payer)
        if needs_token:
            if credentials is None:
                raise Refused(Fault(PAYER_TOKEN_FILE_MISSING, {"payer": payer.identifier}))
            why = payer_tokens.TokenDecision(officer, f"form {number} was approved")
            given = payer_tokens.give(connection, payer, why, clock=clock)
            kept.write_payer(payer.identifier, given)
    typer.echo(f"form {number}, filed by {form.filed_by}, is approved; {payer.identifier} is told")
    if form.warning:
        typer.echo(f"WARNING: {form.warning}")
    if needs_token:
        typer.echo(f"its token is in {credentials}; hand it over, it is not shown again")


@enrolments.command()
def refuse(number: Number, officer: Officer, reason: Reason) -> None:
    """Refuse a form."""
    from customhouse.agency import credit_enrolment_commands as commands

    with _connected() as connection:
        clock = _clock(connection)
        commands.refuse(connection, number, officer=officer, reason=reason, clock=clock)
    typer.echo(f"form {number} is refused; its contact is told")


@enrolments.command()
def remove(payer: Payer, officer: Officer, reason: Reason) -> None:
    """Remove a payer from ACH Credit, in writing; what it pushes from now on is held for it."""
    from customhouse.agency import credit_enrolment_commands as commands
    from customhouse.agency.credit_enrolment_document import payer_spelled

    spelled = payer_spelled(payer)
    with _connected() as connection:
        clock = _clock(connection)
        commands.remove(connection, spelled, officer=officer, reason=reason, clock=clock)
    typer.echo(f"{spelled} is removed from ACH Credit, and is told")


@enrolments.command()
def show(payer: Payer) -> None:
    """Show how a payer's enrolment stands; where to push money is shown to the payer alone."""
    from customhouse.agency import credit_enrolment_views as views
    from customhouse.trade.counted import counted

    with _connected() as connection:
        found = views.enrolment_of(connection, _payer(connection, payer))
        open_form = found.open_form and views.form(
            connection, found.open_form.application_number, on=_today(connection)
        )
    typer.echo(f"payer           {found.payer_identifier}, {found.payer_name}")
    typer.echo(f"enrolment       {found.state}")
    for name, value in (
        ("reason", found.reason),
        ("approved on", found.approved_on),
        ("prenote", found.prenote_accepted_on),
        ("effective from", found.effective_on),
        ("removed on", found.removed_on),
        ("open form", open_form and open_form.application_number),
        ("filed by", open_form and open_form.filed_by),
        ("WARNING", open_form and open_form.warning),
    ):
        if value:
            typer.echo(f"{name:15} {value}")
    if found.details is not None:
        told = found.details
        typer.echo(f"company         {told.company_name}, {', '.join(told.address)}")
        typer.echo(f"contact         {told.contact_name}, {told.contact_phone}")
        typer.echo(f"told by         {told.notify_by} ({told.contact_email})")
        typer.echo(f"bank's lead     {counted(told.bank_lead_days, 'banking day')}")
        typer.echo(f"approved form   by {told.filed_by}")


@enrolments.command()
def prenotes() -> None:
    """List the latest zero-dollar entries that were refused, with what is missing."""
    from customhouse.agency.credit_prenotes import refused

    with _connected() as connection:
        found = refused(connection)
    for each in found:
        typer.echo(
            f"{each.judged_on}  {each.credit_id}  {each.company_name} through"
            f" {each.originating_dfi}, {each.payer_name or 'nobody known'}: {each.reason}."
            f" {each.detail}"
        )
    if not found:
        typer.echo("No zero-dollar entry was refused.")


@token.command()
def renew(
    payer: Payer,
    officer: Officer,
    reason: Reason,
    credentials: Annotated[Path, typer.Option(help=CREDENTIALS_HELP)],
) -> None:
    """Give an importer another token, and tell it; the former one ends at once."""
    from customhouse.agency import payer_tokens
    from customhouse.trade.credential_file import CredentialFile

    with CredentialFile(credentials) as kept, _connected() as connection:
        party, why = _payer(connection, payer), payer_tokens.TokenDecision(officer, reason)
        given = payer_tokens.renew(connection, party, why, clock=_clock(connection))
        kept.write_payer(party.identifier, given)
    typer.echo(f"{party.identifier}: renewed, token in {credentials}; the payer is told")


@token.command()
def revoke(payer: Payer, officer: Officer, reason: Reason) -> None:
    """End an importer's token at once, and tell it; it gets another one by renew only."""
    from customhouse.agency import payer_tokens

    with _connected() as connection:
        party, why = _payer(connection, payer), payer_tokens.TokenDecision(officer, reason)
        payer_tokens.revoke(connection, party, why, clock=_clock(connection))
    typer.echo(f"{party.identifier}: revoked; the payer is told")


@token.command("history")
def token_history(payer: Payer) -> None:
    """Tell who gave, renewed or revoked an importer's token and why, newest first."""
    from customhouse.agency import payer_tokens

    with _connected() as connection:
        found = payer_tokens.history(connection, _payer(connection, payer))
    for each in found:
        typer.echo(f"{each.acted_on}  {each.action} by {each.officer}: {each.reason}")
    if not found:
        typer.echo("Nothing was done about its token.")


@mail.command("list")
def list_mail() -> None:
    """List the mails that were refused, and those of which nobody knows whether they went."""
    from customhouse.agency import mail_sending

    with _connected() as connection:
        found = mail_sending.unsent(connection)
    for each in found:
        typer.echo(
            f"{each.notice_id}  {each.created_on}  {each.state}: {each.detail}"
            f"  {each.kind} to {each.payer_name}, {each.address}"
        )
    if not found:
        typer.echo("Every mail was sent or waits to be.")


@mail.command()
def again(
    notice: Annotated[int, typer.Argument(metavar="NUMBER", help="The mail's number.")],
) -> None:
    """Have one of them sent again, under the same Message-ID, with the next mail of the day."""
    from customhouse.agency import mail_sending

    with _connected() as connection:
        mail_sending.send_again(connection, notice)
    typer.echo(f"mail {notice} waits to be sent")


def read_json_file(path: Path) -> Any:
    """Read a JSON file strictly; raise Refused (file-unreadable, file-too-large)."""
    from customhouse.agency.credit_enrolment_document import LARGEST_BYTES
    from customhouse.agency.strict_json import UnreadableJson, read_json
    from customhouse.trade.cli_outcomes import FILE_UNREADABLE, read_bounded

    try:
        return read_json(read_bounded(path, LARGEST_BYTES))
    except UnreadableJson as error:
        values = {"path": path, "reason": str(error)}
        raise Refused(Fault(FILE_UNREADABLE, values)) from None


def _payer(connection: Connection, text: str) -> PayingParty:
    from customhouse.agency.credit_enrolment_document import payer_spelled
    from customhouse.agency.paying_parties import of_identifier

    return of_identifier(connection, payer_spelled(text))


def _settings() -> Settings:
    from customhouse.settings import Settings

    return Settings.from_environment()


def _connected() -> AbstractContextManager[Connection]:
    from customhouse import database

    return database.connect(_settings(), "agency")


def _today(connection: Connection) -> date:
    from customhouse.agency.suspensions import today

    return today(connection, _clock(connection))


def _clock(connection: Connection) -> Clock:
    """Give the machine's clock, or in a rehearsal one on the agency's business date."""
    from customhouse.agency import business_day
    from customhouse.clock import RehearsalClock, SystemClock

    day = business_day.latest(connection) if _settings().clock == "rehearsal" else None
    return SystemClock() if day is None else RehearsalClock(day.business_date)
