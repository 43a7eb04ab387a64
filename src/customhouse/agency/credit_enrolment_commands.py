"""The commands of joining ACH Credit: file a form, decide it, remove a payer.

A payer has one enrolment and at most one open form. What a form says of its contact holds from its
approval on; the former contact is told of a change. Payers are told of each decision (CRD-12). How
enrolments stand is in the views.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.agency import (
    business_day,
    credit_enrolments,
    credit_officers,
    credit_payers,
    payer_notices,
)
from customhouse.agency import credit_enrolment_faults as faults
from customhouse.agency import credit_enrolments_store as sql
from customhouse.agency.credit_enrolment_views import form_unknown, open_form_of
from customhouse.agency.credit_enrolments import (
    CREDIT_ENROLMENT,
    FORM,
    EnrolmentForm,
    FiledBy,
    OpenForm,
)
from customhouse.agency.credit_payers import CreditPayer
from customhouse.agency.payer_notices import NewPayerNotice
from customhouse.agency.paying_parties import PayingParty, of_identifier
from customhouse.agency.suspensions import require_words
from customhouse.clock import Clock
from customhouse.faults import Fault, Refused


@dataclass(frozen=True, slots=True)
class _Held:
    payer_party_id: int
    application_number: str
    purpose: str
    state: str
    contact_email: str
    payer_identifier: str
    enrolment_state: str
    former_email: str | None


def file_form(
    connection: Connection, form: EnrolmentForm, *, filed_by: FiledBy, clock: Clock
) -> str:
    """Take a form and give its number; the same form again, while it is open, is the same one.

    Raises Refused with every fault of its values; payer-not-found, enrolment-open,
    enrolment-exists, enrolment-other-suffix, enrolment-missing. A sender that is not the payer is
    told these while the newest form of the payer is its own, else enrolment-form-not-taken.
    """
    found = credit_enrolments.form_faults(form)
    if found:
        raise Refused(*found)
    try:
        return _filed(connection, form, filed_by=filed_by, clock=clock)
    except Refused:
        if _may_know(connection, form.payer_identifier, filed_by):
            raise
    # Whether the payer is registered, has a form or has joined is nobody else's to know: one fault.
    raise Refused(Fault(faults.ENROLMENT_FORM_NOT_TAKEN, {"payer": form.payer_identifier}))


def approve(connection: Connection, number: str, *, officer: str, clock: Clock) -> PayingParty:
    """Approve a form and tell the payer; give the payer, who may need a token (an importer).

    Raises Refused: enrolment-form-unknown, enrolment-form-decided, enrolment-other-suffix,
    enrolment-missing.
    """
    credit_officers.by_name(connection, officer)
    held = _hold(connection, number)
    if held.purpose == "new":
        CREDIT_ENROLMENT.require(held.enrolment_state, "approved")
        # Forms of two suffixes may have been filed at the same moment; _hold has locked all.
        _require_sole(connection, held.payer_identifier, held.payer_party_id)
    wrong = credit_enrolments.state_fault(
        held.purpose,
        None if held.purpose == "new" else held.enrolment_state,
        payer=held.payer_identifier,
    )
    if wrong is not None:
        raise Refused(wrong)
    today = _today(connection, clock)
    _decide(connection, held, state="approved", by=officer, on=today)
    if held.purpose == "new":
        values = {"payer": held.payer_party_id, "approved_on": today, "officer": officer}
        connection.execute(sql.APPROVE, values)
    notices = list(_approval_notices(held, today))
    payer_notices.put(connection, notices, created_on=today, clock=clock)
    return of_identifier(connection, held.payer_identifier)


def refuse(connection: Connection, number: str, *, officer: str, reason: str, clock: Clock) -> None:
    """Refuse a form; its contact is told the reason. An enrolment that it would change stays.

    Raises Refused: words-wrong, officer-unknown, enrolment-form-unknown, enrolment-form-decided.
    """
    require_words(reason=reason)
    credit_officers.by_name(connection, officer)
    held = _hold(connection, number)
    today = _today(connection, clock)
    _decide(connection, held, state="refused", by=officer, on=today, reason=reason)
    if held.purpose == "new":
        CREDIT_ENROLMENT.require(held.enrolment_state, "refused")
        ended = {"payer": held.payer_party_id, "state": "refused", "removed_on": None}
        connection.execute(sql.END, ended | {"officer": officer, "reason": reason})
    text = f"Form {held.application_number} to join ACH Credit was refused: {reason}"
    if held.purpose == "change":
        text = f"Form {held.application_number} to change your enrolment was refused: {reason}"
    notice = NewPayerNotice(
        held.payer_party_id,
        "enrolment-refused",
        text,
        f"form/{held.application_number}/refused",
        mail_to=held.contact_email if held.purpose == "new" else None,
    )
    payer_notices.put(connection, [notice], created_on=today, clock=clock)


def remove(
    connection: Connection, payer_identifier: str, *, officer: str, reason: str, clock: Clock
) -> None:
    """Remove a payer from ACH Credit, in writing (CBP Form 401: after repeated errors).

    What is collected from that day on is held for it; what was collected before is applied, also if
    it is told later. An open form of it is refused with the same reason.
    Raises Refused: words-wrong, officer-unknown, payer-not-found, enrolment-not-removable.
    """
    require_words(reason=reason)
    credit_officers.by_name(connection, officer)
    payer = of_identifier(connection, payer_identifier)
    connection.execute(sql.HOLD_SUFFIXES, {"payer_identifier": payer.identifier})
    row = connection.execute(sql.HOLD_STATE, {"payer": payer.party_id}).fetchone()
    state = row[0] if row else "not there"
    if row is None or not CREDIT_ENROLMENT.allows(state, "removed"):
        told = {"payer": payer.identifier, "state": state}
        raise Refused(Fault(faults.ENROLMENT_NOT_REMOVABLE, told))
    today = _today(connection, clock)
    open_form = open_form_of(connection, payer)
    if open_form is not None:
        refuse(
            connection, open_form.application_number, officer=officer, reason=reason, clock=clock
        )
    values = {"payer": payer.party_id, "state": "removed", "removed_on": today}
    connection.execute(sql.END, values | {"officer": officer, "reason": reason})
    text = (
        f"You are removed from ACH Credit from {today.isoformat()} on: {reason.rstrip('.')}."
        " What settles from that day on and is not applied yet is kept for you with its collection"
        " date, and is not applied. Pay by check or ACH Debit, or file a new form."
    )
    key = f"removed/{clock.now().isoformat()}"
    notice = NewPayerNotice(payer.party_id, "enrolment-removed", text, key)
    payer_notices.put(connection, [notice], created_on=today, clock=clock)


def _filed(connection: Connection, form: EnrolmentForm, *, filed_by: FiledBy, clock: Clock) -> str:
    payer = _payer_of(connection, form)
    open_form = open_form_of(connection, payer)
    values = _values_of(form, payer, filed_by)
    if open_form is not None:
        if connection.execute(sql.IS_SAME_FORM, values).fetchone() is not None:
            return open_form.application_number
        raise Refused(_open_fault(open_form, payer.identifier))
    state = connection.execute(sql.HOLD_STATE, {"payer": payer.party_id}).fetchone()
    wrong = credit_enrolments.state_fault(
        form.purpose, state[0] if state else None, payer=payer.identifier
    )
    if wrong is not None:
        raise Refused(wrong)
    number = credit_enrolments.new_application_number()
    today = _today(connection, clock)
    stamped = {"application_number": number, "received_on": today, "received_at": clock.now()}
    if connection.execute(sql.ADD, values | stamped).fetchone() is None:
        raise Refused(_open_fault(open_form_of(connection, payer), payer.identifier))
    if form.purpose == "new":
        received = {"payer": payer.party_id, "identifier": payer.identifier}
        connection.execute(sql.RECEIVE, received)
    return number


def _may_know(connection: Connection, payer: str, filed_by: FiledBy) -> bool:
    """Tell whether who files may be told how a payer's enrolment stands."""
    if filed_by.acts_for(payer):
        return True
    newest = connection.execute(sql.NEWEST_FORM, {"payer_identifier": payer}).fetchone()
    return newest is not None and newest[0] == filed_by.sender_id


