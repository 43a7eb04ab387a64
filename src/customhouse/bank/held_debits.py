"""Refuses debits that were taken but must not leave: the end that every hold of a unit has.

Which debits are held, and why, is for who calls. This module neither locks nor commits.
"""

from __future__ import annotations

from collections.abc import Sequence

from customhouse.bank import events
from customhouse.bank import held_debits_store as sql
from customhouse.bank.office import Office
from customhouse.faults import Fault, FaultKind
from customhouse.lifecycle import DEBIT


def refuse(office: Office, held: Sequence[tuple[str, str, int]], *, kind: FaultKind) -> None:
    """Refuse held debits (instruction, payer unit, cents) and tell the agency of each, once.

    The fault names the payer unit. The rows are locked by the caller, whose transaction this is.
    """
    DEBIT.require("received", "refused")
    values = {
        "instruction_ids": [instruction_id for instruction_id, _, _ in held],
        "refusal_code": kind.code,
    }
    office.connection.execute(sql.REFUSE_DEBITS, values)
    told = [
        events.NewEvent(
            event_id=f"{instruction_id}:refused",
            kind="refused",
            instruction_id=instruction_id,
            amount_cents=amount_cents,
            code=kind.code,
            detail=Fault(kind, {"payer_unit_number": unit}).sentence,
        )
        for instruction_id, unit, amount_cents in held
    ]
    events.record(office.connection, told, clock=office.clock)
