"""What a filer's program writes into batches and reads out of messages.

Builds payment authorizations (RM), statement updates (SU) and requests for copies (MO), reads
statements (PF), and adds a statement up again before anybody pays it. Sends nothing; that is for
client.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import TypeVar

from customhouse.faults import Fault, Refused, declare
from customhouse.formats.abi_batch import AnswerError, read_answer
from customhouse.formats.abi_dates import format_mmddyy
from customhouse.formats.abi_messages import (
    AuthorizationRequest,
    UpdateRequest,
    render_authorization,
    render_update,
)
from customhouse.formats.abi_records import LAYOUTS
from customhouse.formats.abi_render import text_of
from customhouse.formats.abi_reroute import RerouteRequest, render_reroute
from customhouse.formats.abi_statement import (
    DailyStatement,
    StatementTotals,
    from_block,
    totals_of,
)
from customhouse.identifiers import EntryNumber
from customhouse.money import format_dollars
from customhouse.trade.client import OutboxMessage

DAILY_STATEMENT_TYPE = "02"

STATEMENT_UNREADABLE = declare(
    "statement-unreadable",
    sentence="The message is not a statement that can be read: {reason}.",
    next_step="Keep the message, do not pay from it, and ask the agency to send it again.",
)
STATEMENT_TOTAL_WRONG = declare(
    "statement-total-wrong",
    sentence=(
        "Statement {statement_number} says {transmitted}, but its {part} add up to {recomputed}."
    ),
    next_step="Do not authorize it; ask the agency to send it again.",
)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who transmits: the codes and the password of the A-record."""

    site_code: str
    id_code: str
    password: str = field(repr=False)
    office_code: str = ""


@dataclass(frozen=True, slots=True)
class Authorization:
    """Pay one statement: ``port`` is its processing port, the amount is its total in cents.

    With ``negates`` it undoes the authorization of the same day that it repeats (DEB-04).
    """

    port: str
    filer_code: str
    statement_number: str
    payer_unit_number: str
    amount_cents: int
    negates: bool = False


@dataclass(frozen=True, slots=True)
class Update:
    """Move one entry to another print date, or off statements (payment type 1, no date).

    ``port`` is the processing port of the block; ``port_of_entry`` that of the entry. A client
    branch is given where the entry's port uses them.
    """

    port: str
    port_of_entry: str
    entry_number: EntryNumber
    payment_type: str
    print_date: date | None = None
    client_branch: str = ""


@dataclass(frozen=True, slots=True)
class CopyRequest:
    """Ask for statements again as they were sent on a day, at most 60 days ago.

    ``port`` and ``filer_code`` are those of the block. A statement number narrows it to one,
    ``every_filer`` widens it to all filers and ports of the sender; an importer or a client branch
    narrows it as well, but goes with neither.
    """

    port: str
    filer_code: str
    sent_on: date
    preliminary: bool = True
    final: bool = True
    statement_number: str = ""
    importer_number: str = ""
    client_branch: str = ""
    every_filer: bool = False


Item = TypeVar("Item", Authorization, Update)


def authorization_batch(
    sender: Sender,
    authorizations: Iterable[Authorization],
    *,
    transmitted_on: date | None = None,
    user_data: str = "",
) -> str:
    """Write one RM batch, a block for each run of one port and filer, in the order given.

    Raises LayoutError when a value does not fit its field, an amount of eleven digits included.
    """
    blocks = _blocks(authorizations, _authorization)
    return _batch(sender, "RM", blocks=blocks, transmitted_on=transmitted_on, user_data=user_data)


def update_batch(
    sender: Sender,
    updates: Iterable[Update],
    *,
    transmitted_on: date | None = None,
    user_data: str = "",
) -> str:
    """Write one SU batch, a block for each run of one port and filer, in the order given."""
    blocks = _blocks(updates, _update)
    return _batch(sender, "SU", blocks=blocks, transmitted_on=transmitted_on, user_data=user_data)


def copies_batch(
    sender: Sender,
    requests: Iterable[CopyRequest],
    *,
    transmitted_on: date | None = None,
    user_data: str = "",
) -> str:
    """Write one MO batch, a block for each request; the copies come to the sender's outbox."""
    blocks = [((each.port, each.filer_code), [_copies(each)]) for each in requests]
    return _batch(sender, "MO", blocks=blocks, transmitted_on=transmitted_on, user_data=user_data)


def read_statements(message: OutboxMessage) -> list[DailyStatement]:
    """Read every statement of a PF message; raise Refused (statement-unreadable)."""
    return statements_in(message.content)