def _values_of(form: EnrolmentForm, payer: PayingParty, filed_by: FiledBy) -> dict[str, object]:
    return credit_enrolments.values_of(form) | {
        "payer": payer.party_id,
        "filed_by": filed_by.how,
        "sender_id": filed_by.sender_id,
        "filer_codes": list(filed_by.filer_codes),
    }


def _payer_of(connection: Connection, form: EnrolmentForm) -> PayingParty:
    """Give the payer that a form names, if it is registered and no other suffix of it joined."""
    payer = of_identifier(connection, form.payer_identifier)
    _require_sole(connection, payer.identifier, payer.party_id)
    return payer


def _require_sole(connection: Connection, identifier: str, party_id: int) -> None:
    """Refuse (enrolment-other-suffix) where another suffix of a payer joins or has joined."""
    known: CreditPayer | None = credit_payers.load(connection, [identifier]).get(identifier)
    if known is None or known.payer_party_id == party_id:
        return
    if known.state not in (None, "refused", "removed"):
        raise Refused(Fault(faults.ENROLMENT_OTHER_SUFFIX, {"payer": identifier}))


def _open_fault(form: OpenForm | None, payer: str) -> Fault:
    values: dict[str, object] = {
        "payer": payer,
        "application_number": form.application_number if form else "",
        "received_on": form.received_on.isoformat() if form else "just now",
    }
    return Fault(faults.ENROLMENT_OPEN, values)


