"""Names as QuickBooks takes them: without what it refuses, no longer than it allows, and told apart by a suffix of our own.

A suffix is a function of the row alone, so that making the same name again gives the same name: never "(1)", "(2)".
"""

import hashlib
import re
import unicodedata
from typing import Literal

NAME_MAX = 100
"""The longest name of a customer, vendor or item that every edition of QuickBooks takes."""

SuffixedKind = Literal["customer", "vendor", "item"]

_SUFFIX_LETTERS: dict[SuffixedKind, str] = {"customer": "C", "vendor": "V", "item": "I"}
_DELETED = re.compile(r"(\s*\(deleted(-\d+)?\))+$", re.IGNORECASE)
_QUOTES = str.maketrans("‘’‚‛ʼ′“”„‟″", "''''''\"\"\"\"\"")  # noqa: RUF001 - the marks that are folded
_LEGAL_FORMS = re.compile(
    r"[\s,]+(inc|incorporated|llc|llp|ltd|limited|gmbh|ag|corp|corporation|co|plc|pty|bv|sarl|srl|sa)\.?$"
)
_NUMBER_MAX = 40


def name_choices(kind: SuffixedKind, name: str, number: str, source_id: str) -> list[str]:
    """The names a row may take, the one it would best have first: plain, with its kind, its number, and a trace of its id."""
    plain = legal_name(name) or f"{kind.capitalize()} {legal_name(number)}"
    letter = _SUFFIX_LETTERS[kind]
    numbered = _short_number(number)
    trace = hashlib.sha256(f"{kind}:{source_id}".encode()).hexdigest()[:8]
    suffixes = ("", f" ({letter})", f" ({letter}-{numbered})", f" ({letter}-{numbered}-{trace})")
    return [_cut(plain, NAME_MAX - len(suffix)) + suffix for suffix in suffixes]


def legal_name(name: str) -> str:
    """A name without characters QuickBooks refuses, its own mark of a deactivated record, and spaces nobody sees."""
    straight = _DELETED.sub("", _spaced(name).translate(_QUOTES))
    return straight.strip()


def comparable(name: str) -> str:
    """What two names must have in common to be the same: case, width, kind of quotation mark and spaces do not count."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return legal_name(folded)


def without_legal_form(name: str) -> str:
    """A comparable name without Inc, LLC, Ltd, GmbH and punctuation: alike enough to ask, never to link."""
    bare = comparable(name)
    while (shorter := _LEGAL_FORMS.sub("", bare)) != bare:
        bare = shorter
    return " ".join(re.sub(r"[^\w\s]", " ", bare.replace("&", " and ")).split())


def code_key(text: str) -> str:
    """What two codes must have in common to be the same: `NET30` is `Net 30`."""
    return re.sub(r"[\W_]+", "", comparable(text))


def _spaced(name: str) -> str:
    kept = (" " if each == ":" or each.isspace() or _is_hidden(each) else each for each in name)
    return " ".join("".join(kept).split())


def _is_hidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Cn", "Co")


def _cut(name: str, length: int) -> str:
    return name[:length].rstrip()


def _short_number(number: str) -> str:
    clean = legal_name(number) or "0"
    if len(clean) <= _NUMBER_MAX:
        return clean
    tail = hashlib.sha256(number.encode()).hexdigest()[:8]
    return f"{clean[: _NUMBER_MAX - 9].rstrip()}-{tail}"