def statements_in(content: str) -> list[DailyStatement]:
    """Read every statement of a PF batch, from wherever its text came; raise Refused."""
    try:
        return [from_block(block) for block in read_answer(content).blocks]
    except AnswerError as error:
        raise Refused(Fault(STATEMENT_UNREADABLE, {"reason": str(error)})) from None


def check_totals(statement: DailyStatement) -> None:
    """Add a statement up again; raise Refused (statement-total-wrong) where it differs.

    Its lines must add up to the preliminary totals (Q4 and its fees), and those of them that were
    not taken off to the totals paid (CATAIR, Daily Statement).
    """
    removed = {(entry.filer_code, entry.entry_number) for entry in statement.removed}
    left = [x for x in statement.lines if (x.filer_code, x.entry_number) not in removed]
    compared = [("entries", statement.preliminary, totals_of(statement.lines))]
    if statement.paid is not None:
        compared.append(("remaining entries", statement.paid, totals_of(left)))
    wrong = [
        _difference(statement.number, part, said=said, recomputed=recomputed)
        for part, said, recomputed in compared
        if said != recomputed
    ]
    if wrong:
        raise Refused(*wrong)


def amount_to_authorize(statement: DailyStatement) -> int:
    """Give the cents to authorize for a preliminary statement: the entries that are left on it."""
    removed = {(entry.filer_code, entry.entry_number) for entry in statement.removed}
    return sum(
        line.amount_due_cents
        for line in statement.lines
        if (line.filer_code, line.entry_number) not in removed
    )


def _difference(
    number: str, part: str, *, said: StatementTotals, recomputed: StatementTotals
) -> Fault:
    amounts = (said.amount_cents, recomputed.amount_cents)
    transmitted, added_up = (format_dollars(cents) for cents in amounts)
    if amounts[0] == amounts[1]:
        # The amount agrees, a total beside it does not: a charge, a fee or a count.
        transmitted, added_up = f"{said}", f"{recomputed}"
    values = {
        "statement_number": number,
        "transmitted": transmitted,
        "recomputed": added_up,
        "part": part,
    }
    return Fault(STATEMENT_TOTAL_WRONG, values)


def _authorization(item: Authorization) -> str:
    return render_authorization(
        AuthorizationRequest(
            payer_unit_number=item.payer_unit_number,
            payment_type=DAILY_STATEMENT_TYPE,
            filer_code=item.filer_code,
            statement_number=item.statement_number,
            amount_text=f"{item.amount_cents:010d}",
            negation="Y" if item.negates else "",
        )
    )


def _update(item: Update) -> str:
    return render_update(
        UpdateRequest(
            port_of_entry=item.port_of_entry,
            filer_code=item.entry_number.filer_code,
            entry_number8=item.entry_number.digits,
            payment_type=item.payment_type,
            print_date=item.print_date,
            client_branch=item.client_branch,
        )
    )


def _copies(item: CopyRequest) -> str:
    return render_reroute(
        RerouteRequest(
            transmission_date=item.sent_on,
            preliminary="Y" if item.preliminary else "N",
            final="Y" if item.final else "N",
            statement_number=item.statement_number,
            scope="A" if item.every_filer else "",
            importer_number=item.importer_number,
            client_branch=item.client_branch,
        )
    )


def _place(item: Authorization | Update) -> tuple[str, str]:
    """Give the processing port and the filer of the block that an item belongs to."""
    if isinstance(item, Update):
        return item.port, item.entry_number.filer_code
    return item.port, item.filer_code


def _blocks(
    items: Iterable[Item], render: Callable[[Item], str]
) -> list[tuple[tuple[str, str], list[str]]]:
    return [(place, [render(item) for item in run]) for place, run in groupby(items, _place)]


def _batch(
    sender: Sender,
    application: str,
    *,
    blocks: Iterable[tuple[tuple[str, str], list[str]]],
    transmitted_on: date | None,
    user_data: str,
) -> str:
    ends = {
        "site_code": sender.site_code,
        "id_code": sender.id_code,
        "office_code": sender.office_code,
        "transmission_date": format_mmddyy(transmitted_on) if transmitted_on else "",
    }
    named = {"application_identifier": application}
    first = ends | named | {"password": sender.password, "user_data": user_data}
    records = [LAYOUTS["A_in"].render(first)]
    for (port, filer_code), lines in blocks:
        place = named | {"processing_district_port": port, "processing_filer_code": filer_code}
        office = {"processing_office_code": sender.office_code}
        records.append(LAYOUTS["B_in"].render(place | office))
        records += lines
        records.append(LAYOUTS["Y_in"].render(place | office))
    records.append(LAYOUTS["Z_in"].render(ends))
    return text_of(records)
