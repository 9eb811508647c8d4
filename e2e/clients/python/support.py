"""What the judges share: a browser that fills in the emulator's pages, and the report of what worked."""

from __future__ import annotations

import json
import os
import sys
import traceback
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import requests

WORLD = json.loads(os.environ["EMULATOR_WORLD"])
ORIGIN = WORLD["url"]
MAYA = WORLD["people"]["maya"]
INGRID = WORLD["people"]["ingrid"]


class Form:
    """A form of a page, and what its buttons would send."""

    def __init__(self, action: str, name: str):
        self.action = action
        self.name = name
        self.fields: list[tuple[str, str]] = []
        self.buttons: dict[str, tuple[str, str]] = {}


class FormReader(HTMLParser):
    """Reads the forms of a page as any browser does: by tags, names and the text of the buttons."""

    def __init__(self, page: str):
        super().__init__()
        self.forms: list[Form] = []
        self._button: tuple[str, str] | None = None
        self._text = ""
        self._elsewhere: list[tuple[str, tuple[str, str]]] = []
        self.feed(page)
        # Fields may stand outside the form that they name.
        for name, field in self._elsewhere:
            for form in self.forms:
                if form.name == name:
                    form.fields.append(field)

    def handle_starttag(self, tag: str, attributes: list) -> None:
        values = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(Form(values.get("action", ""), values.get("id", "")))
        elif tag == "input" and (values.get("type") != "checkbox" or "checked" in values):
            field = (values.get("name", ""), values.get("value", ""))
            if "form" in values:
                self._elsewhere.append((values["form"], field))
            elif self.forms:
                self.forms[-1].fields.append(field)
        elif tag == "button":
            self._button = (values.get("name", ""), values.get("value", ""))
            self._text = ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "button" and self._button is not None and self.forms:
            self.forms[-1].buttons[" ".join(self._text.split())] = self._button
            self._button = None


class Browser:
    """Follows redirects inside the emulator and presses the buttons that a person would."""

    def __init__(self) -> None:
        self._session = requests.Session()
        # Several judges open more logins than one page of a person would.
        self._session.trust_env = False

    def authorize(self, url: str, person: dict = MAYA, decision: str = "Allow") -> str:
        """Opens an authorization address as that person and gives the address where the browser is sent at the end."""
        response = self._session.get(url, allow_redirects=False, timeout=60)
        address = url
        for _ in range(12):
            if response.is_redirect:
                address = urljoin(address, response.headers["location"])
                if not address.startswith(ORIGIN + "/") or urlsplit(address).path == "/v2/web/auth-code":
                    return address
                response = self._session.get(address, allow_redirects=False, timeout=60)
                continue
            form, button = self._choice(response, person, decision)
            address = urljoin(address, form.action)
            fields = [field for field in [*form.fields, form.buttons[button]] if field[0] != ""]
            response = self._session.post(
                address, data=fields, headers={"Origin": ORIGIN}, allow_redirects=False, timeout=60
            )
        raise AssertionError("the login did not end")

    def _choice(self, response: requests.Response, person: dict, decision: str) -> tuple[Form, str]:
        for form in FormReader(response.text).forms:
            for button in form.buttons:
                if button in (person["name"], decision) or "second factor" in button:
                    return form, button
        raise AssertionError(f"page without a button to press, status {response.status_code}: {response.text[-1200:]}")

    def get(self, url: str) -> requests.Response:
        return self._session.get(url, timeout=60)


def query(address: str) -> dict[str, str]:
    """The query parameters of an address, each once."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def code_of(address: str) -> str:
    values = query(address)
    assert "code" in values, f"no code, but {values}"
    return values["code"]


_outcomes: dict[str, str] = {}


def feature(name: str, needs: str | None = None):
    """Runs what it decorates at once and prints the outcome as one line of JSON; without what it needs it is not tried."""

    def run(work):
        outcome, detail = "pass", ""
        if needs is not None and _outcomes.get(needs) != "pass":
            outcome, detail = _outcomes.get(needs, "fail"), f"needs {needs}"
        else:
            try:
                work()
            except Exception as error:  # whatever a client raises is the finding
                outcome = "not imitated" if _is_not_imitated(error) else "fail"
                detail = f"{type(error).__name__}: {error}"[:1500]
                if outcome == "fail":
                    traceback.print_exc(file=sys.stderr)
        _outcomes[name] = outcome
        print(json.dumps({"feature": name, "outcome": outcome, "detail": detail}), flush=True)
        return work

    return run


def _is_not_imitated(error: BaseException | None) -> bool:
    while error is not None:
        status = getattr(error, "http_status", None) or getattr(getattr(error, "response", None), "status_code", None)
        # The words of the emulator's 501, for programs that pass on nothing but text.
        if status == 501 or "NOT_IMITATED" in str(error) or "does not imitate" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False
