"""Which tax code each line names, and what the document says of tax.

American lines say TAX or NON, and the rate is the document's one code or QuickBooks' own finding. Elsewhere each line names a
code of the company, and the document says that its amounts are without tax.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from qbo_pipeline.outbound.amounts import Taxation, allocated
from qbo_pipeline.outbound.document import Document, DocumentLine
from qbo_pipeline.outbound.mapping.resolution import Found
from qbo_pipeline.outbound.payloads.lookup import Lookup, Ref
from qbo_pipeline.state.company_profiles import CompanyProfile

Side = Literal["sale", "purchase"]

TAXED, UNTAXED = "TAX", "NON"


class LineTaxes:
    """The tax codes of one document's lines, and the document's own as they bring it about."""

    def __init__(self, document: Document, look: Lookup, side: Side) -> None:
        self._document = document
        self._look = look
        self._side = side
        self._of_document: set[str] = set()

    def code(self, line: DocumentLine) -> Ref | None:
        """The TaxCodeRef of a line; None where the company has no sales tax."""
        profile = self._look.profile
        if profile.is_american:
            return {"value": self._american(line)}
        return self._named(line) if profile.uses_sales_tax else None

    def untaxed(self) -> Ref | None:
        """The TaxCodeRef of a line that bears no tax whatever it says."""
        profile = self._look.profile
        if profile.is_american:
            return {"value": UNTAXED}
        return self._exempt() if profile.uses_sales_tax else None

    def head(self, tax_lines: Iterable[DocumentLine]) -> dict[str, Any]:
        """What the document says of tax, after all its lines were asked for."""
        head: dict[str, Any] = {}
        profile = self._look.profile
        if not profile.is_american:
            head["GlobalTaxCalculation"] = self._calculation()
        detail: dict[str, Any] = {}
        if profile.tax_kind == "us_manual" and self._of_document:
            detail["TxnTaxCodeRef"] = {"value": self._one_code()}
        stated = self._stated([line.amount for line in tax_lines])
        if stated is not None and self._bears_tax:
            detail["TotalTax"] = stated
        return head | ({"TxnTaxDetail": detail} if detail else {})

    @property
    def is_inclusive(self) -> bool:
        """Whether the amounts of its lines have tax within them that is told apart in QuickBooks."""
        return self._document.is_tax_inclusive and self._bears_tax and not self._look.profile.is_american

    def net_amounts(self, lines: Sequence[DocumentLine]) -> list[Decimal]:
        """What lines that include tax come to without it: together exactly the document's tax less."""
        percents = _percents(self._look.profile, self._side)
        within = [_tax_within(line, percents.get((self.code(line) or {}).get("value", ""), ())) for line in lines]
        if not any(within):
            # Of codes whose rates are not known the amounts alone say who bears how much.
            within = [abs(line.amount) if line.tax_code else Decimal(0) for line in lines]
        shares = allocated(self._document.tax_total or Decimal(0), within)
        return [line.amount - share for line, share in zip(lines, shares, strict=True)]

    @property
    def _bears_tax(self) -> bool:
        """Whether the document says of tax at all: an American purchase never does, it is part of what was paid."""
        if self._look.profile.is_american:
            return self._side == "sale"
        return self._side == "sale" or self._look.profile.uses_sales_tax

    def _calculation(self) -> str:
        if not self._look.profile.uses_sales_tax:
            return "NotApplicable"
        return "TaxInclusive" if self.is_inclusive else "TaxExcluded"

    def _american(self, line: DocumentLine) -> str:
        is_sale, profile = self._side == "sale", self._look.profile
        if not is_sale or not profile.uses_sales_tax or self._document.is_tax_exempt or line.is_taxable is False:
            return UNTAXED
        if line.tax_code is None:
            if line.is_taxable is None:
                self._hold_unsaid(line)
            return self._taxed(profile.default_tax_code)
        found = self._look.found(self._look.resolver.tax_code(line.tax_code))
        if found is None or found.qbo_id == UNTAXED:
            return UNTAXED
        return self._taxed(profile.default_tax_code if found.qbo_id == TAXED else found.qbo_id)

    def _taxed(self, code: str | None) -> str:
        self._of_document.add(code or "")
        return TAXED

    def _one_code(self) -> str:
        codes = sorted(self._of_document)
        if len(codes) > 1:
            self._look.hold(
                "several_tax_codes",
                "Its lines are taxed at several codes, and a document in QuickBooks has one. Split the document, or map the "
                "codes to one with `qbo-pipeline map set tax_code`.",
            )
        elif not codes[0]:
            self._look.hold(
                "unmapped_tax_code",
                "Its lines are taxed, and neither they nor the company name a tax code. Choose a default in QuickBooks' sales "
                "tax settings, or give the lines one and map it with `qbo-pipeline map set tax_code CODE QBO-ID`.",
            )
        return codes[0]

    def _hold_unsaid(self, line: DocumentLine) -> None:
        # Left unsaid, automated sales tax would charge it; said to be untaxed, nobody would.
        self._look.hold(
            "tax_unsaid",
            f"Its line {line.line_id} says neither whether it is taxed nor at which code. Say so on the line or its product in "
            "the source.",
        )

    def _named(self, line: DocumentLine) -> Ref | None:
        is_untaxed = self._document.is_tax_exempt or line.is_taxable is False
        # Zero-rated, exempt and out of scope are not the same: a code without tax says which.
        if not is_untaxed or self._bears_none(line.tax_code):
            return self._look.reference(self._look.resolver.tax_code(line.tax_code))
        return self._exempt()

    def _bears_none(self, code: str | None) -> bool:
        found = None if code is None else self._look.resolver.tax_code(code)
        percents = _percents(self._look.profile, self._side)
        return isinstance(found, Found) and not any(map(Decimal, percents.get(found.qbo_id, ["1"])))

    def _exempt(self) -> Ref | None:
        code = self._look.profile.exempt_tax_code
        return {"value": code} if code else self._look.reference(self._look.resolver.tax_code(UNTAXED))

    def _stated(self, of_lines: list[Decimal]) -> Decimal | None:
        """The tax the source says, where that is to stand."""
        if of_lines:
            return sum(of_lines, Decimal("0.00"))
        return self._document.tax_total


def taxation(profile: CompanyProfile, content: Mapping[str, Any], side: Side) -> Taxation | None:
    """How QuickBooks will tax a content; None where it names a code whose rates are not known."""
    if profile.is_american and side == "purchase":
        return Taxation()
    known = _percents(profile, side)
    if profile.tax_kind != "us_automated":
        codes = {line.get(line["DetailType"], {}).get("TaxCodeRef", {}).get("value") for line in content["Line"]}
        if TAXED in codes:
            codes.add(content.get("TxnTaxDetail", {}).get("TxnTaxCodeRef", {}).get("value"))
        if not codes - {None, TAXED, UNTAXED} <= known.keys():
            return None
    percents = {code: tuple(Decimal(rate) for rate in rates) for code, rates in known.items()}
    return Taxation(
        by="sum" if profile.is_american else "line",
        percents=percents,
        is_automated=profile.tax_kind == "us_automated",
    )


def _tax_within(line: DocumentLine, percents: Iterable[str]) -> Decimal:
    """How much of a line is tax by its code's rates, unrounded."""
    percent = sum((Decimal(rate) for rate in percents), Decimal(0))
    return abs(line.amount) * percent / (100 + percent)


def _percents(profile: CompanyProfile, side: Side) -> Mapping[str, list[str]]:
    return profile.sales_tax_percents if side == "sale" else profile.purchase_tax_percents
