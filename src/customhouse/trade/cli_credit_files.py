"""``customhouse credits``, for payers without a server: the bank's file, a prenote, and a check.

Needs no agency, no database and no account but the agency's own: lists and files in, files and
lines out. What is due, and by when, is asked with ``instruct``.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from customhouse.faults import Fault, Refused, declare
from customhouse.trade.cli_dates import read_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from customhouse.formats.nacha_records import Item
    from customhouse.formats.payment_file import Originator, Payee, PaymentOrder
    from customhouse.formats.txp import TxpProfile
    from customhouse.trade.client_payment_list import PaymentList

app = typer.Typer(help="Pay by ACH Credit: join, pay, and be told.", no_args_is_help=True)

REFUSED = 7
LARGEST_LIST_BYTES = 16 * 1024 * 1024

PAYMENT_LIST_UNREADABLE = declare(
    "payment-list-unreadable",
    sentence="The list {path} cannot be read: {reason}.",
    next_step="Give CSV with document_number, amount and settle_on, or what instruct --json said.",
    exit_code=2,
)
PAYEE_MISSING = declare(
    "payee-missing",
    sentence="Nothing says to which account of the agency the payment goes.",
    next_step="Give --payee FILE: the JSON of customhouse credits enrolment --json or instruct.",
    exit_code=2,
)
FILE_NOT_ORDERED = declare(
    "payment-file-not-ordered",
    sentence="The file for your bank needs {options}.",
    next_step="Give them beside --file, as your bank knows your company.",
    exit_code=2,
)
PAYMENT_FILE_WRONG = declare(
    "payment-file-wrong",
    sentence="The payment file cannot be written: {reason}.",
    next_step="Correct that and write it again.",
    exit_code=2,
)


class FileForm(StrEnum):
    """The two forms that the agency takes."""

    CCD = "CCD"
    CTX = "CTX"


FORM_HELP = "CCD: an entry for each document; CTX: one entry with an addendum for each."
Form = Annotated[FileForm, typer.Option("--form", help=FORM_HELP)]
BankRouting = Annotated[
    str | None, typer.Option("--bank-routing", help="Your bank's routing number.")
]
BankName = Annotated[str, typer.Option("--bank-name", help="Your bank's name, for the file.")]
CompanyId = Annotated[
    str | None,
    typer.Option("--company-id", help="Your identification at your bank: 1 and the EIN, mostly."),
]
CompanyName = Annotated[
    str | None, typer.Option("--company-name", help="Your company's name, up to 16 characters.")
]
FileId = Annotated[
    str, typer.Option("--file-id", help="A for the first file of a day, B for the second, ...")
]
Late = Annotated[bool, typer.Option("--late", help="Put late payments into the file, too.")]
PayeeFile = Annotated[
    Path | None,
    typer.Option("--payee", metavar="FILE", help="JSON that names the agency's account."),
]
ProfileFile = Annotated[
    Path | None,
    typer.Option("--profile", metavar="FILE", help="Another agency's TXP profile, as JSON."),
]
CreatedOn = Annotated[
    str | None,
    typer.Option(
        "--created-on", metavar="DATE", help="The file's date; that of the answer, or today."
    ),
]


@app.command("file")
def write_payment_file(
    payments: Annotated[
        Path, typer.Argument(metavar="LIST", help="CSV, or the JSON of instruct --json.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="Write here.")],
    *,
    bank_routing: BankRouting = None,
    bank_name: BankName = "",
    company_id: CompanyId = None,
    company_name: CompanyName = None,
    form: Form = FileForm.CCD,
    payer: Annotated[
        str | None, typer.Option("--payer", help="Your importer number or filer code.")
    ] = None,
    payee: PayeeFile = None,
    created_on: CreatedOn = None,
    file_id: FileId = "A",
    late: Late = False,
    profile: ProfileFile = None,
) -> None:
    """Write the file for your bank from a list, without any server.

    From what instruct --json said it writes the bytes that instruct --file writes. A CSV list has
    the columns document_number, amount and settle_on, and kind where a number may be two things;
    the file's date is today's unless --created-on gives another. More than one file is written,
    FILE-2 and so on, when one cannot hold it all.
    """
    from dataclasses import replace

    from customhouse.trade.counted import counted

    listed = _listed(payments, payer=payer, late=late)
    if payee is not None:
        listed = replace(listed, payee=_payee_of(payee))
    originator = _originator(bank_routing, company_id, name=company_name, bank_name=bank_name)
    order = _order(listed, originator, created_on=_day(created_on), file_id=file_id)
    _write(replace(order, form=form.value), output, profile=_profile(profile))
    if listed.left_out:
        late_ones = counted(listed.left_out, "late payment")
        typer.echo(f"left out: {late_ones}, which --late puts in", err=True)


@app.command()
def prenote(
    payer: Annotated[str, typer.Argument(metavar="PAYER", help="Importer number or filer code.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="Write here.")],
    *,
    settle_on: Annotated[str, typer.Option("--settle-on", metavar="DATE", help="A banking day.")],
    payee: PayeeFile = None,
    bank_routing: BankRouting = None,
    bank_name: BankName = "",
    company_id: CompanyId = None,
    company_name: CompanyName = None,
    created_on: CreatedOn = None,
    file_id: FileId = "A",
    profile: ProfileFile = None,
) -> None:
    """Write the zero-dollar entry with an addendum that an enrolment needs, for your bank."""
    from customhouse.formats.txp import TxpPayment
    from customhouse.trade.client_payment_list import PaymentList

    if payee is None:
        raise Refused(Fault(PAYEE_MISSING))
    nothing = TxpPayment(payer, "prenote", "", read_date(settle_on, "--settle-on"), 0)
    originator = _originator(bank_routing, company_id, name=company_name, bank_name=bank_name)
    listed = PaymentList((nothing,), payer, _payee_of(payee))
    order = _order(listed, originator, created_on=_day(created_on), file_id=file_id)
    _write(order, output, profile=_profile(profile))


@app.command()
def explain(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file for your bank.")],
    *,
    profile: ProfileFile = None,
) -> None:
    """Tell, entry by entry, what a payment file would pay and what is wrong with it; no server.

    Ends with 7 when something in it could not be applied by itself.
    """
    from customhouse.trade.client_payment_explained import explain as explained
    from customhouse.trade.instructions_told import entry_lines

    good = True
    with _items(file) as items:
        for entry in explained(items, profile=_profile(profile)):
            good = good and entry.is_good
            for line in entry_lines(entry):
                typer.echo(line)
    if not good:
        raise typer.Exit(REFUSED)


def _originator(
    bank_routing: str | None, company_id: str | None, *, name: str | None, bank_name: str
) -> Originator:
    from customhouse.formats.payment_file import Originator

    require_all(
        {
            "bank_routing": bank_routing,
            "company_identification": company_id,
            "company_name": name,
        }
    )
    return Originator(bank_routing or "", company_id or "", name or "", bank_name)


def require_all(given: Mapping[str, str | None]) -> None:
    """Raise Refused (payment-file-not-ordered) where a value of the payer's bank is missing."""
    options = {
        "bank_routing": "--bank-routing",
        "company_identification": "--company-id",
        "company_name": "--company-name",
    }
    missing = [option for name, option in options.items() if not given[name]]
    if missing:
        raise Refused(Fault(FILE_NOT_ORDERED, {"options": " and ".join(missing)}))


