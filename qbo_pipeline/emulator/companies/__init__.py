"""The sample companies by name.

`landscaping` (US, the sample company every developer knows), `consultancy` (UK, VAT, three currencies) and
`generated:<invoices>[:<seed>[:<lines>]]` (US, any size). Names stay cheap to check: a company's books are imported and built
only when it is asked for.
"""

import re
from collections.abc import Collection, Sequence
from datetime import date

from qbo_pipeline.emulator.books.company import CompanySeed

_GENERATED = re.compile(r"generated:(?P<invoices>\d{1,9})(:(?P<seed>\d{1,9})(:(?P<lines>[1-8]))?)?")
_FIRST_GENERATED_REALM = 9341450000001001


class UnknownCompanyError(ValueError):
    """A name that is no sample company; the message lists the known forms."""


def company_seeds(names: Sequence[str], as_of: date, *, taken: Collection[str] = ()) -> list[CompanySeed]:
    """The books of the named companies as they stood at the start of `as_of`, a day in UTC.

    Generated companies get the realm ids from 9341450000001001 upward in the order asked for, leaving out those in `taken`.
    """
    used = set(taken)
    seeds = []
    for name in names:
        seed = _seed(name, as_of, used)
        if seed.realm_id in used:
            raise ValueError(f"Company {name!r} cannot be opened twice: realm {seed.realm_id} is in use already.")
        used.add(seed.realm_id)
        seeds.append(seed)
    return seeds


def _seed(name: str, as_of: date, used: Collection[str]) -> CompanySeed:
    if name == "landscaping":
        from qbo_pipeline.emulator.companies.landscaping import landscaping  # noqa: PLC0415 - built only when asked for

        return landscaping(as_of)
    if name == "consultancy":
        from qbo_pipeline.emulator.companies.consultancy.company import consultancy  # noqa: PLC0415 - built only when asked for

        return consultancy(as_of)
    form = _GENERATED.fullmatch(name)
    if form is None:
        raise UnknownCompanyError(
            f"There is no sample company {name!r}. The known ones are: landscaping, consultancy, "
            "generated:<invoices>[:<seed>[:<lines per invoice, 1 to 8>]] such as generated:10000 or generated:10000:7:3."
        )
    from qbo_pipeline.emulator.companies.generated.company import generated  # noqa: PLC0415 - built only when asked for

    lines = form["lines"]
    return generated(
        int(form["invoices"]),
        seed=int(form["seed"] or 1),
        lines=int(lines) if lines else None,
        as_of=as_of,
        realm_id=_free_realm(used),
    )


def _free_realm(used: Collection[str]) -> str:
    realm = _FIRST_GENERATED_REALM
    while str(realm) in used:
        realm += 1
    return str(realm)
