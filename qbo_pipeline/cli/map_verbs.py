"""`qbo-pipeline map`: who is who between the operational system and QuickBooks, seen and decided by a person."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from qbo_pipeline.cli.options import AsJson
from qbo_pipeline.console import console
from qbo_pipeline.console import mappings as map_console
from qbo_pipeline.outbound.mapping.checking import check_mappings
from qbo_pipeline.outbound.mapping.choosing import choose
from qbo_pipeline.outbound.mapping.deciding import Decided, Decisions, MappingRefused
from qbo_pipeline.outbound.mapping.file import export_csv, import_csv
from qbo_pipeline.outbound.mapping.lists import Listed, NameLists
from qbo_pipeline.outbound.mapping.live import read_entry
from qbo_pipeline.outbound.mapping.mirror import mirrored_company, mirrored_sources, published_copy
from qbo_pipeline.outbound.mapping.naming import settle_names
from qbo_pipeline.outbound.mapping.table import NEW, mapping_rows
from qbo_pipeline.outbound.mapping.wanting import all_names
from qbo_pipeline.outbound.push import open_client
from qbo_pipeline.settings import Settings, read_settings
from qbo_pipeline.state.connections import Connection
from qbo_pipeline.state.mapping_kinds import mapping_kind
from qbo_pipeline.state.store import StateStore, open_state

app = typer.Typer(
    no_args_is_help=True,
    help="Who is who: which QuickBooks customer, item, account or code stands for which of the operational system.",
)

OneConnection = Annotated[
    str | None, typer.Option("--connection", help="Which connection; needed where there is more than one.")
]
Kind = Annotated[
    str, typer.Argument(help="customer, vendor, item, worker, account, tax_code, term, class, department …")
]
Source = Annotated[str, typer.Argument(help="The operational system's id of it, or its code.")]


@app.command("list")
def list_mappings(
    connection: Annotated[
        list[str], typer.Option("--connection", help="Only this connection; may be given again.")
    ] = [],  # noqa: B006 - Typer copies its defaults
    kind: Annotated[str | None, typer.Option(help="Only this kind.")] = None,
    status: Annotated[str | None, typer.Option(help="confirmed, proposed or excluded.")] = None,
    as_json: AsJson = False,
) -> None:
    """List the mappings: linked, proposed, to be made and excluded."""
    settings = read_settings()
    with open_state(settings) as store:
        chosen = [store.connections.get(name) for name in connection] or store.connections.all()
        found = {
            each.name: mapping_rows(store, each.realm_id, _lists(settings, each), kind=kind, status=status)
            for each in chosen
        }
    if as_json:
        console.print_json(found)
        return
    for name, rows in found.items():
        map_console.print_mappings(name, rows)


@app.command()
def company(
    connection: Annotated[str, typer.Argument(help="The connection.")],
    business_entity: Annotated[str, typer.Argument(help="The operational system's business entity; `none` for none.")],
) -> None:
    """Say which business entity's books a connection holds."""
    with open_state(read_settings()) as store:
        assigned = store.connections.assign(connection, None if business_entity == "none" else business_entity)
    console.say(f"{assigned.name} holds the books of {assigned.business_entity_id or 'no business entity'}.")


@app.command()
def propose(connection: OneConnection = None, as_json: AsJson = False) -> None:
    """Match every active row and code with QuickBooks' lists: link what is the same, propose what may be."""
    with _opened(connection) as company, published_copy(company.settings) as copy:
        entity = company.connection.business_entity_id
        if copy is None:
            raise MappingRefused(
                "There is no published copy to read the lists from. Make one with `qbo-pipeline sync`."
            )
        if entity is None:
            raise MappingRefused(
                f"Connection {company.connection.name} is no business entity's: say whose with `qbo-pipeline map company`."
            )
        lists, profile = mirrored_company(copy, company.realm_id)
        if profile is not None:
            company.store.company_profiles.put(profile)
        choices = company.store.push_settings.of(company.realm_id).choices
        settled = settle_names(
            company.store, company.realm_id, lists, all_names(mirrored_sources(copy, entity)), choices
        )
    map_console.print_settled(settled, as_json=as_json)
    raise typer.Exit(1 if settled.blocked else 0)


@app.command("set")
def set_mapping(
    kind: Kind,
    source: Source,
    qbo_id: Annotated[str, typer.Argument(help="Id, number or name in QuickBooks; `new` to have one made.")],
    connection: OneConnection = None,
    as_json: AsJson = False,
) -> None:
    """Say which QuickBooks object it is; the object must be there and active."""
    with _opened(connection) as company:
        if qbo_id == NEW:
            map_console.tell(
                f"{kind} {source} will be made.", company.decisions.make_new(kind, source), as_json=as_json
            )
            return
        entry = company.choose_live(kind, qbo_id)
        woken = company.decisions.assign(Decided(mapping_kind(kind), source, entry))
    map_console.tell(f"{kind} {source} is {entry.target} {entry.id}, {entry.label}.", woken, as_json=as_json)


