"""What becomes of each item of a batch of parties, and how a batch is sorted into work.

Pure: the commands look up what is known, this module decides what is new, changed or unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from customhouse.agency import party_faults as faults
from customhouse.agency.credentials import Credential
from customhouse.agency.party_rules import item_fault
from customhouse.faults import Fault
from customhouse.rails import PrenoteNews

Status = Literal["registered", "changed", "unchanged", "waiting", "refused"]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class PartyOutcome:
    """What became of one item: its kind, what names it, and its faults when it was refused.

    ``waiting`` is a payer unit that is issued, but the bank could not be told of it yet.
    ``credential`` is what a new sender is told, once. ``prenote`` is what the bank answered when a
    unit was bound.
    """

    kind: str
    key: str
    status: Status
    faults: tuple[Fault, ...] = ()
    credential: Credential | None = field(default=None, repr=False)
    prenote: PrenoteNews | None = None

    @property
    def refused(self) -> bool:
        """Tell whether nothing of this item was kept."""
        return self.status == "refused"


@dataclass(frozen=True, slots=True)
class Judged(Generic[Item]):
    """The outcome of each item in input order, and the items for which there is work."""

    outcomes: list[PartyOutcome]
    registered: list[Item]
    changed: list[Item]


def judge(
    kind: str,
    items: Sequence[tuple[Item, list[Fault]]],
    *,
    key: Callable[[Item], str],
    known: Mapping[str, Item],
) -> Judged[Item]:
    """Sort items with their faults into refused, new, changed and unchanged.

    ``known`` holds the stored form of each item that is on file, by key. A second item with the
    key of an earlier good one is refused, because nobody can tell which of the two is meant.
    """
    judged: Judged[Item] = Judged([], [], [])
    seen: set[str] = set()
    for item, found in items:
        name = key(item)
        if not found and name in seen:
            found = [item_fault(faults.PARTY_REPEATED, f"{kind} {name}")]
        if found:
            judged.outcomes.append(PartyOutcome(kind, name, "refused", tuple(found)))
            continue
        seen.add(name)
        judged.outcomes.append(PartyOutcome(kind, name, _sort(judged, item, known.get(name))))
    return judged


def well_formed(items: Iterable[tuple[Item, list[Fault]]]) -> list[Item]:
    """Give the items without faults: only these may be looked up."""
    return [item for item, found in items if not found]


def _sort(judged: Judged[Item], item: Item, stored: Item | None) -> Status:
    if stored is None:
        judged.registered.append(item)
        return "registered"
    if stored == item:
        return "unchanged"
    judged.changed.append(item)
    return "changed"