def _hold(connection: Connection, number: str) -> _Held:
    """Lock the enrolments of all suffixes, then the form; the form must not be decided yet."""
    values = {"application_number": number.strip().upper()}
    if not credit_enrolments.is_application_number(values["application_number"]):
        raise form_unknown(number)
    payer = connection.execute(sql.PAYER_OF_FORM, values).fetchone()
    if payer is None:
        raise form_unknown(number)
    connection.execute(sql.HOLD_SUFFIXES, {"payer_identifier": payer[0]})
    with connection.cursor(row_factory=class_row(_Held)) as cursor:
        held = cursor.execute(sql.HOLD_FORM, values).fetchone()
    if held is None:
        raise form_unknown(number)
    if not FORM.allows(held.state, "approved"):
        decided = {"application_number": held.application_number, "state": held.state}
        raise Refused(Fault(faults.ENROLMENT_FORM_DECIDED, decided))
    return held


def _decide(
    connection: Connection, held: _Held, *, state: str, by: str, on: date, reason: str = ""
) -> None:
    FORM.require(held.state, state)
    values = {
        "payer": held.payer_party_id,
        "application_number": held.application_number,
        "state": state,
        "decided_on": on,
        "decided_by": by,
        "reason": reason,
    }
    connection.execute(sql.DECIDE, values)


def _approval_notices(held: _Held, today: date) -> Iterator[NewPayerNotice]:
    payer, number = held.payer_party_id, held.application_number
    if held.purpose == "new":
        text = (
            f"Your enrolment for ACH Credit was approved on {today.isoformat()}. Next, have your"
            " bank send a zero-dollar CCD+ or CTX entry whose addendum names you as"
            f" {held.payer_identifier}. Once it is accepted you are told from which day on you may"
            " pay. Where to send it is told with your enrolment only, not here: customhouse"
            " credits enrolment."
        )
        yield NewPayerNotice(payer, "enrolment-approved", text, f"form/{number}/done")
    else:
        text = (
            f"Your enrolment for ACH Credit was changed on {today.isoformat()} as form {number}"
            " asks."
        )
        yield NewPayerNotice(payer, "enrolment-changed", text, f"form/{number}/done")
    if held.former_email not in (None, held.contact_email):
        text = (
            f"The contact of your enrolment for ACH Credit was changed on {today.isoformat()}."
            " You are told as its former contact: if nobody of yours asked for it, call us."
        )
        yield NewPayerNotice(
            payer, "contact-changed", text, f"form/{number}/former", mail_to=held.former_email
        )


def _today(connection: Connection, clock: Clock) -> date:
    day = business_day.latest(connection)
    return day.business_date if day is not None else business_day.date_of(clock.now())
