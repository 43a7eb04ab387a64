"""Notifications of change under control: two persons, or a rule for the code, apply one (C9, C10).

The corrected data is sealed and nobody sees it; who decides looks at what kind of change it is and
asks the payer. Applying makes a new version of the account behind the same payer unit. A change
that the customer made since wins: the notification is then queued for review.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from psycopg import Connection
from psycopg.rows import class_row

from customhouse.bank import account_versions, directory, prenotes, resolutions, vault
from customhouse.bank import change_faults as faults
from customhouse.bank import changes_store as sql
from customhouse.bank.account_versions import NewVersion
from customhouse.bank.accounts import AccountDetails
from customhouse.bank.matching_rules import Match
from customhouse.bank.office import Office
from customhouse.bank.origination import NEW_YORK
from customhouse.bank.vault import SealedRecord
from customhouse.business_days import FEDERAL_RESERVE
from customhouse.faults import Fault, Refused
from customhouse.formats.change_codes import (
    REFUSED_CODES,
    CorrectedDataError,
    read_corrected_data,
)

# Codes that correct an account; the others are noted by a person.
ACCOUNT_CODES: Final = ("C01", "C02", "C03", "C05", "C06", "C07")
# A rule may apply what leaves the account number alone; that one takes two persons always.
RULE_CODES: Final = frozenset({"C02", "C05"})
# Nacha 2.11.1: applied within six banking days; refused within fifteen calendar days.
DAYS_TO_APPLY: Final = 6
DAYS_TO_REFUSE: Final = timedelta(days=15)
NO_ACCOUNT: Final = "it changes no account: a person notes it"
NEWER: Final = "the customer has changed the account since"
AT_ONCE: Final = 500
OPEN: Final = ("waiting", "queued", "approved")


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A notification of change as the bank's people see it; never what it corrects."""

    item_id: int
    payer_unit_number: str
    change_code: str
    received_on: date
    apply_by: date
    refuse_by: date
    state: str
    remark: str
    approved_by: str | None
    decided_by: str | None
    decided_on: date | None
    reason: str
    refused_code: str | None


@dataclass(frozen=True, slots=True)
class _Held:
    item_id: int
    payer_unit_number: str
    change_code: str
    account_token: str
    refuse_by: date
    state: str
    approved_by: str | None
    present_token: str


def keep_all(office: Office, found: Sequence[Match]) -> None:
    """Keep notifications in the transaction that matched them, each with its time limits."""
    if not found:
        return
    received_on = office.clock.now().astimezone(NEW_YORK).date()
    values = {
        "item_ids": [match.item_id for match in found],
        "instruction_ids": [match.instruction_id for match in found],
        "attempts": [match.entry_attempt for match in found],
        "received_on": received_on,
        "apply_by": FEDERAL_RESERVE.add(received_on, DAYS_TO_APPLY),
        "refuse_by": received_on + DAYS_TO_REFUSE,
        "account_codes": list(ACCOUNT_CODES),
        "no_account": NO_ACCOUNT,
        "newer": NEWER,
    }
    office.connection.execute(sql.KEEP, values)


def changes(connection: Connection[Any], *, open_only: bool = False) -> list[ChangeLine]:
    """Give notifications of change, the most urgent first: all, or those that are undecided."""
    values = {"open_only": open_only, "most": AT_ONCE}
    with connection.transaction(), connection.cursor(row_factory=class_row(ChangeLine)) as cursor:
        return cursor.execute(sql.CHANGES, values).fetchall()


def approve(office: Office, item_id: int, *, by: str, reason: str) -> None:
    """Let a first person approve a change of account, after asking the payer."""
    resolutions.require_words(by=by, reason=reason)
    with office.connection.transaction():
        change = _hold(office, item_id)
        _require_state(change, "waiting")
        values = {"item_id": item_id, "by": by, "reason": reason, "at": office.clock.now()}
        office.connection.execute(sql.APPROVE, values)


def apply(office: Office, item_id: int, *, by: str, on: date) -> None:
    """Let a second person apply an approved change: a new version of the unit's account.

    Raises Refused: change-same-person, change-step-impossible, change-unreadable,
    change-account-taken, change-without-effect, and change-overtaken for one that the customer
    overtook, which is queued.
    """
    resolutions.require_words(by=by)
    with office.connection.transaction():
        change = _hold(office, item_id)
        _require_state(change, "approved")
        if _same_person(change.approved_by, by):
            raise Refused(Fault(faults.CHANGE_SAME_PERSON, {"item_id": item_id}))
    if not _apply(office, change, by=by, on=on, reason="applied by a second person"):
        raise Refused(Fault(faults.CHANGE_OVERTAKEN, {"item_id": item_id}))


