"""Whether a text was made by a machine: a key that somebody may use, and no words in place of one."""

from __future__ import annotations

import re

_HEXADECIMAL = re.compile(r"[0-9a-f]{32,}|[0-9A-F]{32,}")
_KEY = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d).{32,}")
_RUN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
LONGEST = 2.8  # characters of a word or number; of base64 it is about 2, of words four and more
LETTERS = 8  # of one alphabet that a key in hexadecimal has at least, unless somebody typed it


def is_random(text: str) -> bool:
    """Whether a text looks as if it had been made to be a key: hexadecimal digits or base64 of 16 bytes and more."""
    if _HEXADECIMAL.fullmatch(text):
        return len(set(text)) >= LETTERS and "1234" not in text
    return bool(_KEY.fullmatch(text)) and len(text) / len(_RUN.findall(text)) <= LONGEST