@app.command()
def confirm(kind: Kind, source: Source, connection: OneConnection = None, as_json: AsJson = False) -> None:
    """Accept what is proposed."""
    with _opened(connection) as company:
        proposed = company.decisions.proposal(kind, source)
        entry = company.choose_live(kind, f"{proposed.target}:{proposed.qbo_id}")
        woken = company.decisions.assign(Decided(mapping_kind(kind), source, entry))
    map_console.tell(f"{kind} {source} is {entry.target} {entry.id}, {entry.label}.", woken, as_json=as_json)


@app.command()
def exclude(
    kind: Kind,
    source: Source,
    reason: Annotated[str | None, typer.Option(help="Why, for whoever asks later.")] = None,
    connection: OneConnection = None,
    as_json: AsJson = False,
) -> None:
    """Keep it out of pushes, and whatever refers to it."""
    with _opened(connection) as company:
        woken = company.decisions.exclude(kind, source, reason)
    map_console.tell(f"{kind} {source} is excluded.", woken, as_json=as_json)


@app.command()
def clear(kind: Kind, source: Source, connection: OneConnection = None, as_json: AsJson = False) -> None:
    """Forget what was said about it; the next push matches it anew."""
    with _opened(connection) as company:
        woken = company.decisions.clear(kind, source)
    map_console.tell(f"{kind} {source} is not mapped any more.", woken, as_json=as_json)


@app.command("export")
def export_mappings(
    file: Annotated[Path, typer.Argument(help="The CSV file.")], connection: OneConnection = None
) -> None:
    """Write all mappings to a CSV file, which `map import` takes back."""
    with _opened(connection) as company:
        count = export_csv(file, mapping_rows(company.store, company.realm_id, company.lists))
    console.say(f"Wrote {count} mappings to {file}.")


@app.command("import")
def import_mappings(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The CSV file.")],
    connection: OneConnection = None,
    as_json: AsJson = False,
) -> None:
    """Take in the mappings of a CSV file, all or none; each line that cannot be taken is named."""
    with _opened(connection) as company:
        imported = import_csv(file, company.decisions_of_file, company.choose)
    map_console.tell(f"{imported.changed} mappings changed.", imported.woken, as_json=as_json)


@app.command()
def check(connection: OneConnection = None, as_json: AsJson = False) -> None:
    """Name each mapping that points at what is gone from QuickBooks or inactive."""
    with _opened(connection) as company:
        if not company.lists.entries:
            raise MappingRefused("There are no lists to check against. Read them with `qbo-pipeline sync`.")
        broken = check_mappings(company.store, company.realm_id, company.lists)
    map_console.print_broken(broken, as_json=as_json)
    raise typer.Exit(1 if broken else 0)


@dataclass(frozen=True, kw_only=True)
class _Company:
    """One company with its mappings and lists at hand."""

    settings: Settings
    store: StateStore
    connection: Connection
    lists: NameLists

    @property
    def realm_id(self) -> str:
        return self.connection.realm_id

    @property
    def decisions(self) -> Decisions:
        return Decisions(store=self.store, realm_id=self.realm_id)

    @property
    def decisions_of_file(self) -> Decisions:
        return Decisions(store=self.store, realm_id=self.realm_id, origin="imported")

    def choose(self, kind: str, meant: str) -> Listed:
        """The entry meant, asked of QuickBooks where the mirror does not have it."""
        return choose(kind, meant, self.lists, self._read)

    def choose_live(self, kind: str, meant: str) -> Listed:
        """The entry meant, as QuickBooks has it at this moment: the mirror may be older than what was done there."""
        entry = self.choose(kind, meant)
        # The two codes of every American company, TAX and NON, are no records that could be read.
        if not self.connection.is_active or not entry.id.isdigit():
            return entry
        live = self._read(entry.target, entry.id)
        return choose(kind, f"{entry.target}:{entry.id}", NameLists(self.realm_id, [live] if live else []))

    def _read(self, target: str, entry_id: str) -> Listed | None:
        if not self.connection.is_active:
            return None
        with open_client(self.store, self.connection, self.settings) as client:
            return read_entry(client, target, entry_id)


@contextmanager
def _opened(name: str | None) -> Iterator[_Company]:
    settings = read_settings()
    with open_state(settings) as store:
        connection = _one(store, name)
        yield _Company(settings=settings, store=store, connection=connection, lists=_lists(settings, connection))


def _one(store: StateStore, name: str | None) -> Connection:
    if name is not None:
        return store.connections.get(name)
    known = store.connections.all()
    if len(known) != 1:
        named = ", ".join(each.name for each in known) or "none yet"
        raise typer.BadParameter(f"Say which with --connection. There are: {named}.")
    return known[0]


def _lists(settings: Settings, connection: Connection) -> NameLists:
    """The company's lists as they were last published, empty before that."""
    with published_copy(settings) as copy:
        return NameLists(connection.realm_id, []) if copy is None else mirrored_company(copy, connection.realm_id)[0]
