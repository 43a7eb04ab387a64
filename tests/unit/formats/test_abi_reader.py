"""Reading batches: the good ones in every dress, and each fault of the envelope by its place."""

import pytest

from customhouse.formats.abi_batch import Batch, read_answer, read_batch
from customhouse.formats.abi_reader import MOST_FAULTS
from tests.unit.formats.abi_samples import (
    BLOCK,
    BLOCK_END,
    END,
    GOOD,
    HEADER,
    ITEM,
    PASSWORD,
    PROFILE,
    batch,
    faults,
    golden,
    refusal,
    with_record,
)

SU_HEADER = "A3901B76SECRET112326     SU"
SU_BLOCK = "B  3901B76SU"
SU_ITEM = "H3901B76  032452783112426"
SU_BLOCK_END = "Y  3901B76SU"


def su(block: str) -> bytes:
    """Give an update batch with another B-record."""
    return batch(SU_HEADER, block, SU_ITEM, SU_BLOCK_END, END)


def accepted(raw: bytes) -> Batch:
    """Read a batch that must be taken in."""
    read = read_batch(raw, PROFILE)
    assert isinstance(read, Batch), read
    return read


def test_a_good_batch_gives_its_blocks_and_numbered_records():
    read = accepted(golden("authorization").encode())
    assert (read.application, read.transmission_date_text) == ("RM", "112326")
    assert [(block.port, block.filer_code) for block in read.blocks] == [("3901", "B76")]
    assert [(r.number, r.line) for r in read.blocks[0].records] == [(3, ITEM.ljust(80))]


@pytest.mark.parametrize("separator", ["", "\n", "\r", "\r\n", "\n\n"])
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_records_may_be_separated_by_any_line_end_or_none(separator, end):
    raw = (separator.join(record.ljust(80) for record in GOOD) + end).encode()
    assert accepted(raw) == accepted(batch(*GOOD))


def test_lower_case_is_read_as_upper_case():
    assert accepted(batch(*GOOD).lower()) == accepted(batch(*GOOD))


def test_blank_transmission_date_and_user_data_are_taken():
    header = "A3901B76SECRET           RM".ljust(59) + "hello"
    read = accepted(batch(header, BLOCK, ITEM, BLOCK_END, "Z3901B76"))
    assert (read.transmission_date_text, read.user_data) == ("", "HELLO")


def test_the_password_is_no_part_of_what_was_read():
    assert PASSWORD not in repr(accepted(batch(*GOOD)))


def test_preparer_codes_are_taken_on_an_update():
    block = SU_BLOCK.ljust(46) + "3901B76  1"
    read = accepted(su(block))
    assert read.blocks[0].header["preparer_filer_code"] == "B76"


A_FAULTS = {
    "site missing": ("A    B76SECRET112326     RM", ("X07", 1, 2)),
    "id missing": ("A3901   SECRET112326     RM", ("X08", 1, 6)),
    "another sender": ("A3902B76SECRET112326     RM", ("X09", 1, 2)),
    "another office": ("A3901B76SECRET112326     RM          01", ("X09", 1, 2)),
    "wrong password": ("A3901B76SECRTE112326     RM", ("X09", 1, 2)),
    "no such date": ("A3901B76SECRET023026     RM", ("X10", 1, 15)),
    "date of letters": ("A3901B76SECRETTODAY      RM", ("X10", 1, 15)),
    "application missing": ("A3901B76SECRET112326", ("X11", 1, 26)),
    "application unknown": ("A3901B76SECRET112326     QQ", ("X12", 1, 26)),
    "application not offered": ("A3901B76SECRET112326     EQ", ("X13", 1, 26)),
    "data in filler": ("A3901B76SECRET112326     RM     X", ("X39", 1, 33)),
}


@pytest.mark.parametrize("name", A_FAULTS)
def test_a_fault_of_the_header_is_found_alone(name):
    header, expected = A_FAULTS[name]
    application = header[25:27].strip() or "RM"
    raw = batch(header, BLOCK[:10] + application, ITEM, BLOCK_END[:10] + application, END)
    assert faults(raw) == [expected]


B_FAULTS = {
    "port missing": ("B      B76SU", ("X15", 2, 4)),
    "filer missing": ("B  3901   SU", ("X16", 2, 8)),
    "filer not the sender's": ("B  3901B77SU", ("X17", 2, 8)),
    "port not the filer's": ("B  4601B76SU", ("X18", 2, 4)),
    "other application": ("B  3901B76RM", ("X19", 2, 11)),
    "unknown indicator": ("B  3901B76SU".ljust(46) + "3901B76  2", ("X21", 2, 56)),
    "preparer without indicator": ("B  3901B76SU".ljust(46) + "3901B76", ("X22", 2, 56)),
    "indicator without preparer": ("B  3901B76SU".ljust(55) + "1", ("X22", 2, 56)),
    "preparer port missing": ("B  3901B76SU".ljust(50) + "B76  1", ("X24", 2, 47)),
    "preparer filer missing": ("B  3901B76SU".ljust(46) + "3901     1", ("X25", 2, 51)),
    "preparer is another filer": ("B  3901B76SU".ljust(46) + "3901B77  1", ("X26", 2, 51)),
    "data in filler": ("B013901B76SU", ("X39", 2, 2)),
    "office of odd characters": ("B  3901B76SU".ljust(44) + "?!", ("X40", 2, 45)),
}


