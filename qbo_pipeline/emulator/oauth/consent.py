"""The page on which a person chooses a company and lets an app in, or does not: a plain form without a script."""

from collections.abc import Mapping
from html import escape

from qbo_pipeline.emulator.web.exchange import HTML, Answer

_STYLE = (
    "body{font-family:sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem;color:#222}"
    "label{display:block;margin:.5rem 0}button{font-size:1rem;padding:.5rem 1.5rem;margin:1.5rem 1rem 0 0}"
)


def consent_page(app_id: str, scopes: str, companies: Mapping[str, str], hidden: Mapping[str, str]) -> Answer:
    """Ask for consent. `companies` maps realm ids to names; `hidden` are the fields the form carries back unchanged."""
    fields = "".join(f'<input type="hidden" name="{escape(n)}" value="{escape(v)}">' for n, v in hidden.items())
    choices = "".join(
        f'<label><input type="radio" name="realm_id" value="{escape(realm_id)}"{" checked" if first else ""}> '
        f"{escape(name)} ({escape(realm_id)})</label>"
        for first, (realm_id, name) in ((position == 0, item) for position, item in enumerate(companies.items()))
    )
    return _page(
        200,
        "Connect an app to your company",
        f"<p><b>{escape(app_id)}</b> asks for <code>{escape(scopes)}</code>.</p>"
        f'<form method="post" action="/connect/oauth2">{fields}<fieldset><legend>Company</legend>{choices}</fieldset>'
        '<button name="decision" value="connect">Connect</button><button name="decision" value="cancel">Cancel</button>'
        "</form>",
    )


def refusal_page(reason: str) -> Answer:
    """Say why there is nothing to consent to; the browser is not sent anywhere, since the way back is not trusted."""
    return _page(400, "This app cannot be connected", f"<p>{escape(reason)}</p>")


def _page(status: int, title: str, content: str) -> Answer:
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head>'
        f"<body><h1>{title}</h1>{content}<p><small>QuickBooks emulator: no real company is behind this page.</small></p>"
        "</body></html>"
    )
    return Answer(status, page.encode(), HTML)