def apply_ruled(office: Office, business_date: date) -> int:
    """Apply the waiting changes whose code has a rule; give how many.

    One that cannot be applied is queued for review with the reason.
    """
    applied = 0
    while rows := office.connection.execute(sql.RULED, {"most": AT_ONCE}).fetchall():
        applied += sum(_apply_by_rule(office, row, on=business_date) for row in rows)
    return applied


def _apply_by_rule(office: Office, ruled: tuple[int, str], *, on: date) -> bool:
    """Apply one change, or queue it for review: it does not wait any more."""
    item_id, set_by = ruled
    with office.connection.transaction():
        change = _hold(office, item_id)
    applied = False
    try:
        applied = _apply(office, change, by=f"rule of {set_by}", on=on, reason="by rule")
    except Refused as refused:
        values = {"item_id": item_id, "remark": refused.faults[0].sentence}
        office.connection.execute(sql.QUEUE, values)
    office.boundary("applied change")
    return applied


def note(office: Office, item_id: int, *, by: str, reason: str, on: date) -> None:
    """Let a person close a notification without a change: nothing to change, or overtaken."""
    resolutions.require_words(by=by, reason=reason)
    with office.connection.transaction():
        change = _hold(office, item_id)
        _require_state(change, "queued")
        _decide(office, item_id, state="noted", on=on, words=(by, reason))


def refuse(office: Office, item_id: int, *, code: str, on: date, words: tuple[str, str]) -> None:
    """Refuse a notification with a code C61 to C69; it goes out in the next file of answers.

    ``words`` are who refuses and why. Raises Refused: change-refusal-unknown,
    change-refusal-late (fifteen calendar days), change-step-impossible.
    """
    resolutions.require_words(by=words[0], reason=words[1])
    if code not in REFUSED_CODES:
        raise Refused(Fault(faults.CHANGE_REFUSAL_UNKNOWN, {"code": code}))
    with office.connection.transaction():
        change = _hold(office, item_id)
        _require_state(change, *OPEN)
        if on > change.refuse_by:
            values = {"item_id": item_id, "refuse_by": change.refuse_by}
            raise Refused(Fault(faults.CHANGE_REFUSAL_LATE, values))
        if change.approved_by is not None and _same_person(change.approved_by, words[0]):
            office.connection.execute(sql.QUEUE, {"item_id": item_id, "remark": "withdrawn"})
        _decide(office, item_id, state="refused", on=on, words=words, refused_code=code)


def enter(office: Office, unit: str, *, details: AccountDetails, by: str) -> None:
    """Put the account that the customer gave behind its unit; older notifications are queued.

    Where the unit's account was tried with a prenote, so is the new one, and nothing is debited
    before that has matured; a bank that corrects an account itself has no need of one.

    Raises Refused: unit-not-here, change-account-taken, routing-not-in-directory and
    routing-superseded.
    """
    resolutions.require_words(by=by)
    _require_participant(office, details)
    with office.connection.transaction():
        row = office.connection.execute(sql.HOLD_UNIT, {"payer_unit_number": unit}).fetchone()
        if row is None:
            raise Refused(Fault(faults.UNIT_NOT_HERE, {"payer_unit_number": unit}))
        version = NewVersion(unit, "customer", by)
        token = account_versions.put(office, version, present_token=row[0], details=details)
        queued = {"payer_unit_number": unit, "remark": NEWER}
        office.connection.execute(sql.QUEUE_OF_UNIT, queued)
        prenotes.renew(office.connection, unit, account_token=token, clock=office.clock)


def set_rule(office: Office, code: str, *, by: str, reason: str) -> None:
    """Let a code be applied without a person from now on; raise Refused (change-rule-unknown)."""
    resolutions.require_words(by=by, reason=reason)
    if code not in RULE_CODES:
        codes = ", ".join(sorted(RULE_CODES))
        raise Refused(Fault(faults.CHANGE_RULE_UNKNOWN, {"code": code, "codes": codes}))
    values = {"change_code": code, "by": by, "reason": reason, "at": office.clock.now()}
    office.connection.execute(sql.SET_RULE, values)