@pytest.mark.parametrize("name", B_FAULTS)
def test_a_fault_of_a_block_header_is_found_alone(name):
    block, expected = B_FAULTS[name]
    trailer = SU_BLOCK_END if name != "office of odd characters" else SU_BLOCK_END.ljust(44) + "?!"
    assert faults(batch(SU_HEADER, block, SU_ITEM, trailer, END)) == [expected]


def test_preparer_codes_are_not_allowed_on_an_authorization():
    assert faults(with_record(2, BLOCK.ljust(46) + "3901B77  2")) == [("X23", 2, 47)]


TRAILER_FAULTS = {
    "block trailer of another port": (4, "Y  2704B76RM", ("X32", 4, 0)),
    "block trailer of another office": (4, BLOCK_END.ljust(44) + "01", ("X32", 4, 0)),
    "count in the block trailer": (4, BLOCK_END + "00001", ("X39", 4, 13)),
    "batch trailer of another date": (5, "Z3901B76      112426", ("X14", 5, 0)),
    "batch trailer of another site": (5, "Z2704B76      112326", ("X14", 5, 0)),
    "password in the batch trailer": (5, "Z3901B76SECRET112326", ("X39", 5, 9)),
    "unknown record": (3, "QT12345602B76 39273270010000104608", ("X34", 3, 0)),
    "old column of the statement number": (3, "PT12345602B76039273270010000104608", ("X39", 3, 14)),
    "data after the negation": (3, ITEM.ljust(79) + "9", ("X39", 3, 80)),
}


@pytest.mark.parametrize("name", TRAILER_FAULTS)
def test_a_fault_of_a_later_record_is_found_alone(name):
    number, record, expected = TRAILER_FAULTS[name]
    assert faults(with_record(number, record)) == [expected]


SHAPES = {
    "nothing": ((), [("X01", 1, 0)]),
    "no header": (GOOD[1:], [("X01", 1, 0)]),
    "header alone": (GOOD[:1], [("X03", 2, 0), ("X06", 2, 0)]),
    "no block": ((HEADER, END), [("X03", 2, 0)]),
    "no block header": ((HEADER, ITEM, ITEM, BLOCK_END, END), [("X03", 2, 0)]),
    "block trailer alone": ((HEADER, BLOCK_END, END), [("X03", 2, 0)]),
    "empty block": ((HEADER, BLOCK, BLOCK_END, END), [("X04", 3, 0)]),
    "no block trailer": ((HEADER, BLOCK, ITEM, END), [("X05", 4, 0)]),
    "next block before trailer": (
        (HEADER, BLOCK, ITEM, BLOCK, ITEM, BLOCK_END, END),
        [("X05", 4, 0)],
    ),
    "no batch trailer": (GOOD[:4], [("X06", 5, 0)]),
    "cut in the block": (GOOD[:3], [("X05", 4, 0), ("X06", 4, 0)]),
    "two batches": (GOOD + GOOD, [("X35", 6, 0)]),
    "two headers": ((HEADER, *GOOD), [("X35", 2, 0)]),
    "header in the block": ((HEADER, BLOCK, HEADER, ITEM, BLOCK_END, END), [("X35", 3, 0)]),
}


@pytest.mark.parametrize("name", SHAPES)
def test_records_that_are_missing_or_out_of_order(name):
    """F1: a missing or second header or trailer refuses the whole batch at its place."""
    records, expected = SHAPES[name]
    assert faults(batch(*records) if records else b"") == expected


def test_several_broken_things_are_all_found_in_order_of_their_records():
    raw = batch(
        "A3901B76SECRET133326     RM",
        "B  4601B76RM",
        "XX",
        ITEM,
        "Y  4601B76RM",
        BLOCK,
        BLOCK_END,
        "Z3901B77      133326",
    )
    assert faults(raw) == [("X10", 1, 15), ("X18", 2, 4), ("X34", 3, 0), ("X04", 7, 0)]


def test_a_wrong_password_does_not_reveal_which_filers_and_ports_are_known():
    raw = batch("A3901B76WRONG 112326     RM", "B  9999QQQRM", ITEM, "Y  9999QQQRM", END)
    assert faults(raw) == [("X09", 1, 2)]


def test_the_password_is_asked_for_once_in_capital_letters():
    asked = []
    profile = PROFILE.__class__(
        "3901", "B76", "", lambda text: not asked.append(text), {}, frozenset({"RM"})
    )
    read_batch(batch(*GOOD).lower(), profile)
    assert asked == ["SECRET"]


def test_an_application_the_sender_may_not_use():
    profile = PROFILE.__class__(
        "3901", "B76", "", PASSWORD.__eq__, PROFILE.filer_ports, frozenset({"SU"})
    )
    rejection = read_batch(batch(*GOOD), profile)
    assert [fault.code for fault in rejection.faults] == ["X20"]


def test_a_block_holds_9999_transactions_and_no_more():
    assert len(accepted(batch(HEADER, BLOCK, *[ITEM] * 9999, BLOCK_END, END)).blocks[0].records)
    raw = batch(HEADER, BLOCK, *[ITEM] * 10_001, BLOCK_END, END)
    assert faults(raw) == [("X36", 10_002, 0)]


def test_a_rejection_lists_a_bounded_number_of_faults():
    raw = batch(HEADER, BLOCK, *["XX"] * 3000, BLOCK_END, END)
    rejection = refusal(raw)
    assert len(rejection.faults) == MOST_FAULTS
    assert len(read_answer(rejection.answer).conditions) == MOST_FAULTS + 1
