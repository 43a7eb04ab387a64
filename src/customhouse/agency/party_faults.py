"""The faults of registering parties: filers, importers, senders, payer units, designations."""

from __future__ import annotations

from customhouse.faults import declare

PARTY_FIELD_WRONG = declare(
    "party-field-wrong",
    sentence="The {field} of {item} is {seen}, which is not {expected}.",
    next_step="Correct the {field} in the document, then load it again.",
)
PARTY_FIELD_UNKNOWN = declare(
    "party-field-unknown",
    sentence="{item} has a field {field}, which is not one of {expected}.",
    next_step="Leave it out, or correct its name.",
)
PARTY_FIELD_MISSING = declare(
    "party-field-missing",
    sentence="{item} has no {field}.",
    next_step="Give the {field}: {expected}.",
)
PARTY_REPEATED = declare(
    "party-repeated",
    sentence="{item} occurs twice in this document.",
    next_step="Keep one of the two.",
)
PARTY_NOT_REGISTERED = declare(
    "party-not-registered",
    sentence="{item} names {kind} {key}, which is not registered.",
    next_step="Register {kind} {key} first; it may be in the same document.",
)
STATEMENTS_RECEIVER_TAKEN = declare(
    "statements-receiver-taken",
    sentence="The statements of filer {filer_code} already go to sender {sender}.",
    next_step="Take the filer out of receives_statements_of there first.",
    http_status=409,
)
PAYER_UNIT_OWNER_UNCLEAR = declare(
    "payer-unit-owner-unclear",
    sentence="{item} needs exactly one owner, a filer or an importer.",
    next_step="Give either owner_filer_code or owner_importer_number.",
)
PAYER_UNIT_NUMBER_TAKEN = declare(
    "payer-unit-number-taken",
    sentence="Payer unit {payer_unit_number} belongs to another owner or another account.",
    next_step="Leave the number out: the next free one is issued.",
    http_status=409,
)
PAYER_UNIT_ACCOUNT_TAKEN = declare(
    "payer-unit-account-taken",
    sentence="The account of {item} already has another payer unit number.",
    next_step="Use that number: one account has one payer unit number.",
    http_status=409,
)
PAYER_UNIT_NUMBERS_USED_UP = declare(
    "payer-unit-numbers-used-up",
    sentence="No payer unit number is free.",
    next_step="Ask the agency's operators.",
    http_status=503,
)
DESIGNATION_NOT_OF_IMPORTER = declare(
    "designation-not-of-importer",
    sentence="Payer unit {payer_unit_number} is a filer's own; only importers designate filers.",
    next_step="Designate a filer for an importer's payer unit.",
)
DOCUMENT_UNREADABLE = declare(
    "document-unreadable",
    sentence="The document cannot be read: {reason}.",
    next_step="{hint}",
    http_status=400,
)
