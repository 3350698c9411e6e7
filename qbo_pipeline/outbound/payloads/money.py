"""Where money comes from or goes to: accounts, payment methods and references of what is paid at once."""

from typing import Any

from qbo_pipeline.outbound.document import Document
from qbo_pipeline.outbound.mapping.resolution import Unmapped
from qbo_pipeline.outbound.payloads.lookup import Lookup, Ref, given

REFERENCE_MAX = 21
_UNDEPOSITED = "undeposited"
_CARD_WORDS = ("card", "visa", "mastercard", "amex")
_CHECK_WORDS = ("check", "cheque")


def deposited_to(document: Document, look: Lookup) -> Ref | None:
    """The account that money is put into: the document's, else the one chosen; None leaves it to Undeposited Funds."""
    if document.account is None:
        chosen = look.choices.deposit_account
        return None if chosen is None else {"value": chosen}
    resolution = look.resolver.account(document.account, "deposit_account")
    if isinstance(resolution, Unmapped) and document.account.casefold().startswith(_UNDEPOSITED):
        return None
    return look.reference(resolution)


def money_account(name: str | None, look: Lookup) -> Ref | None:
    """The account that money is in, by the name the source has for it: a journal names Undeposited Funds like any other."""
    resolution = None if name is None else look.resolver.account(name, "deposit_account")
    is_undeposited = name is None or name.casefold().startswith(_UNDEPOSITED)
    if resolution is not None and not (is_undeposited and isinstance(resolution, Unmapped)):
        return look.reference(resolution)
    account = (
        look.profile.undeposited_account if name else look.choices.deposit_account or look.profile.undeposited_account
    )
    if account is None:
        look.hold(
            "unmapped_account",
            "It says not in which account its money is. Name one in the source and map it with "
            "`qbo-pipeline map set deposit_account NAME QBO-ID`.",
        )
    return account and {"value": account}


def paid_by(document: Document, look: Lookup) -> dict[str, Any]:
    """The payment method, and the reference as far as QuickBooks keeps it."""
    method = document.payment_method
    return given(
        {
            "PaymentMethodRef": None if method is None else look.reference(look.resolver.payment_method(method)),
            "PaymentRefNum": (document.reference or "").strip()[:REFERENCE_MAX],
        }
    )


def paid_from(name: str | None, look: Lookup) -> Ref | None:
    """The bank or card account that money is paid from, by the name the source has for it."""
    if name is None:
        look.hold(
            "unmapped_account",
            "It says not from which account it was paid. Name one in the source and map it with "
            "`qbo-pipeline map set payment_account NAME QBO-ID`.",
        )
        return None
    return look.reference(look.resolver.account(name, "payment_account"))


def payment_type(document: Document, look: Lookup, account: Ref | None) -> str:
    """How a purchase was paid in QuickBooks' words: the account decides between card and bank, the source whether by check."""
    said = (document.payment_method or "").casefold()
    kind = look.profile.account_types.get(account["value"]) if account else None
    if kind == "Credit Card" or (kind is None and any(word in said for word in _CARD_WORDS)):
        return "CreditCard"
    is_check = any(word in said for word in _CHECK_WORDS) and kind in (None, "Bank")
    if kind not in (None, "Bank", "Other Current Asset", "Credit Card"):
        look.hold(
            "unmapped_account",
            f"It was paid from an account of type {kind}, and QuickBooks pays from bank, cash and card accounts. Map "
            "another with `qbo-pipeline map set payment_account NAME QBO-ID`.",
        )
    return "Check" if is_check else "Cash"
