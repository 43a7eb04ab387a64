"""Who works at the bank's machine: the login that a program runs under.

Asked of the operating system and never of the environment, which everybody may set. It is for
records of what people did; it decides nothing.
"""

from __future__ import annotations

import os
import pwd
from typing import Final

_LONGEST: Final = 100


def operating_login() -> str:
    """Give the login that this process acts as, or ``uid 1001`` where that has no name."""
    uid = os.geteuid()
    try:
        return pwd.getpwuid(uid).pw_name[:_LONGEST]
    except KeyError:
        return f"uid {uid}"
