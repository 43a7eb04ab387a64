"""What an application to join ACH Debit can be refused for, and what its commands refuse."""

from __future__ import annotations

from customhouse.faults import declare

JOINING_FIELD_WRONG = declare(
    "joining-field-wrong",
    sentence="The {field} of the application is {seen}, which is not {expected}.",
    next_step="Correct the {field}, then apply again.",
)
JOINING_MEMBERS_WRONG = declare(
    "joining-members-wrong",
    sentence="The application is not one JSON object with these members: {expected}.",
    next_step="Add what is missing and leave out the rest.",
)
JOINING_PAYER_UNCLEAR = declare(
    "joining-payer-unclear",
    sentence="The application needs exactly one payer, a filer or an importer.",
    next_step="Give either filer_code or importer_number.",
)
JOINING_PARTY_UNKNOWN = declare(
    "joining-party-unknown",
    sentence="The application names {kind} {key}, which is not registered.",
    next_step="Have {kind} {key} registered first, or correct it.",
)
JOINING_PAYER_NOT_YOURS = declare(
    "joining-payer-not-yours",
    sentence="You do not transmit for filer {filer_code}.",
    next_step="Let its own sender apply.",
    http_status=403,
)
JOINING_FILERS_NOT_OF_IMPORTER = declare(
    "joining-filers-not-of-importer",
    sentence="A filer's own payer unit is used by that filer alone.",
    next_step="Leave filer_codes empty; only an importer names the filers that may use its unit.",
)
JOINING_DATE_TOO_EARLY = declare(
    "joining-date-too-early",
    sentence="The requested date {requested_on} is less than two business days ahead.",
    next_step="Ask for {earliest} or a later day.",
)
JOINING_ACCOUNT_TAKEN = declare(
    "joining-account-taken",
    sentence="The account behind this token has a payer unit or an application already.",
    next_step="Use that one, or capture another account: one account has one payer unit (SEC-03).",
    http_status=409,
)
JOINING_NOT_FOUND = declare(
    "joining-not-found",
    sentence="No application has this number and this secret.",
    next_step="Check both: they were shown once, when the application was received.",
    http_status=404,
)
JOINING_UNKNOWN = declare(
    "joining-unknown",
    sentence="No application has the number {application_number}.",
    next_step="List the applications: customhouse joining list.",
    http_status=404,
)
JOINING_STATE_WRONG = declare(
    "joining-state-wrong",
    sentence="Application {application_number} is {state}; only one that is received is decided.",
    next_step="See how it stands: customhouse joining list.",
    http_status=409,
)
JOINING_APPROVAL_BEGUN = declare(
    "joining-approval-begun",
    sentence="The approval of application {application_number} was begun and broke off.",
    next_step="Approve it again: that ends what was begun.",
    http_status=409,
)
