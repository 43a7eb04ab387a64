"""Proves by columns that a run of forward CCD entries breaks no rule, or leaves it unproven.

A proof stands for judging each entry in nacha_check_entry and nacha_check_addenda; it knows
no faults, and whatever is not plainly good is left to those. Characters and line ends were looked
at before: all that comes here is printable.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from customhouse.formats import nacha_bulk_words as words
from customhouse.formats.nacha_bulk_words import Bytes, Words
from customhouse.formats.nacha_check_state import BatchState, Run
from customhouse.formats.nacha_codes import (
    CREDITS_ONLY,
    DEBITS_ONLY,
    LOAN_REVERSAL,
    MIXED,
    ROUTING_PREFIXES,
    TRANSACTION_CODES,
)
from customhouse.formats.nacha_sums import Sums

_ALPHABET: Final = 1 << 16
_BLANK: Final = ord(" ")
_FIRST_ADDENDUM: Final = words.word_of(b"0001")
_PAYMENT_INFORMATION: Final = words.word_of(b"705")
_DEBIT, _CREDIT, _LIVE, _ALONE = 1, 2, 4, 8
_DIRECTIONS: Final = {MIXED: _DEBIT | _CREDIT, CREDITS_ONLY: _CREDIT, DEBITS_ONLY: _DEBIT}
_SEQUENCES: Final = 10**7


@dataclass(frozen=True, slots=True)
class Records:
    """Rows of entries and of their addenda 05, without line ends.

    ``announced`` tells for each entry whether it has an addendum; None: all of them, or none when
    there are no addenda at all. No entry has more than one.
    """

    entries: Bytes
    addenda: Bytes
    announced: NDArray[np.bool_] | None = None


def _traits() -> Bytes:
    """Tell, by the two characters of a transaction code, what a forward entry with it is."""
    table = np.zeros(_ALPHABET, np.uint8)
    for code, known in TRANSACTION_CODES.items():
        if known.purpose == "return" or code == LOAN_REVERSAL:
            continue
        traits = _DEBIT if known.direction == "debit" else _CREDIT
        traits |= _LIVE if known.purpose == "live" else 0
        traits |= 0 if known.purpose == "zero-dollar" else _ALONE
        table[words.word_of(str(code).encode())] = traits
    return table


def _prefixes() -> NDArray[np.bool_]:
    """Tell which two characters may begin a routing number."""
    table = np.zeros(_ALPHABET, np.bool_)
    table[[words.word_of(prefix.encode()) for prefix in ROUTING_PREFIXES]] = True
    return table


_TRAITS: Final = _traits()
_PREFIXES: Final = _prefixes()


def proven(records: Records, batch: BatchState) -> Run | None:
    """Give the sums and traces of entries that break no rule as the next ones of their batch.

    None means that it is not proven, not that anything is wrong.
    """
    entries = records.entries
    if not (_have_good_texts(entries) and _have_good_addenda(records)):
        return None
    dfis = words.words_at(entries, 4)
    traces = _rising_traces(entries, batch)
    if traces is None or not _are_routing_numbers(dfis, entries):
        return None
    moved = _moved(records, batch)
    if moved is None:
        return None
    debit_cents, credit_cents = moved
    count = len(entries) + len(records.addenda)
    dfi_sum = int(words.numbers_in(dfis).sum())
    return Run(len(entries), Sums(count, dfi_sum, debit_cents, credit_cents), traces)


def _have_good_texts(entries: Bytes) -> bool:
    """Prove account number, identification and name to be there and left-justified."""
    starts, rest = words.words_at(entries, 13), words.words_at(entries, 20)
    ends = words.words_at(entries, 22)
    # The three words overlap, so that each pair of neighbours is within one of them.
    for word in (starts, rest, ends):
        if words.resume_after_blank(words.not_blank(word)) or words.have_hyphen(word):
            return False
    if ((starts & 0xFF) == _BLANK).any() or (words.bytes_at(entries, 55) == _BLANK).any():
        return False
    lead = words.bytes_at(entries, 40) == _BLANK
    return not lead.any() or bool((entries[lead, 39:54] == _BLANK).all())


def _have_good_addenda(records: Records) -> bool:
    """Prove that the entries announce their addenda, and each addendum to be its entry's own."""
    entries, addenda = records.entries, records.addenda
    indicators = words.bytes_at(entries, 79)
    if not len(addenda):
        return bool((indicators == ord("0")).all())
    if records.announced is None:
        own = entries
        if not (indicators == ord("1")).all():
            return False
    else:
        own = entries[records.announced]
        if not (indicators == records.announced + np.uint8(ord("0"))).all():
            return False
    kinds = words.halves_at(addenda, 1) & 0xFFFFFF
    sequences = words.halves_at(addenda, 84)
    # Seven digits of the entry's trace number, shifted clear of the character before them.
    there = words.words_at(own, 87) ^ words.words_at(addenda, 87)
    there >>= 8
    lead = words.bytes_at(addenda, 4) == _BLANK
    return (
        bool((kinds == _PAYMENT_INFORMATION).all())
        and bool((sequences == _FIRST_ADDENDUM).all())
        and not there.any()
        and not (lead.any() and (addenda[lead, 3:83] == _BLANK).all(axis=1).any())
    )