def _listed(path: Path, *, payer: str | None, late: bool) -> PaymentList:
    from customhouse.trade.client_payment_list import ListUnreadable, read_list

    try:
        return read_list(_read(path), payer=payer, with_late=late)
    except ListUnreadable as error:
        raise Refused(
            Fault(PAYMENT_LIST_UNREADABLE, {"path": path, "reason": str(error)})
        ) from None


def _payee_of(path: Path) -> Payee:
    from customhouse.trade.client_payment_list import ListUnreadable, read_payee

    try:
        return read_payee(_read(path))
    except ListUnreadable:
        raise Refused(Fault(PAYEE_MISSING)) from None


def _read(path: Path) -> bytes:
    """Read a file of bounded size; raise Refused where it cannot be read."""
    try:
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_LIST_BYTES + 1)
    except OSError as error:
        values = {"path": path, "reason": error.strerror or "no reason given"}
        raise Refused(Fault(PAYMENT_LIST_UNREADABLE, values)) from None
    if len(raw) > LARGEST_LIST_BYTES:
        values = {"path": path, "reason": f"it has more than {LARGEST_LIST_BYTES:,} bytes"}
        raise Refused(Fault(PAYMENT_LIST_UNREADABLE, values))
    return raw


def _order(
    listed: PaymentList, originator: Originator, *, created_on: date | None, file_id: str
) -> PaymentOrder:
    from customhouse.clock import SystemClock
    from customhouse.formats.payment_file import PaymentOrder

    if listed.payee is None:
        raise Refused(Fault(PAYEE_MISSING))
    today = SystemClock().now().astimezone().date()
    return PaymentOrder(
        payments=listed.payments,
        originator=originator,
        payee=listed.payee,
        created_on=created_on or listed.created_on or today,
        file_id_modifier=file_id,
    )


def _day(text: str | None) -> date | None:
    return None if text is None else read_date(text, "--created-on")


def _write(order: PaymentOrder, output: Path, *, profile: TxpProfile) -> None:
    from customhouse.formats.payment_file import PaymentFileRefused, write_files
    from customhouse.money import format_dollars
    from customhouse.trade.counted import counted
    from customhouse.trade.kept_files import keep

    try:
        files = write_files(order, profile)
    except PaymentFileRefused as refusal:
        raise Refused(Fault(PAYMENT_FILE_WRONG, {"reason": str(refusal)})) from None
    for number, written in enumerate(files, 1):
        path = output if number == 1 else output.with_stem(f"{output.stem}-{number}")
        keep(path, [written.content])
        entries = counted(written.entries, "entry", plural="entries")
        typer.echo(
            f"{path}: {entries} with {counted(written.addenda, 'addendum', plural='addenda')},"
            f" {format_dollars(written.amount_cents)}"
        )


def _profile(path: Path | None) -> TxpProfile:
    """Read another agency's profile, or give the customs profile."""
    from customhouse.formats.txp import CUSTOMS_PROFILE, profile_from_json

    if path is None:
        return CUSTOMS_PROFILE
    try:
        return profile_from_json(json.loads(_read(path)))
    except ValueError as error:
        raise Refused(
            Fault(PAYMENT_LIST_UNREADABLE, {"path": path, "reason": str(error)})
        ) from None


@contextmanager
def _items(path: Path) -> Iterator[Iterator[Item]]:
    """Open a payment file for reading; raise Refused where it is no ACH file to its end."""
    from customhouse.formats.nacha_file import read_items
    from customhouse.formats.nacha_reading import UnreadableRecord
    from customhouse.trade.cli_ach import ACH_FILE_NOT_SHOWN, ACH_FILE_UNREADABLE

    try:
        with path.open("rb") as stream:
            yield read_items(stream)
    except OSError as error:
        values = {"path": path, "reason": error.strerror or "no reason given"}
        raise Refused(Fault(ACH_FILE_UNREADABLE, values)) from None
    except UnreadableRecord as error:
        raise Refused(Fault(ACH_FILE_NOT_SHOWN, {"path": path, "reason": str(error)})) from None
