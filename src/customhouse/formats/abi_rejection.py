"""Writing the answer to a batch that is refused as a whole: X0 and X1 records.

Faults of the batch itself give an X1; faults in a block an X0 BLOCK before it; faults of one
record an X0 TRNACT with record number and column as well. The last X1 is always R F 999.
Source: CATAIR ABI Batch and Block Control, June 2023.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from customhouse.formats.abi_conditions import BATCH_REJECTED, narrative_of
from customhouse.formats.abi_envelope import BlockReference, EnvelopeFault
from customhouse.formats.abi_records import LAYOUTS
from customhouse.formats.abi_render import text_of

_LARGEST_RECORD_NUMBER = 9_999_999


def render_rejection(echo: Mapping[str, str], faults: Sequence[EnvelopeFault]) -> str:
    """Write the rejection; ``echo`` has the values of layout A_out that are repeated."""
    conditions = [record for fault in faults for record in _fault_records(fault)]
    conditions.append(_condition(BATCH_REJECTED, "R"))
    return text_of(
        [
            LAYOUTS["A_out"].echo(echo),
            LAYOUTS["B_ace"].render({}),
            *conditions,
            LAYOUTS["Y_ace"].render({"record_count": len(conditions)}),
            LAYOUTS["Z_ace"].render({}),
        ]
    )


def _fault_records(fault: EnvelopeFault) -> Iterator[str]:
    if fault.block is not None:
        yield _reference("BLOCK", fault.block.ordinal, _block_data(fault.block))
    if fault.is_located:
        record = min(fault.record, _LARGEST_RECORD_NUMBER)
        yield _reference("TRNACT", fault.item, f"{record:07d} {min(fault.position, 99):02d}")
    yield _condition(fault.code, "")


def _reference(data_type: str, occurrence: int, data: str) -> str:
    return LAYOUTS["X0"].render(
        {
            "reference_data_type": data_type,
            "occurrence": min(occurrence, 999_999),
            "reference_data": data,
        }
    )


def _condition(code: str, disposition: str) -> str:
    return LAYOUTS["X1"].render(
        {
            "disposition_type": disposition,
            "severity": "F",
            "condition_code": code,
            "narrative": narrative_of(code),
        }
    )


def _block_data(block: BlockReference) -> str:
    """Lay out the B-record's identity: port, filer, office, application, user data, preparer."""
    line = block.line[:80].ljust(80)
    port, filer, application = line[3:7], line[7:10], line[10:12]
    office, preparer, user_data = line[44:46], line[46:56], line[59:80]
    return f"{port} {filer} {office} {application} {user_data} {preparer}"
