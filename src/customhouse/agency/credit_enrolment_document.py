"""The form to join ACH Credit as JSON values, and how an enrolment is told as such (CRD-12).

Says nothing about whether a form is a good one; the rules of credit_enrolments do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from customhouse.agency.credit_enrolment_faults import ENROLMENT_MEMBERS_WRONG
from customhouse.agency.credit_enrolments import (
    Details,
    Enrolment,
    EnrolmentForm,
    FiledBy,
    field_fault,
)
from customhouse.faults import Fault, Refused
from customhouse.formats.txp import TxpProfile
from customhouse.identifiers import IdentifierError, ImporterNumber

LARGEST_BYTES: Final = 64 * 1024
RECEIVING_COMPANY: Final = "CUSTOMHOUSE"
FORMATS: Final = ("CCD+", "CTX")


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_text_or_null(value: object) -> bool:
    return value is None or isinstance(value, str)


def _is_lines(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(line, str) for line in value)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_TEXTS: Final = (
    "purpose",
    "company_name",
    "contact_name",
    "contact_phone",
    "contact_email",
    "official_name",
    "official_title",
    "notify_by",
)
_PAYERS: Final = ("importer_number", "filer_code")
_REQUIRED: Final = (*_TEXTS, "address", "bank_lead_days")
_OPTIONAL: Final = (*_PAYERS, "contact_fax")
_KINDS: Final[Mapping[str, tuple[Callable[[object], bool], str]]] = {
    **dict.fromkeys((*_TEXTS, "contact_fax"), (_is_text, "a text")),
    **dict.fromkeys(_PAYERS, (_is_text_or_null, "a text")),
    "address": (_is_lines, "a list of lines"),
    "bank_lead_days": (_is_count, "a whole number"),
}


@dataclass(frozen=True, slots=True)
class CollectionAccount:
    """Where payers push money, and by which profile their addenda are read."""

    routing: str
    account: str
    profile: TxpProfile

    def __repr__(self) -> str:
        return "CollectionAccount(redacted)"


def read_form(body: Any) -> EnrolmentForm:
    """Read a form from JSON values; every member that is wrong is told at once.

    Raises Refused: enrolment-members-wrong, enrolment-field-wrong.
    """
    if not isinstance(body, dict):
        raise Refused(_members_fault("this is no object"))
    missing = [name for name in _REQUIRED if name not in body]
    unknown = sorted(ascii(name)[1:-1][:40] for name in body if name not in _KINDS)
    wrong = [
        field_fault(name, body[name], expected=expected)
        for name, (is_kind, expected) in _KINDS.items()
        if name in body and not is_kind(body[name])
    ]
    if missing or unknown:
        seen = [f"missing: {', '.join(missing)}"] if missing else []
        seen += [f"unknown: {', '.join(unknown[:5])}"] if unknown else []
        wrong.insert(0, _members_fault("; ".join(seen)))
    if wrong:
        raise Refused(*wrong)
    values = {name: body[name] for name in _REQUIRED}
    return EnrolmentForm(
        **{**values, "address": tuple(body["address"])},
        importer_number=body.get("importer_number"),
        filer_code=body.get("filer_code"),
        contact_fax=body.get("contact_fax", ""),
    )


def spelled(enrolment: Enrolment, where: CollectionAccount) -> dict[str, Any]:
    """Give how an enrolment stands; ``payment`` tells where to push money once it is approved."""
    form = enrolment.open_form
    return {
        "payer_identifier": enrolment.payer_identifier,
        "payer_name": enrolment.payer_name,
        "state": enrolment.state,
        "approved_on": _day(enrolment.approved_on),
        "prenote_accepted_on": _day(enrolment.prenote_accepted_on),
        "effective_on": _day(enrolment.effective_on),
        "removed_on": _day(enrolment.removed_on),
        "reason": enrolment.reason,
        "open_form": None
        if form is None
        else {
            "application_number": form.application_number,
            "purpose": form.purpose,
            "received_on": form.received_on.isoformat(),
            "filed_by": spelled_filing(form.filed_by),
        },
        "details": None if enrolment.details is None else _details(enrolment.details),
        "payment": _payment(where) if enrolment.may_be_told_account else None,
    }


def spelled_filing(filed_by: FiledBy) -> dict[str, Any]:
    """Give who filed a form: how, the sender's filer, and of how many filers it is the sender.

    Of a sender of many only their number is told: the others are no business of this payer.
    """
    filer_codes = filed_by.filer_codes
    told = list(filer_codes) if len(filer_codes) == 1 else []
    return {"how": filed_by.how, "filer_codes": told, "filers": len(filer_codes)}


def _details(details: Details) -> dict[str, Any]:
    return asdict(details) | {"filed_by": spelled_filing(details.filed_by)}


def _payment(where: CollectionAccount) -> dict[str, Any]:
    return {
        "receiving_company": RECEIVING_COMPANY,
        "routing_number": where.routing,
        "account_number": where.account,
        "formats": list(FORMATS),
        "payment_type_codes": {kind: code for code, kind in where.profile.type_codes},
    }


def payer_spelled(text: str) -> str:
    """Give a payer's identifier in its canonical spelling, or as it is when it has none."""
    try:
        return str(ImporterNumber.parse(text))
    except IdentifierError:
        return text


def _members_fault(seen: str) -> Fault:
    expected = f"{', '.join(_REQUIRED)}, {' or '.join(_PAYERS)}, and optionally contact_fax"
    return Fault(ENROLMENT_MEMBERS_WRONG, {"expected": expected, "seen": seen})


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
