"""A browser without a screen: it keeps cookies, and fills in the forms of the pages it is on as they stand there."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests


@dataclass
class Form:
    """A form on a page: where it goes, and what is filled in already."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)


class Browser:
    """One visitor at one site."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()

    def get(self, path: str, **options: object) -> requests.Response:
        """Open a page."""
        return self.session.get(urljoin(self.url, path), timeout=20, **options)

    def post(self, path: str, fields: dict[str, str], **options: object) -> requests.Response:
        """Send fields to an address, as they are."""
        return self.session.post(urljoin(self.url, path), fields, timeout=20, **options)

    def forms(self, path: str) -> list[Form]:
        """The forms of a page."""
        page = self.get(path)
        assert page.status_code == 200, page.text
        return read_forms(page.text)

    def submit(self, path: str, button: str, wanted: dict[str, str] | None = None, **fields: str) -> requests.Response:
        """Press a button on a page: of the form whose hidden fields are as wanted, its other fields filled in."""
        fits = [
            form
            for form in self.forms(path)
            if button in form.buttons and (wanted or {}).items() <= form.fields.items()
        ]
        assert fits, f"{path} has no such button {button!r}"
        return self.post(fits[0].action, fits[0].fields | fields)

    def sign_in(self, secret: str, path: str = "/", name: str = "Pat") -> requests.Response:
        """Go to a page, which leads to the sign-in form, and fill it in."""
        page = self.get(path)
        (form,) = read_forms(page.text)
        return self.post(form.action, form.fields | {"secret": secret, "name": name})

    def form_token(self) -> str:
        """The token that this browser's forms carry."""
        return next(form.fields["form_token"] for form in self.forms("/"))


def read_forms(page: str) -> list[Form]:
    """The forms of a page's text."""
    reader = _Forms()
    reader.feed(page)
    return reader.forms


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._in_button = False
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get")))
        elif tag == "input" and self.forms and given.get("name"):
            self.forms[-1].fields[given["name"]] = given.get("value", "")
        elif tag == "select" and self.forms:
            self._select = given.get("name")
        elif tag == "option" and self._select and (self._select not in self.forms[-1].fields or "selected" in given):
            self.forms[-1].fields[self._select] = given.get("value", "")
        self._in_button = tag == "button"

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        if self._in_button and self.forms and data.strip():
            self.forms[-1].buttons.append(data.strip())
            self._in_button = False
