"""The parties of the demo world: plainly fictitious brokers, importers, units, people, accounts.

Data only, the same at every run; secrets (tokens, passwords) are made by the systems themselves.
The account numbers are canaries: each is long, is used once and stands nowhere but here, so that a
search for it in any other artefact shows a leak. No routing number here belongs to a bank.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

# Ten business days of the agency: Thanksgiving, 26 November 2026, is none.
FIRST_DAY: Final = date(2026, 11, 16)
LAST_DAY: Final = date(2026, 11, 30)
# The business day on which the entry summaries come in.
DAY_BEFORE: Final = date(2026, 11, 13)
# The banks' days before that: prenotes go out, settle on Thursday and mature on Tuesday (the 11th,
# Veterans Day, is none).
PRENOTES_ON: Final = date(2026, 11, 4)
PRENOTES_SETTLE_ON: Final = date(2026, 11, 5)
PRENOTES_MATURE_ON: Final = date(2026, 11, 10)
# Designations and units are in force before the first day.
EFFECTIVE_ON: Final = date(2026, 11, 2)

FIRST_ROUTING: Final = "091900009"
SECOND_ROUTING: Final = "107000000"


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account at a fictitious bank; its representation shows nothing of it."""

    routing_number: str = field(repr=False)
    account_number: str = field(repr=False)
    account_type: str = "checking"


@dataclass(frozen=True, slots=True)
class WorldFiler:
    """A broker: code, name, ports, share of the world's entries in percent and its own account.

    ``site_code`` and ``id_code`` name its sender; ``next_seven`` begins its entry numbers.
    """

    code: str
    name: str
    ports: tuple[str, ...]
    share: int
    site_code: str
    id_code: str
    username: str
    next_seven: int
    intake: str
    payer_unit: str
    account: BankAccount


@dataclass(frozen=True, slots=True)
class WorldImporter:
    """An importer: number, name, what it brings in and by whom it files.

    ``filers`` may file for it; with a payer unit it pays its own statements (type 3), which those
    filers are designated to authorize; without one it stands on its broker's statement (type 2).
    Where it pays under any suffix (type 5) its statements name it without one.
    """

    number: str
    name: str
    goods: str
    filers: tuple[str, ...]
    payer_unit: str = ""
    account: BankAccount | None = None
    any_suffix: bool = False

    @property
    def payment_type(self) -> str:
        """Give 3 or 5, an importer statement, when it pays itself, else 2, its broker's."""
        own = "5" if self.any_suffix else "3"
        return own if self.payer_unit else "2"

    def is_named(self, number: str) -> bool:
        """Tell whether the importer number of a statement is this one's."""
        return number == (self.number[:-2] if self.any_suffix else self.number)


FILERS: Final = (
    WorldFiler(
        code="B76",
        name="Example Harbor Brokers",
        ports=("3901", "2704"),
        share=44,
        site_code="3901",
        id_code="EHB",
        username="harbor",
        next_seven=324_527,
        intake="csv",
        payer_unit="760001",
        account=BankAccount(FIRST_ROUTING, "90417735526081443"),
    ),
    WorldFiler(
        code="D31",
        name="Sample Gateway Customs",
        ports=("1001",),
        share=26,
        site_code="1001",
        id_code="SGC",
        username="gateway",
        next_seven=1_200_001,
        intake="json",
        payer_unit="310001",
        account=BankAccount(SECOND_ROUTING, "81650293774410526", "savings"),
    ),
    WorldFiler(
        code="M08",
        name="Fictional Coast Service",
        ports=("2809",),
        share=17,
        site_code="2809",
        id_code="FCS",
        username="coast",
        next_seven=77_001,
        intake="csv",
        payer_unit="080001",
        account=BankAccount(FIRST_ROUTING, "73308814695027182"),
    ),
    WorldFiler(
        code="R55",
        name="Placeholder Trade Lines",
        ports=("5301",),
        share=13,
        site_code="5301",
        id_code="PTL",
        username="placeholder",
        next_seven=5_550_001,
        intake="json",
        payer_unit="550001",
        account=BankAccount(SECOND_ROUTING, "66192047358830915"),
    ),
)

IMPORTERS: Final = (
    WorldImporter(
        number="10-000010100",
        name="Imaginary Tool Works",
        goods="tools",
        filers=("B76", "D31"),
        payer_unit="410101",
        account=BankAccount(FIRST_ROUTING, "55820416639974027"),
    ),
    WorldImporter(
        number="10-0000102AA",
        name="Pretend Furniture Co",
        goods="furniture",
        filers=("B76",),
        payer_unit="410102",
        account=BankAccount(SECOND_ROUTING, "44739105528862613"),
        any_suffix=True,
    ),
    WorldImporter("10-000010300", "Made-Up Textiles", "textiles", ("B76",)),
    WorldImporter("10-000010400", "Hypothetical Toys", "toys", ("B76",)),
    WorldImporter(
        number="20-000020100",
        name="Invented Steel Supply",
        goods="steel",
        filers=("D31",),
        payer_unit="420201",
        account=BankAccount(FIRST_ROUTING, "33648094417751592"),
    ),
    WorldImporter("20-000020200", "Notional Electronics", "electronics", ("D31",)),
    WorldImporter("262002-00031", "Storybook Ceramics", "ceramics", ("D31",)),
    WorldImporter(
        number="30-000030100",
        name="Fabled Wine Imports",
        goods="wine",
        filers=("M08",),
        payer_unit="430301",
        account=BankAccount(SECOND_ROUTING, "22557983306640481", "savings"),
    ),
    WorldImporter("30-000030200", "Mock Orchard Foods", "produce", ("M08",)),
    WorldImporter("30-000030300", "Phantom Footwear", "footwear", ("M08",)),
    WorldImporter(
        number="40-000040100",
        name="Specimen Auto Parts",
        goods="parts",
        filers=("R55",),
        payer_unit="440401",
        account=BankAccount(FIRST_ROUTING, "98461870037723518"),
    ),
    WorldImporter("40-000040200", "Trial Glassware", "glass", ("R55",)),
)


def filer_of(code: str) -> WorldFiler:
    """Give a filer by its code; raise KeyError."""
    return {filer.code: filer for filer in FILERS}[code]


def account_numbers() -> tuple[str, ...]:
    """Give every canary account number, for a search that must find none of them."""
    accounts = [owner.account for owner in FILERS] + [owner.account for owner in IMPORTERS]
    return tuple(account.account_number for account in accounts if account is not None)
