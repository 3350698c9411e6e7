"""How a company's pushes go: from which day, since when armed, how often, and what is made or changed without being asked."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, Literal

import sqlalchemy as sa

from qbo_pipeline.state.database import Database
from qbo_pipeline.state.push_schema import push_setting


class UnknownChoice(ValueError):  # noqa: N818 - named for what happened
    """A setting there is none of, or a value it does not take; the message names those there are."""


@dataclass(frozen=True, kw_only=True)
class PushChoices:
    """What a finance person decides for a company; the defaults create nothing that a person would have to undo.

    `automatic` lets schedules and sensors push, at most every `every_minutes`; by hand is always possible. `update_targets`
    are those whose changed sources are pushed as updates without being asked. `link_exact_names` takes a QuickBooks name equal
    to ours for the same; `create_…` make what is missing. `default_item` and the accounts are QuickBooks ids; `fee_account` is
    where what card companies keep is posted. `estimate_from` is the first status of a quote that becomes an estimate.
    `closed_period` says what happens to a document dated in closed books, and to one there that was cancelled since: `redate`
    takes it back on the first open day. `void_by` is what becomes of a voided document of a kind that QuickBooks lets no program
    void: its amounts become zero and its number stays, it is deleted, or a person does it. `time_items` groups billed time into
    lines.
    """

    automatic: bool = True
    every_minutes: int = 15
    targets: tuple[str, ...] = ()
    update_targets: tuple[str, ...] = ()
    link_exact_names: bool = True
    always_suffix: bool = False
    create_customers: bool = True
    create_vendors: bool = True
    create_items: bool = True
    create_defaults: bool = False
    default_item: str | None = None
    income_account: str | None = None
    expense_account: str | None = None
    discount_account: str | None = None
    deposit_account: str | None = None
    fee_account: str | None = None
    bad_debt_item: str | None = None
    rounding_item: str | None = None
    shipping_item: str | None = None
    estimate_from: Literal["accepted", "sent"] = "accepted"
    closed_period: Literal["hold", "redate", "ask"] = "hold"
    void_by: Literal["zero", "delete", "hold"] = "zero"
    time_lines: Literal["entry", "ticket", "person", "day", "role", "one"] = "entry"
    show_covered_time: bool = False
    hold_contract_over_unapproved_time: bool = True
    send_email: bool = False
    penny_policy: Literal["accept", "plug"] = "accept"
    others: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PushSettings:
    """A company's pushes: none goes out before `armed_at` is set, nothing dated before `go_live_date` ever does."""

    realm_id: str
    go_live_date: date | None = None
    armed_at: datetime | None = None
    last_push_at: datetime | None = None
    choices: PushChoices = field(default_factory=PushChoices)


class PushSettingsStore:
    """The push settings of all companies."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def of(self, realm_id: str) -> PushSettings:
        """A company's settings, the defaults where none were made."""
        with self._database.reading() as transaction:
            row = transaction.execute(sa.select(push_setting).where(push_setting.c.realm_id == realm_id)).one_or_none()
        if row is None:
            return PushSettings(realm_id=realm_id)
        return PushSettings(
            realm_id=realm_id,
            go_live_date=row.go_live_date,
            armed_at=row.armed_at,
            last_push_at=row.last_push_at,
            choices=_choices(json.loads(row.choices)),
        )

    def put(self, settings: PushSettings) -> None:
        """Replace a company's settings."""
        row = {
            "realm_id": settings.realm_id,
            "go_live_date": settings.go_live_date,
            "armed_at": settings.armed_at,
            "last_push_at": settings.last_push_at,
            "choices": json.dumps(asdict(settings.choices)),
            "updated_at": self._clock(),
        }
        with self._database.writing() as transaction:
            transaction.execute(push_setting.delete().where(push_setting.c.realm_id == settings.realm_id))
            transaction.execute(push_setting.insert().values(row))

    def choose(self, realm_id: str, **choices: Any) -> PushSettings:
        """Change some of a company's choices; raises `UnknownChoice`."""
        settings = self.of(realm_id)
        known = {each.name for each in fields(PushChoices)}
        if unknown := sorted(set(choices) - known):
            raise UnknownChoice(
                f"There is no push setting {', '.join(unknown)}. There are: {', '.join(sorted(known))}."
            )
        changed = replace(settings, choices=replace(settings.choices, **choices))
        self.put(changed)
        return changed

    def set_go_live(self, realm_id: str, day: date) -> PushSettings:
        """Set the first day whose documents are pushed."""
        settings = replace(self.of(realm_id), go_live_date=day)
        self.put(settings)
        return settings

    def arm(self, realm_id: str) -> PushSettings:
        """Allow pushes from now on; raises `UnknownChoice` while there is no day to push from."""
        settings = self.of(realm_id)
        if settings.go_live_date is None:
            raise UnknownChoice(
                f"Pushes to realm {realm_id} cannot be armed: its go-live date is not set. Give the first day whose "
                "documents are to go to QuickBooks."
            )
        armed = settings if settings.armed_at else replace(settings, armed_at=self._clock())
        self.put(armed)
        return armed

    def disarm(self, realm_id: str) -> PushSettings:
        """Send nothing to a company until it is armed again."""
        settings = replace(self.of(realm_id), armed_at=None)
        self.put(settings)
        return settings

    def note_push(self, realm_id: str) -> None:
        """Remember that a push of the whole company was made now."""
        self.put(replace(self.of(realm_id), last_push_at=self._clock()))


def _choices(held: dict[str, Any]) -> PushChoices:
    known = {each.name for each in fields(PushChoices)}
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in held.items() if name in known}
    return PushChoices(**values)
