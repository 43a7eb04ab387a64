"""The shapes of the ABI envelope: batches and blocks that came in, answers that go out.

Values only. Reading is in abi_batch, writing in abi_render and abi_rejection, and what an answer
says to a client in abi_answer. A password is never part of any value here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from customhouse.formats.abi_conditions import RECORD_SYNTAX_CODES, narrative_of


class AnswerError(ValueError):
    """A text that should be an answer or a statement of the agency is not one."""


@dataclass(frozen=True, slots=True)
class SenderProfile:
    """What is known of the sender of a batch, who was identified by the transport beforehand.

    ``password_matches`` gets the password of the A-record in capital letters without trailing
    spaces, at most once for a batch. ``filer_ports`` names the processing ports of each filer
    that the sender transmits for; ``applications`` the application identifiers it may use.
    """

    site_code: str
    id_code: str
    office_code: str
    password_matches: Callable[[str], bool] = field(repr=False)
    filer_ports: Mapping[str, frozenset[str]]
    applications: frozenset[str]


@dataclass(frozen=True, slots=True)
class NumberedRecord:
    """One record of a batch: its number counts from 1, the A-record; its line has 80 columns."""

    number: int
    line: str


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a batch whose envelope is right: one port, one filer, its transactions in order.

    ``header`` holds every value of the B-record by the field names of layout B_in.
    """

    port: str
    filer_code: str
    office_code: str
    user_data: str
    header: Mapping[str, str]
    records: tuple[NumberedRecord, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch whose envelope is right and whose sender is known; its items are not judged yet.

    ``header`` holds the values of the A-record by the field names of layout A_in, without the
    password. ``transmission_date_text`` is MMDDYY or empty.
    """

    header: Mapping[str, str]
    application: str
    transmission_date_text: str
    user_data: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class BlockReference:
    """The block a fault lies in: its ordinal in the batch, from 1, and its B-record as it came."""

    ordinal: int
    line: str


@dataclass(frozen=True, slots=True)
class EnvelopeFault:
    """One thing wrong with the envelope or the syntax of a batch.

    ``record`` is the number of the record, or of the place where a missing one should be;
    ``position`` the first offending column, 0 for the record as a whole; ``item`` the ordinal of
    the record in its block, 0 outside of one.
    """

    code: str
    record: int
    position: int = 0
    block: BlockReference | None = None
    item: int = 0

    @property
    def narrative(self) -> str:
        """Give the wire narrative of the fault's condition."""
        return narrative_of(self.code)

    @property
    def is_located(self) -> bool:
        """Tell whether the answer points at the record and the column (X0 TRNACT)."""
        return self.code in RECORD_SYNTAX_CODES

    @property
    def sentence(self) -> str:
        """Say the fault in one line for a person."""
        column = f", column {self.position}" if self.position else ""
        return f"{self.code} {self.narrative} (record {self.record}{column})"


@dataclass(frozen=True, slots=True)
class Rejection:
    """A batch refused as a whole: every fault found, and the answer to send."""

    faults: tuple[EnvelopeFault, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class StatementHeading:
    """What the B-record of a statement says about it: status is P preliminary or F final.

    ``importer_number`` is empty on a statement of a filer (payment types 2 and 6).
    """

    status: str
    number: str
    print_date: date
    payment_type: str
    importer_number: str = ""
    client_branch: str = ""


@dataclass(frozen=True, slots=True)
class OutBlock:
    """A block to send: the block it answers, or the statement it carries, and its records."""

    port: str
    filer_code: str
    office_code: str
    user_data: str
    records: tuple[str, ...]
    statement: StatementHeading | None = None
    preparer: tuple[str, str, str] = ("", "", "")

    @classmethod
    def answering(cls, block: Block, records: tuple[str, ...]) -> OutBlock:
        """Build the answer to a block: the same port, filer, office, user data and preparer."""
        names = ("preparer_district_port", "preparer_filer_code", "preparer_office_code")
        port, filer, office = (block.header.get(name, "") for name in names)
        return cls(
            block.port,
            block.filer_code,
            block.office_code,
            block.user_data,
            records,
            preparer=(port, filer, office),
        )


@dataclass(frozen=True, slots=True)
class AnswerBlock:
    """A block of an answer or a notice as a client reads it."""

    port: str
    filer_code: str
    office_code: str
    user_data: str
    records: tuple[str, ...]
    statement: StatementHeading | None = None


@dataclass(frozen=True, slots=True)
class EnvelopeCondition:
    """One X1 of a rejection as a client reads it; record and position are 0 where not given."""

    code: str
    narrative: str
    record: int = 0
    position: int = 0
    port: str = ""
    filer_code: str = ""


@dataclass(frozen=True, slots=True)
class AnswerBatch:
    """A batch from the agency as a client reads it.

    ``application`` is PZ, SQ or PF, and empty when the batch was rejected; then ``conditions``
    says why and there are no blocks.
    """

    site_code: str
    id_code: str
    office_code: str
    transmission_date_text: str
    user_data: str
    application: str
    blocks: tuple[AnswerBlock, ...] = ()
    conditions: tuple[EnvelopeCondition, ...] = ()

    @property
    def rejected(self) -> bool:
        """Tell whether the agency refused the whole batch."""
        return bool(self.conditions)
