"""Writing the batches that the agency sends: answers that echo a batch, and notices of its own.

Records are joined with line feeds and the text ends with one. What goes into the blocks is given;
rejections of a whole batch are written in abi_rejection.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from customhouse.formats.abi_dates import format_mmddyy
from customhouse.formats.abi_envelope import OutBlock
from customhouse.formats.abi_records import LAYOUTS

MOST_RECORDS_IN_BLOCK = 99_999
"""The Y-record counts the records of its block in five digits."""


def render_answer(
    header: Mapping[str, str], application: str, *, blocks: Sequence[OutBlock]
) -> str:
    """Write the answer to a batch that was taken in: its A, B, Y and Z values echoed.

    ``header`` is that of the Batch, ``application`` the response code (PZ, SQ). Raise LayoutError
    when a block has more records than its trailer can count.
    """
    names = ("site_code", "id_code", "office_code", "transmission_date")
    ends = {name: header.get(name, "") for name in names}
    return _render(ends, application, user_data=header.get("user_data", ""), blocks=blocks)


def render_notice(
    site_code: str,
    id_code: str,
    *,
    office_code: str,
    prepared_on: date,
    application: str,
    blocks: Sequence[OutBlock],
) -> str:
    """Write a batch that nobody asked for (PF): the date is the day the agency prepared it."""
    ends = {
        "site_code": site_code,
        "id_code": id_code,
        "office_code": office_code,
        "transmission_date": format_mmddyy(prepared_on),
    }
    return _render(ends, application, user_data="", blocks=blocks)


def text_of(records: Iterable[str]) -> str:
    """Join records to the text of a batch, as it is sent."""
    return "\n".join(records) + "\n"


def _render(
    ends: Mapping[str, str], application: str, *, user_data: str, blocks: Sequence[OutBlock]
) -> str:
    batch = {**ends, "application_identifier": application, "user_data": user_data}
    records = [LAYOUTS["A_out"].render(batch)]
    for block in blocks:
        records.append(LAYOUTS["B_out"].render(_block_header(block, application)))
        records.extend(block.records)
        records.append(LAYOUTS["Y_out"].render(_block_trailer(block, application)))
    records.append(LAYOUTS["Z_out"].render(ends))
    return text_of(records)


def _block_header(block: OutBlock, application: str) -> dict[str, str]:
    port, filer, office = block.preparer
    values = {
        "processing_district_port": block.port,
        "processing_filer_code": block.filer_code,
        "application_identifier": application,
        "processing_office_code": block.office_code,
        "preparer_district_port": port,
        "preparer_filer_code": filer,
        "preparer_office_code": office,
        "preparer_indicator": "1" if any(block.preparer) else "",
        "user_data": block.user_data,
    }
    heading = block.statement
    if heading is None:
        return values
    return values | {
        "statement_status": heading.status,
        "statement_number": heading.number,
        "preliminary_print_date": format_mmddyy(heading.print_date),
        "payment_type_code": heading.payment_type,
        "importer_of_record_number": heading.importer_number,
        "client_branch": heading.client_branch,
    }


def _block_trailer(block: OutBlock, application: str) -> dict[str, str | int]:
    return {
        "processing_district_port": block.port,
        "processing_filer_code": block.filer_code,
        "application_identifier": application,
        "record_count": len(block.records),
        "processing_office_code": block.office_code,
    }
