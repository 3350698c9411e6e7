"""Failures on order: which request goes wrong, and how, as told over the admin endpoint.

A rule matches requests, lets the first `skip` of them pass, acts on the next `times` and is then used up. Rules are asked
in the order they were given; the one that acts on a request keeps it from the rules behind it, so that a list of rules with
the same match reads as a sequence.
"""

import re
import threading
from typing import Any, Literal
from urllib.parse import unquote_plus, urlsplit

import msgspec

from qbo_pipeline.emulator.faults import QboFault
from qbo_pipeline.emulator.web.exchange import Request
from qbo_pipeline.emulator.web.fault_forms import Form


class UnusableRuleError(ValueError):
    """A rule that is not one."""


class Match(msgspec.Struct, forbid_unknown_fields=True):
    """Which requests a rule is about; what is left out matches all.

    `path` is a regular expression looked for, in any case, in the path with its decoded query string. A statement sent as
    the body of a query counts as its query string.
    """

    path: str = ""
    method: str | None = None
    realm: str | None = None


class Then(msgspec.Struct, forbid_unknown_fields=True):
    """What happens to a matched request.

    Without an action, `status` and `form` are the answer, and the request's work is not done. Actions:
    `reset_before` and `reset_after` reset the connection before or after the work is done; `tear` resets it half way through a
    batch, whose later items are not done and which is not remembered; `truncate` cuts the body short of its Content-Length;
    `slow` sends it in chunks, `seconds` apart; `delay` waits `seconds` first; `stale_read` reads the record as it was before
    its last change; `expire_token` and `revoke` end the caller's access token or the company's connections first. `seconds`
    delays a plain `status` too.
    """

    action: (
        Literal[
            "reset_before", "reset_after", "tear", "truncate", "slow", "delay", "stale_read", "expire_token", "revoke"
        ]
        | None
    ) = None
    status: int | None = None
    form: Form = Form.A
    code: str = "10000"
    message: str = "An application error has occurred while processing your request"
    detail: str | None = "System Failure Error: scripted"
    type: str = "SystemFault"
    headers: dict[str, str] = {}
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if (self.action is None) == (self.status is None):
            raise ValueError("give either an action or a status")
        if self.status is not None and not 200 <= self.status <= 599:
            raise ValueError("status must be between 200 and 599")

    @property
    def fault(self) -> QboFault:
        """The fault a plain `status` answers with."""
        return QboFault(self.status or 500, self.code, self.message, self.detail, type=self.type)


class Rule(msgspec.Struct, forbid_unknown_fields=True):
    """A match, when it counts, and what then; `times` 0 means for ever."""

    then: Then
    match: Match = msgspec.field(default_factory=Match)
    skip: int = 0
    times: int = 1

    def __post_init__(self) -> None:
        if self.skip < 0 or self.times < 0:
            raise ValueError("skip and times count from 0")
        try:
            re.compile(self.match.path)
        except re.error as error:
            raise ValueError(f"match.path is no regular expression: {error}") from None


class ScriptedFaults:
    """The rules in force and how often each has acted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[Rule] = []
        self._matched: list[int] = []

    def add(self, described: bytes) -> int:
        """Add the rule or list of rules in a JSON text; how many there were, or `UnusableRuleError`."""
        try:
            rules = msgspec.json.decode(described, type=Rule | list[Rule])
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise UnusableRuleError(f"Not a rule for a fault: {error}") from None
        added = rules if isinstance(rules, list) else [rules]
        with self._lock:
            self._rules += added
            self._matched += [0] * len(added)
        return len(added)

    def take(self, request: Request, realm_id: str | None) -> Then | None:
        """What is to go wrong with this request, counting it; None when nothing is."""
        with self._lock:
            if not self._rules:
                return None
            address = _address(request)
            for position, rule in enumerate(self._rules):
                if not self._is_used_up(position) and _matches(rule.match, request.method, address, realm_id):
                    self._matched[position] += 1
                    if self._matched[position] > rule.skip:
                        return rule.then
            return None

    def snapshot(self) -> list[dict[str, Any]]:
        """Every rule with how many requests it met and acted on."""
        with self._lock:
            return [
                msgspec.to_builtins(rule) | {"matched": matched, "acted": max(0, matched - rule.skip)}
                for rule, matched in zip(self._rules, self._matched, strict=True)
            ]

    def clear(self) -> None:
        """Forget all rules."""
        with self._lock:
            self._rules.clear()
            self._matched.clear()

    def _is_used_up(self, position: int) -> bool:
        rule = self._rules[position]
        return rule.times > 0 and self._matched[position] >= rule.skip + rule.times


def _address(request: Request) -> str:
    query = unquote_plus(urlsplit(request.target).query)
    if request.content_type == "application/text":
        query = f"{query}&query={request.body.decode(errors='replace')}"
    return f"{request.path}?{query}" if query else request.path


def _matches(match: Match, method: str, address: str, realm_id: str | None) -> bool:
    return (
        (match.method is None or match.method.upper() == method)
        and (match.realm is None or match.realm == realm_id)
        and re.search(match.path, address, re.IGNORECASE) is not None
    )
