"""The values of a filer's batch, judged offline by the agency's own rules of form.

Only what the agency refuses whatever it has on file. What is on file, its totals, its dates and who
may use which payer unit are for the agency to judge.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from customhouse.agency import authorizations, reroutes, statement_updates
from customhouse.agency.abi_answers import COPIES, condition_of, reroute_block
from customhouse.faults import Fault
from customhouse.formats.abi_batch import Batch
from customhouse.formats.abi_envelope import NumberedRecord
from customhouse.formats.abi_messages import parse_authorization, parse_update


@dataclass(frozen=True, slots=True)
class ValueFault:
    """One wrong value: the record's number in its batch, counted from 1, and the fault.

    The number is 0 where the fault is that a block has no record.
    """

    record: int
    fault: Fault

    @property
    def line(self) -> str:
        """Say it in a line: where, the condition of the answer, and the fault in words."""
        condition = condition_of(self.fault)
        told = f"{condition.code} {condition.narrative}"
        return f"record {self.record}: {told}. {self.fault.sentence}"


def value_faults(batch: Batch) -> Iterator[ValueFault]:
    """Give every fault for which a transaction would surely be refused, in input order."""
    if batch.application == COPIES:
        yield from _reroutes(batch)
        return
    judge = _authorization if batch.application == "RM" else _update
    for block in batch.blocks:
        for record in block.records:
            for fault in judge(record, block.filer_code):
                yield ValueFault(record.number, fault)


def _authorization(record: NumberedRecord, filer_code: str) -> list[Fault]:
    return authorizations.form_faults(parse_authorization(record), filer_code)


def _update(record: NumberedRecord, filer_code: str) -> list[Fault]:
    return statement_updates.form_faults(parse_update(record), filer_code)


def _reroutes(batch: Batch) -> Iterator[ValueFault]:
    """Judge requests for copies: there must be one to a block, and its fields must go together."""
    for block in batch.blocks:
        record = block.records[0].number if block.records else 0
        for fault in reroutes.form_faults(reroute_block(block)):
            yield ValueFault(record, fault)
