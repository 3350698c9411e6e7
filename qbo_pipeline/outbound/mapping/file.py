"""Mappings in a file that a spreadsheet opens: written whole, and taken in whole or not at all."""

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from qbo_pipeline.outbound.mapping.deciding import Decided, Decisions, MappingRefused
from qbo_pipeline.outbound.mapping.lists import Listed
from qbo_pipeline.outbound.mapping.table import NEW, MappingRow, mapping_rows
from qbo_pipeline.state.errors import StateError
from qbo_pipeline.state.intents import StoredIntent
from qbo_pipeline.state.mapping_kinds import KINDS, MappingKind, mapping_kind

Choose = Callable[[str, str], Listed]
"""Finds the live entry meant for a kind; raises `MappingRefused`."""

_NEEDED = ("kind", "source_key", "qbo_id")
_STATUSES = ("confirmed", "proposed", "excluded")


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What a file changed: how many mappings, and the intents that go on because of it."""

    changed: int
    woken: tuple[StoredIntent, ...]


@dataclass(frozen=True, kw_only=True)
class _Line:
    number: int
    kind: MappingKind
    source_key: str
    status: str
    meant: str
    entry: Listed | None
    reason: str | None


def export_csv(path: Path, rows: Iterable[MappingRow]) -> int:
    """Write mappings to a file that `import_csv` takes; how many there were."""
    written = [asdict(row) for row in rows]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [each.name for each in fields(MappingRow)])
        writer.writeheader()
        writer.writerows(written)
    return len(written)


def import_csv(path: Path, decisions: Decisions, choose: Choose) -> Imported:
    """Take in a file's mappings, all or none.

    Lines need `kind`, `source_key` and `qbo_id`, and may have `status` and `reason`; other columns are for people, proposals
    are passed over. Raises `MappingRefused` naming each line that cannot be taken, before anything is written.
    """
    held = {(each.kind, each.source_key): each for each in mapping_rows(decisions.store, decisions.realm_id, None)}
    lines, bad = _read(path, choose)
    bad += _clashes(lines, held)
    if bad:
        raise MappingRefused("\n".join([f"{path} was not taken in, and nothing was changed:", *bad]))
    changed = [line for line in lines if _changes(line, held.get((line.kind.name, line.source_key)))]
    woken = decisions.assign(
        *(Decided(each.kind, each.source_key, each.entry) for each in changed if each.entry is not None)
    )
    for each in changed:
        if each.status == "excluded":
            woken += decisions.exclude(each.kind.name, each.source_key, each.reason)
        elif each.entry is None:
            woken += decisions.make_new(each.kind.name, each.source_key)
    return Imported(changed=len(changed), woken=tuple(woken))


def _read(path: Path, choose: Choose) -> tuple[list[_Line], list[str]]:
    lines: list[_Line] = []
    bad: list[str] = []
    seen: dict[tuple[str, str], int] = {}
    for number, cells in _cells(path):
        try:
            line = _line(number, cells, choose)
            key = (line.kind.name, line.source_key)
            if key in seen:
                raise MappingRefused(f"{key[0]} {key[1]} stands in line {seen[key]} already.")
        except StateError as error:
            bad.append(f"line {number}: {error}")
        else:
            seen[key] = number
            lines += [line] if line.status != "proposed" else []
    return lines, bad


def _cells(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    # A spreadsheet puts a mark before the first byte.
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if missing := [name for name in _NEEDED if name not in (reader.fieldnames or ())]:
            raise MappingRefused(f"{path} has no column {', '.join(missing)}. It needs {', '.join(_NEEDED)}.")
        for row in reader:
            yield (
                reader.line_num,
                {name: (value or "").strip() for name, value in row.items() if isinstance(value, str)},
            )


def _line(number: int, cells: dict[str, str], choose: Choose) -> _Line:
    kind, source_key, meant = mapping_kind(cells.get("kind", "")), cells.get("source_key", ""), cells.get("qbo_id", "")
    status = cells.get("status") or "confirmed"
    if not source_key:
        raise MappingRefused("it names no source_key.")
    if status not in _STATUSES:
        raise MappingRefused(f"there is no status {status!r}, only {', '.join(_STATUSES)}.")
    if status == "confirmed" and not meant:
        raise MappingRefused(f"{kind.name} {source_key} has no qbo_id.")
    if meant == NEW and not kind.is_linked:
        raise MappingRefused(f"a {kind.name} is not made by a push, so that {NEW!r} cannot stand for one.")
    entry = choose(kind.name, _within(cells, kind, meant)) if status == "confirmed" and meant != NEW else None
    return _Line(
        number=number,
        kind=kind,
        source_key=source_key,
        status=status,
        meant=meant,
        entry=entry,
        reason=cells.get("reason") or None,
    )


def _within(cells: dict[str, str], kind: MappingKind, meant: str) -> str:
    """What is meant, with its list where a kind has several and the file names it."""
    target = cells.get("target", "")
    return f"{target}:{meant}" if len(kind.targets) > 1 and target in kind.targets else meant


def _clashes(lines: list[_Line], held: dict[tuple[str, str], MappingRow]) -> list[str]:
    """The lines after which one object would stand for two rows."""
    given = {(line.kind.name, line.source_key) for line in lines}
    holders = {
        (row.target, row.qbo_id): f"{row.kind} {row.source_key}"
        for key, row in held.items()
        if KINDS[row.kind].is_linked and row.status == "confirmed" and key not in given
    }
    bad = []
    for line in lines:
        if line.kind.is_linked and line.entry is not None:
            place = (line.entry.target, line.entry.id)
            if place in holders:
                bad.append(f"line {line.number}: {place[0]} {place[1]} stands for {holders[place]}.")
            holders[place] = f"{line.kind.name} {line.source_key}"
    return bad


def _changes(line: _Line, held: MappingRow | None) -> bool:
    if held is None or held.status != line.status:
        return True
    if line.status == "excluded":
        return (held.reason or None) != line.reason
    return held.qbo_id != (line.entry.id if line.entry else NEW)