def _are_routing_numbers(dfis: Words, entries: Bytes) -> bool:
    return (
        words.are_digits(dfis)
        and bool(_PREFIXES[words.pairs_at(entries, 4)].all())
        and bool((dfis != words.ZEROS).all())
        and words.fit_check_digits(dfis, words.bytes_at(entries, 12))
    )


def _rising_traces(entries: Bytes, batch: BatchState) -> tuple[tuple[int, int], ...] | None:
    """Prove trace numbers of the batch's bank, rising and new in the file; give their stretches."""
    ends = words.words_at(entries, 87)
    odfi = words.word_of(batch.odfi)
    if not (words.words_at(entries, 80) == odfi).all() or not words.are_digits(ends):
        return None
    numbers = words.numbers_in(ends).astype(np.int64)
    base = int(batch.odfi[:7]) * _SEQUENCES * 10
    first, last = base + int(numbers[0]), base + int(numbers[-1])
    steps = np.diff(numbers)
    if first <= int(batch.last_trace) or bool((steps <= 0).any()):
        return None
    if not batch.file.traces.is_free(first, last):
        return None
    gaps = np.flatnonzero(steps != 1)
    if not len(gaps):
        return ((first, last),)
    begins = (base + numbers[gaps + 1]).tolist()
    finishes = (base + numbers[gaps]).tolist()
    return tuple(zip([first, *begins], [*finishes, last], strict=True))


def _moved(records: Records, batch: BatchState) -> tuple[int, int] | None:
    """Prove transaction codes and amounts; give the debits and the credits in cents."""
    entries = records.entries
    amounts = _amounts(entries)
    traits = _TRAITS[words.pairs_at(entries, 2)]
    if amounts is None or not (traits & _DIRECTIONS[batch.service_class]).all():
        return None
    if not ((amounts != 0) == ((traits & _LIVE) != 0)).all():
        return None
    limit = batch.same_day_limit_cents
    if limit is not None and (amounts > limit).any():
        return None
    if records.announced is not None or not len(records.addenda):
        alone = True if records.announced is None else ~records.announced
        if (((traits & _ALONE) == 0) & alone).any():
            return None
    total = int(amounts.sum())
    debits = int(amounts[(traits & _DEBIT) != 0].sum()) if batch.service_class == MIXED else 0
    if batch.service_class == DEBITS_ONLY:
        debits = total
    return debits, total - debits


def _amounts(entries: Bytes) -> Words | None:
    """Give ten digits as cents."""
    lower, upper = words.words_at(entries, 32), words.words_at(entries, 30)
    if not (words.are_digits(lower) and words.are_digits(upper)):
        return None
    # The first two of the upper eight digits, told by the lower ones' first six.
    cents = words.numbers_in(upper)
    cents //= 10**6
    cents *= 10**8
    cents += words.numbers_in(lower)
    return cents
