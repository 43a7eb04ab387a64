"""How enrolments for ACH Credit and their forms stand: for payers, senders and officers (CRD-12).

Only reads. Who may ask is judged at the doors; what is filed and decided is in the commands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from psycopg import Connection
from psycopg.rows import class_row, dict_row

from customhouse.agency import credit_enrolment_faults as faults
from customhouse.agency import credit_enrolments, credit_filer_standing
from customhouse.agency import credit_enrolments_store as sql
from customhouse.agency.credit_enrolments import (
    Details,
    Enrolment,
    FiledBy,
    FiledHow,
    OpenForm,
    Purpose,
)
from customhouse.agency.credit_filer_standing import Standing
from customhouse.agency.credit_payers import EnrolmentState
from customhouse.agency.paying_parties import PayingParty, payer_not_found
from customhouse.faults import Fault, Refused

MOST_LISTED = 1_000


@dataclass(frozen=True, slots=True)
class ListedForm:
    """A form as an officer sees it, with the state of its payer's enrolment and who filed it.

    ``standing`` is how the latter stands to the payer; None where nobody looked.
    """

    application_number: str
    purpose: str
    state: str
    payer_identifier: str
    payer_name: str
    company_name: str
    contact_name: str
    received_on: date
    decided_on: date | None
    decided_by: str | None
    reason: str
    enrolment_state: str
    effective_on: date | None
    filed_how: FiledHow
    sender_id: int | None
    filer_codes: list[str]
    standing: Standing | None = None

    @property
    def filed_by(self) -> FiledBy:
        """Give who filed it."""
        return FiledBy(self.filed_how, self.sender_id, tuple(self.filer_codes))

    @property
    def warning(self) -> str:
        """Give what an officer has to know before it is approved; empty where all is usual."""
        payer = self.payer_identifier
        return credit_filer_standing.warning_of(self.standing, self.filed_by, payer=payer)


@dataclass(frozen=True, slots=True)
class _Row:
    payer_identifier: str
    payer_name: str
    state: EnrolmentState
    approved_on: date | None
    prenote_accepted_on: date | None
    effective_on: date | None
    removed_on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class _OpenRow:
    application_number: str
    purpose: Purpose
    received_on: date
    filed_how: FiledHow
    sender_id: int | None
    filer_codes: list[str]


def enrolment_of(connection: Connection, payer: PayingParty) -> Enrolment:
    """Tell how a payer's enrolment stands; raise Refused (payer-not-found) where it has none."""
    values = {"payer": payer.party_id}
    with connection.cursor(row_factory=class_row(_Row)) as cursor:
        row = cursor.execute(sql.ENROLMENT, values).fetchone()
    if row is None:
        raise payer_not_found(payer.identifier)
    return Enrolment(
        payer_identifier=row.payer_identifier,
        payer_name=row.payer_name,
        state=row.state,
        approved_on=row.approved_on,
        prenote_accepted_on=row.prenote_accepted_on,
        effective_on=row.effective_on,
        removed_on=row.removed_on,
        reason=row.reason,
        open_form=open_form_of(connection, payer),
        details=_details(connection, payer),
    )


def open_form_of(connection: Connection, payer: PayingParty) -> OpenForm | None:
    """Give the form of a payer that waits to be decided, or None."""
    with connection.cursor(row_factory=class_row(_OpenRow)) as cursor:
        row = cursor.execute(sql.OPEN_FORM, {"payer": payer.party_id}).fetchone()
    if row is None:
        return None
    filed_by = FiledBy(row.filed_how, row.sender_id, tuple(row.filer_codes))
    return OpenForm(row.application_number, row.purpose, row.received_on, filed_by)


def form_of_sender(connection: Connection, number: str, sender_id: int) -> ListedForm:
    """Tell a sender how a form stands that it filed; raise Refused (enrolment-form-unknown)."""
    found = _form(connection, number)
    if found.filed_how != "sender" or found.sender_id != sender_id:
        raise form_unknown(number)
    return found


def form(connection: Connection, number: str, *, on: date) -> ListedForm:
    """Tell an officer of a form and of who filed it; raise Refused (enrolment-form-unknown).

    ``on`` is the business date on which standing is judged.
    """
    return _with_standing(connection, [_form(connection, number.strip().upper())], on=on)[0]


def listing(connection: Connection, *, on: date, every: bool = False) -> list[ListedForm]:
    """Give the forms that wait, or all of them, oldest first; those that wait with standing."""
    with connection.cursor(row_factory=class_row(ListedForm)) as cursor:
        found = cursor.execute(sql.LISTING, {"every": every, "most": MOST_LISTED}).fetchall()
    waiting = [each for each in found if each.state == "received"]
    judged = {each.application_number: each for each in _with_standing(connection, waiting, on=on)}
    return [judged.get(each.application_number, each) for each in found]


def form_unknown(number: str) -> Refused:
    """Give the refusal of a form that does not exist or is somebody else's: one for both."""
    seen = {"application_number": ascii(number)[1:-1][:20]}
    return Refused(Fault(faults.ENROLMENT_FORM_UNKNOWN, seen))


def _form(connection: Connection, number: str) -> ListedForm:
    if not credit_enrolments.is_application_number(number):
        raise form_unknown(number)
    with connection.cursor(row_factory=class_row(ListedForm)) as cursor:
        row = cursor.execute(sql.FORM_BY_NUMBER, {"application_number": number}).fetchone()
    if row is None:
        raise form_unknown(number)
    return row


def _with_standing(
    connection: Connection, forms: Sequence[ListedForm], *, on: date
) -> list[ListedForm]:
    asked = [(each.filed_by, each.payer_identifier) for each in forms]
    known = credit_filer_standing.load(connection, asked, on=on)
    return [
        replace(each, standing=credit_filer_standing.standing_of(by, payer, known=known))
        for each, (by, payer) in zip(forms, asked, strict=True)
    ]


def _details(connection: Connection, payer: PayingParty) -> Details | None:
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(sql.DETAILS, {"payer": payer.party_id}).fetchone()
    if row is None:
        return None
    filed_by = FiledBy(row.pop("filed_how"), row.pop("sender_id"), tuple(row.pop("filer_codes")))
    return Details(**row | {"address": tuple(row["address"]), "filed_by": filed_by})
