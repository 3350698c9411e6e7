"""Which employee or vendor a user is. None is ever made: an employee is payroll's, and who is paid how is a person's word."""

from collections.abc import Iterable
from dataclasses import dataclass

from qbo_pipeline.outbound.mapping.held import Held
from qbo_pipeline.outbound.mapping.lists import Listed, NameLists
from qbo_pipeline.outbound.mapping.wanted_names import WantedWorker
from qbo_pipeline.state.mappings import Mapping


@dataclass(frozen=True, kw_only=True)
class WorkersMatched:
    """The mappings to write, and the users that a person must map."""

    mappings: tuple[Mapping, ...]
    unmapped: tuple[WantedWorker, ...]


def match_workers(lists: NameLists, held: Held, workers: Iterable[WantedWorker]) -> WorkersMatched:
    """Map each user whose vendor is linked or whose e-mail address is one employee's or vendor's; propose namesakes."""
    mappings: list[Mapping] = []
    unmapped: list[WantedWorker] = []
    for worker in workers:
        known = held.mappings.get(("worker", worker.source_id))
        if known is not None and known.status != "proposed":
            continue
        if entry := _vendor_of(lists, held, worker) or _by_email(lists, worker):
            mappings.append(_mapping(lists, worker, entry, None))
        elif entry := _by_name(lists, worker):
            mappings.append(_mapping(lists, worker, entry, f"The {entry.target} has the same name."))
        else:
            unmapped.append(worker)
    return WorkersMatched(mappings=tuple(mappings), unmapped=tuple(unmapped))


def _vendor_of(lists: NameLists, held: Held, worker: WantedWorker) -> Listed | None:
    """The vendor a contractor invoices through."""
    if not worker.is_contractor or worker.vendor_id is None:
        return None
    vendor_id = held.objects.get(("vendor", worker.vendor_id))
    return None if vendor_id is None else lists.get("Vendor", vendor_id)


def _by_email(lists: NameLists, worker: WantedWorker) -> Listed | None:
    """The only active one with the address; a contractor is looked for among vendors first, others among employees."""
    for target in _targets(worker):
        active = [each for each in lists.with_email(target, worker.email) if each.is_active]
        if len(active) == 1:
            return active[0]
    return None


def _by_name(lists: NameLists, worker: WantedWorker) -> Listed | None:
    named = (each for target in _targets(worker) for each in lists.named(target, worker.name) if each.is_active)
    return next(named, None)


def _targets(worker: WantedWorker) -> tuple[str, str]:
    return ("Vendor", "Employee") if worker.is_contractor else ("Employee", "Vendor")


def _mapping(lists: NameLists, worker: WantedWorker, entry: Listed, doubt: str | None) -> Mapping:
    return Mapping(
        realm_id=lists.realm_id,
        kind="worker",
        source_key=worker.source_id,
        target=entry.target,
        qbo_id=entry.id,
        qbo_name=entry.label,
        status="proposed" if doubt else "confirmed",
        origin="matched",
        reason=doubt,
    )
