"""Codes as people read them: states, causes and kinds in words, and reasons without what is for a terminal."""

import re
import shlex

_STATES = {
    "pending": "goes out next",
    "blocked": "waits",
    "in_flight": "being sent",
    "unknown": "being looked up",
    "retry_wait": "tried again soon",
    "pushed": "in QuickBooks",
    "failed": "refused",
    "dead": "given up",
    "skipped": "not pushed",
    "drift": "differs",
    "partly": "partly done",
    "not_due": "rests",
    "lost": "broke off",
}
_CAUSES = {
    "dependency": "Waits for something else to be in QuickBooks first",
    "maybe_in_books": "May be in QuickBooks already",
    "name_taken": "Its name is taken in QuickBooks",
    "billed_twice": "Its work is billed by another document",
    "source_changed": "Its source changed just now",
    "refused_before": "QuickBooks refused the same before",
    "not_makeable": "Cannot be made into a document as it is",
    "given_up": "Given up after many tries",
    "pending": "Goes out with the next push",
    "in_flight": "Being sent",
    "unknown": "QuickBooks is asked whether it arrived",
    "retry_wait": "Tried again by itself",
    "drift": "Was changed in QuickBooks",
    "currency_not_kept": "In a currency the company does not keep",
    "shipping_off": "Charges shipping, which the company's forms do not show",
}
_PLURALS = {
    "tax_code": "Tax codes",
    "class": "Classes",
    "expense_category": "Expense categories",
    "worker": "Users (workers)",
}
_COMMAND = re.compile(r"\s*(?:[A-Z][^.`]*?)?`qbo-pipeline [^`]*`.*$", re.DOTALL)
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MAP_SET = re.compile(r"`qbo-pipeline map (?:set|confirm) ([^`]+)`")


def in_words(code: str) -> str:
    """A code as people read it: a state in its words, any other with spaces."""
    return _STATES.get(code) or code.replace("_", " ")


def cause_in_words(code: str) -> str:
    """Why documents wait, as a heading."""
    if code.startswith("unmapped_"):
        kind = code.removeprefix("unmapped_").replace("_", " ")
        return f"{'An' if kind[0] in 'aeiou' else 'A'} {kind} is not mapped"
    if code.startswith("refused_") and code.removeprefix("refused_").isdecimal():
        return f"QuickBooks refused it (its code {code.removeprefix('refused_')})"
    return _CAUSES.get(code) or code.replace("_", " ").capitalize()


def kind_in_words(kind: str) -> str:
    """A kind of mapping, as a heading for many."""
    return _PLURALS.get(kind) or f"{kind.replace('_', ' ').capitalize()}s"


def words_of_name(target: str) -> str:
    """QuickBooks' name of a kind of record as people say it: `PurchaseOrder` as "purchase order"."""
    return _CAPITAL.sub(" ", target).lower()


def for_people(text: str) -> str:
    """A sentence without the commands that a terminal would take: the page has buttons for them."""
    return _COMMAND.sub("", text).strip() or "Say what it is in QuickBooks."


def to_be_mapped(reason: str) -> tuple[str, str] | None:
    """The kind and key of what a reason says is to be mapped; None where it says no such thing."""
    found = _MAP_SET.search(reason)
    try:
        words = shlex.split(found[1]) if found else []
    except ValueError:
        return None
    return (words[0], words[1]) if len(words) >= 2 else None