def drop_rule(office: Office, code: str) -> bool:
    """Let a code be applied by persons only; false when it had no rule."""
    return office.connection.execute(sql.DROP_RULE, {"change_code": code}).rowcount == 1


def watch(office: Office, business_date: date) -> None:
    """Raise an alarm for each change that was not decided in six banking days; clear the others."""
    values = {"on": business_date, "at": office.clock.now()}
    with office.connection.transaction():
        office.connection.execute(sql.RAISE_OVERDUE, values)
        office.connection.execute(sql.CLEAR_OVERDUE, {"at": values["at"]})


def _apply(office: Office, change: _Held, *, by: str, on: date, reason: str) -> bool:
    """Open the account and its correction, then put the new version in one transaction.

    False when the unit has another account by now; the change is then queued.
    """
    opened = vault.open_accounts(
        office.connection,
        office.keys,
        tokens=[change.account_token],
        purpose=f"apply change {change.item_id}",
        clock=office.clock,
    )
    before = opened[change.account_token]
    after = _corrected(office, change, before)
    unit = {"payer_unit_number": change.payer_unit_number}
    if (after.identity, after.account_type) == (before.identity, before.account_type):
        raise Refused(Fault(account_versions.CHANGE_WITHOUT_EFFECT, unit))
    if after.routing_number != before.routing_number:
        _require_participant(office, after)
    with office.connection.transaction():
        held = _hold(office, change.item_id)
        if held.state != change.state:
            raise Refused(_impossible(held))
        if held.present_token != held.account_token:
            office.connection.execute(sql.QUEUE, {"item_id": held.item_id, "remark": NEWER})
            return False
        version = NewVersion(held.payer_unit_number, "notification", by, held.item_id)
        token = account_versions.put(
            office, version, present_token=held.present_token, details=after
        )
        _decide(
            office,
            held.item_id,
            state="applied",
            on=on,
            words=(by, reason),
            new_token=token,
        )
    return True


def _require_participant(office: Office, details: AccountDetails) -> None:
    """Refuse an account at a bank that takes no entries, once a directory is loaded (SEC-08)."""
    directory.require_participant(office.connection, details.routing_number, policy="when-loaded")


def _corrected(office: Office, change: _Held, details: AccountDetails) -> AccountDetails:
    """Give the account as corrected; raise Refused (change-unreadable), which shows no data."""
    plain = correction(office, change.item_id)
    unreadable = Refused(Fault(faults.CHANGE_UNREADABLE, {"item_id": change.item_id}))
    try:
        after = account_versions.corrected(details, read_corrected_data(change.change_code, plain))
    except CorrectedDataError:
        raise unreadable from None
    if after is None:
        raise unreadable
    return after


def correction(office: Office, item_id: int) -> str:
    """Open the corrected data of a notification, in memory only."""
    with office.connection.cursor(row_factory=class_row(SealedRecord)) as cursor:
        (sealed,) = cursor.execute(sql.CORRECTION, {"item_id": item_id}).fetchall()
    return vault.open_record(office.keys, sealed, context=vault.CORRECTION_CONTEXT).decode()


def _hold(office: Office, item_id: int) -> _Held:
    with office.connection.cursor(row_factory=class_row(_Held)) as cursor:
        found = cursor.execute(sql.HOLD_ONE, {"item_id": item_id}).fetchall()
    if not found:
        raise Refused(Fault(faults.CHANGE_UNKNOWN, {"item_id": item_id}))
    return found[0]


def _require_state(change: _Held, *states: str) -> None:
    if change.state not in states:
        raise Refused(_impossible(change))


def _impossible(change: _Held) -> Fault:
    values = {"item_id": change.item_id, "state": change.state}
    return Fault(faults.CHANGE_STEP_IMPOSSIBLE, values)


def _same_person(first: str | None, second: str) -> bool:
    return (first or "").casefold().split() == second.casefold().split()


def _decide(
    office: Office,
    item_id: int,
    *,
    state: str,
    on: date,
    words: tuple[str, str],
    **outcome: str,
) -> None:
    values = {
        "item_id": item_id,
        "state": state,
        "on": on,
        "by": words[0],
        "reason": words[1],
        "new_token": outcome.get("new_token"),
        "refused_code": outcome.get("refused_code"),
    }
    office.connection.execute(sql.DECIDE, values)
