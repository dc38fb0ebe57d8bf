"""What a rendered page holds: its forms, field by field, and the addresses that it leads to.

A browser sends only the button that was pressed, so a form with several buttons is several forms.
"""

from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

_TYPED = ("input", "textarea", "select", "button")


@dataclass
class Form:
    """One form as a browser would send it, and every value that each of its fields offers."""

    method: str
    action: str
    enctype: str = ""
    values: dict[str, str] = field(default_factory=dict)
    offered: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)  # ("", "") is one without a name
    pressed: tuple[str, str] = ("", "")
    only: frozenset[str] | None = None  # of its fields only these are tried; None: all

    def put(self, name: str, value: str) -> None:
        """A field with a value; the first value is what is sent."""
        self.values.setdefault(name, value)
        self.offered.setdefault(name, []).append(value)

    @property
    def is_another_button(self) -> bool:
        """Is it a form that has been, with another of its buttons?"""
        return bool(self.buttons) and self.pressed != self.buttons[0]

    def by_button(self) -> list["Form"]:
        """What can be sent of it: once with each of its buttons."""
        return [self._by(button) for button in self.buttons or [("", "")]]

    def _by(self, button: tuple[str, str]) -> "Form":
        values = dict(self.values)
        offered = {name: list(found) for name, found in self.offered.items()}
        form = replace(self, values=values, offered=offered, pressed=button)
        if button[0]:
            form.values[button[0]] = button[1]
            form.offered[button[0]] = [button[1]]
        return form


class _Parser(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.address = address
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._form: Form | None = None
        self._select = ""
        self._textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "a" and told.get("href", "").startswith("/"):
            self.links.append(told["href"])
        if tag == "form":
            action = told.get("action") or self.address
            self._form = Form(told.get("method", "get").upper(), action, told.get("enctype", ""))
            self.forms.append(self._form)
        if self._form is None:
            return
        if tag == "option" and self._select:
            self._form.put(self._select, told.get("value", ""))
        elif _is_button(tag, told):
            self._form.buttons.append((told.get("name", ""), told.get("value", "")))
        elif tag in _TYPED and told.get("name"):
            self._field(tag, told)

    def _field(self, tag: str, told: dict[str, str]) -> None:
        assert self._form is not None
        name = told["name"]
        if tag == "select":
            self._select = name
        elif told.get("type") == "file":
            self._form.files.append(name)
        else:
            self._textarea = name if tag == "textarea" else ""
            self._form.put(name, told.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "select":
            self._select = ""


def _is_button(tag: str, told: dict[str, str]) -> bool:
    if tag == "button":
        return told.get("type", "submit") == "submit"
    return tag == "input" and told.get("type") == "submit"


def read_page(text: str, address: str) -> tuple[list[Form], list[str]]:
    """The forms of a page, one for each button, and the addresses of ours that it links to."""
    parser = _Parser(address)
    parser.feed(text)
    return [each for form in parser.forms for each in form.by_button()], parser.links
