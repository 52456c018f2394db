"""Parse a page as a browser does: its forms, and what hostile text injected."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

_RUNS = ("javascript:", "data:", "vbscript:")
_LINKS = {"href", "src", "action", "formaction"}


@dataclass
class FormRead:
    """A form with the value that each field sends unchanged, or its first choice.

    `also` are other URLs to which its buttons send.
    """

    action: str
    method: str
    sent: dict[str, str] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    also: list[str] = field(default_factory=list)
    limits: dict[str, int] = field(default_factory=dict)


class PageReader(HTMLParser):
    """`intruders` are elements and attributes that only injected text can have created."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[FormRead] = []
        self.links: list[str] = []
        self.intruders: list[str] = []
        self._form: FormRead | None = None
        self._area: str | None = None
        self._select: str | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._suspect(tag, given)
        if tag == "form":
            self._form = FormRead(given.get("action", ""), given.get("method", "get").upper())
            self.forms.append(self._form)
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if self._form is not None:
            self._field(self._form, tag, given)

    def _suspect(self, tag: str, given: dict[str, str]) -> None:
        if "fuzz" in tag or (tag == "script" and not given.get("src", "").startswith("/static/")):
            self.intruders.append(f"<{tag}>")
        for name, value in given.items():
            if name.startswith("on") or "fuzz" in name:
                self.intruders.append(f"<{tag} {name}>")
            elif name in _LINKS and value.strip().lower().startswith(_RUNS):
                self.intruders.append(f"<{tag} {name}={value[:30]}>")

    def _field(self, form: FormRead, tag: str, given: dict[str, str]) -> None:
        name, kind, value = given.get("name"), given.get("type", "text"), given.get("value", "")
        if tag == "option" and self._select:
            if "selected" in given or not form.sent[self._select]:
                form.sent[self._select] = value
        elif tag == "button" and "formaction" in given:
            form.also.append(given["formaction"])
        elif name and tag in {"input", "textarea", "select", "button"}:
            checkable = kind in {"radio", "checkbox"}
            if "checked" in given or name not in form.sent:
                form.sent[name] = value or ("on" if checkable else "")
            self._area = name if tag == "textarea" else None
            self._select = name if tag == "select" else None
            if tag == "textarea" or (tag == "input" and kind in {"text", "search"}):
                form.texts.add(name)
            if given.get("maxlength", "").isdigit():
                form.limits[name] = int(given["maxlength"])

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._area:
            self._form.sent[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "textarea":
            if self._form is not None and self._area:  # HTML drops the first line feed
                self._form.sent[self._area] = (
                    self._form.sent[self._area].replace("\r\n", "\n").removeprefix("\n")
                )
            self._area = None
        if tag == "select":
            self._select = None
