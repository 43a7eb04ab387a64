"""What the bank refuses because of a prenote. No sentence has a place for an account number."""

from __future__ import annotations

from customhouse.faults import declare

PRENOTE_NOT_MATURED = declare(
    "prenote-not-matured",
    sentence="The account of payer unit {payer_unit_number} is still tried with a prenote.",
    next_step="Authorize again when the unit is effective: three banking days after the prenote.",
    http_status=202,
)
PRENOTE_FAILED = declare(
    "prenote-failed",
    sentence="The account of payer unit {payer_unit_number} cannot be used: its prenote came back.",
    next_step="Apply for a payer unit with another account, or with the corrected one.",
    http_status=202,
)
