"""The entry summaries of the demo world: seeded, so that every run has the same ones.

Charges follow from an invented value and the kind of goods: duty (001), antidumping (012) and
countervailing duty (013), wine tax (017), informal fee (311), merchandise processing fee (499) with
its minimum and maximum, harbor maintenance fee (501). All arithmetic is in whole cents. How an
intake file looks is not known here.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from customhouse.business_days import FEDERAL_OFFICES
from customhouse.identifiers import EntryNumber, check_digit
from customhouse.rehearsal.world_data import (
    FILERS,
    FIRST_DAY,
    IMPORTERS,
    LAST_DAY,
    WorldFiler,
    WorldImporter,
)

SEED: Final = 19_890_711
ENTRIES_EACH_DAY: Final = 300
# Entry is ten working days before the summary is due (19 CFR 142.12(b)); most file a little early.
WORKING_DAYS_TO_PAY: Final = 8

DUTY, ANTIDUMPING, COUNTERVAILING, WINE_TAX = "001", "012", "013", "017"
INFORMAL_FEE, PROCESSING_FEE, HARBOR_FEE = "311", "499", "501"

# Fees of fiscal 2026 (90 FR 34665); those of 2027 were not at hand when this world was made.
PROCESSING_MINIMUM_CENTS: Final = 3_358
PROCESSING_MAXIMUM_CENTS: Final = 65_150
INFORMAL_FEE_CENTS: Final = 269


@dataclass(frozen=True, slots=True)
class Goods:
    """A kind of goods: its rates in hundredths of a percent and how it arrives."""

    duty: int
    by_sea: bool = True
    antidumping: int = 0
    countervailing: int = 0
    tax: int = 0


GOODS: Final[Mapping[str, Goods]] = {
    "tools": Goods(duty=370),
    "furniture": Goods(duty=0, antidumping=2_150),
    "textiles": Goods(duty=1_640),
    "toys": Goods(duty=0, by_sea=False),
    "steel": Goods(duty=2_500, antidumping=3_480, countervailing=810),
    "electronics": Goods(duty=260, by_sea=False),
    "ceramics": Goods(duty=900, countervailing=1_240),
    "wine": Goods(duty=120, tax=610),
    "produce": Goods(duty=430, by_sea=False),
    "footwear": Goods(duty=2_000),
    "parts": Goods(duty=250),
    "glass": Goods(duty=720),
}


@dataclass(frozen=True, slots=True)
class WorldEntry:
    """One entry summary as a filer files it; ``charges`` in cents by accounting class code."""

    filer_code: str
    entry_number: str
    importer_number: str
    port: str
    entry_type: str
    entry_date: date
    payment_type: str
    print_date: date
    charges: Mapping[str, int]
    broker_reference: str
    team_number: str
    deferred_tax: bool = False
    payable: bool = True
    antidumping_paid: bool = True
    countervailing_paid: bool = True
    consolidated: bool = False

    @property
    def amount_due_cents(self) -> int:
        """Give what is due: bonded duties, deferred tax and free entries left out.

        So CATAIR adds up a statement (Daily Statement, records Q2 to Q7).
        """
        if not self.payable:
            return 0
        left_out = {
            ANTIDUMPING: not self.antidumping_paid,
            COUNTERVAILING: not self.countervailing_paid,
            WINE_TAX: self.deferred_tax,
        }
        return sum(cents for code, cents in self.charges.items() if not left_out.get(code, False))


def business_days() -> list[date]:
    """Give the ten business days of the world."""
    days = [FIRST_DAY]
    while days[-1] < LAST_DAY:
        days.append(FEDERAL_OFFICES.next(days[-1]))
    return days


def world_entries(each_day: int = ENTRIES_EACH_DAY) -> list[WorldEntry]:
    """Give every entry summary of the world, by day and filer; some ``each_day`` a day."""
    chance = random.Random(SEED)  # noqa: S311 - a story, no secret
    numbers = {filer.code: filer.next_seven for filer in FILERS}
    entries: list[WorldEntry] = []
    for day in business_days():
        for filer in FILERS:
            for _ in range(_count(filer, each_day, chance)):
                seven = f"{numbers[filer.code]:07d}"
                numbers[filer.code] += 1
                entries.append(_entry(filer, seven, day=day, chance=chance))
    return entries


def _count(filer: WorldFiler, each_day: int, chance: random.Random) -> int:
    """Give a filer's entries of one day: its share, a fifth more or less."""
    usual = each_day * filer.share // 100
    return max(4, usual + chance.randint(-usual // 5, usual // 5))


def _entry(filer: WorldFiler, seven: str, *, day: date, chance: random.Random) -> WorldEntry:
    importer = chance.choice([one for one in IMPORTERS if filer.code in one.filers])
    goods = GOODS[importer.goods]
    port = filer.ports[0] if importer.payer_unit else chance.choice(filer.ports)
    value_cents = int(chance.lognormvariate(10.2, 0.9) * 100)
    informal = value_cents < 250_000 and not goods.antidumping
    free = chance.random() < 0.04 or (goods.duty == 0 and chance.random() < 0.15)
    entered = FEDERAL_OFFICES.add(day, -WORKING_DAYS_TO_PAY)
    return WorldEntry(
        filer_code=filer.code,
        entry_number=f"{seven}{check_digit(filer.code, seven)}",
        importer_number=importer.number,
        port=port,
        entry_type=_entry_type(goods, informal=informal),
        entry_date=entered,
        payment_type=importer.payment_type,
        print_date=day,
        charges={} if free else dict(_charges(value_cents, goods, informal=informal)),
        broker_reference=f"{_initials(importer)}{seven[-5:]}",
        team_number=chance.choice(("701", "718", "732", "745")),
        deferred_tax=bool(goods.tax) and chance.random() < 0.4,
        payable=not free,
        antidumping_paid=chance.random() < 0.55,
        countervailing_paid=chance.random() < 0.55,
        consolidated=chance.random() < 0.03,
    )


def _entry_type(goods: Goods, *, informal: bool) -> str:
    """Give 03 for goods under an order, 11 for small values, else 01 (CATAIR entry types)."""
    if goods.antidumping or goods.countervailing:
        return "03"
    return "11" if informal else "01"


def _charges(value_cents: int, goods: Goods, *, informal: bool) -> Iterator[tuple[str, int]]:
    """Give the charges that are not zero."""
    rates = {
        DUTY: goods.duty,
        ANTIDUMPING: goods.antidumping,
        COUNTERVAILING: goods.countervailing,
        WINE_TAX: goods.tax,
    }
    for code, rate in rates.items():
        cents = part_of(value_cents, rate=rate, of=10_000)
        if cents:
            yield code, cents
    if informal:
        yield INFORMAL_FEE, INFORMAL_FEE_CENTS
    else:
        yield PROCESSING_FEE, processing_fee_cents(value_cents)
    if goods.by_sea:
        harbor = part_of(value_cents, rate=125, of=100_000)
        if harbor:
            yield HARBOR_FEE, harbor


def processing_fee_cents(value_cents: int) -> int:
    """Give the fee of 0.3464 percent within its limits (19 CFR 24.23(b)(1))."""
    fee = part_of(value_cents, rate=3_464, of=1_000_000)
    return min(max(fee, PROCESSING_MINIMUM_CENTS), PROCESSING_MAXIMUM_CENTS)


def part_of(cents: int, *, rate: int, of: int) -> int:
    """Give a part of an amount in whole cents, half a cent rounded up."""
    return (2 * cents * rate + of) // (2 * of)


def _initials(importer: WorldImporter) -> str:
    return "".join(word[0] for word in importer.name.split())[:3]


def number_of(entry: WorldEntry) -> EntryNumber:
    """Give the typed entry number; raise IdentifierError when its check digit is wrong."""
    return EntryNumber.from_parts(entry.filer_code, entry.entry_number)
