"""Every form of an act that matters, sent without a recent proof, comes back as it was sent."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.exceptions import HTTPException

from portal.app.application.features import SENSITIVE_ENDPOINTS
from portal.people.accounts.models import OpenSession, Person
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from portal.platform.kernel.tokens import TokenSealer
from tests.house.doors import DOORS
from tests.house.test_access import Scene
from tests.support.databases import Fresh
from tests.support.stage import Shot, Stage, text_of
from tests.support.turns import THOROUGH

TYPED = "Notre « outil » d’essai"
CRAWLERS = 99 if THOROUGH else 3  # people who read each page for its forms

# Independent of the database: runs on one engine.
pytestmark = pytest.mark.parametrize("house", ["sqlite"], indirect=True)


@dataclass(frozen=True)
class SentForm:
    """A form with choices, filled in otherwise than its page has it."""

    endpoint: str
    action: str
    role: str
    fields: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"{self.endpoint} as {self.role}"


class Acts:
    """The forms of the acts that matter on all pages of the access table, and their people's sessions."""

    def __init__(self, stage: Stage, scene: Scene) -> None:
        self.stage = stage
        self.fill = {name: str(value) for name, value in scene.names.items()}
        self._execute(sa.update(Person).values(second_factor_at=clock.now()))

    def _execute(self, statement: Any) -> None:
        connection: Any = db.engines[None]
        connection.execute(statement)

    def prove(self, at: datetime) -> None:
        self._execute(sa.update(OpenSession).values(proved_at=at, last_seen_at=clock.now()))

    def forms(self) -> Iterator[SentForm]:
        self.prove(clock.now())
        known = set()
        for row, door in DOORS.items():
            for role in sorted(door.inside)[:CRAWLERS] if door.method == "GET" else ():
                path = door.path.format(**self.fill)
                answer = self.stage.shoot(Shot(row, role, "crawl", "GET", *split(path)))
                if answer.mimetype != "text/html":
                    continue
                for form in BeautifulSoup(answer.get_data(as_text=True), "lxml").select("form[method=post]"):
                    action = str(form.get("action") or path)
                    endpoint = endpoint_of(self.stage.app, action)
                    shape = endpoint, tuple(sorted({str(field.get("name")) for field in controls(form)}))
                    if endpoint in SENSITIVE_ENDPOINTS and shape not in known and has_choices(form):
                        known.add(shape)
                        yield SentForm(endpoint, action, role, tuple(fill_in(form)))

    def send(self, form: SentForm, fields: list[tuple[str, str]]) -> tuple[int, BeautifulSoup]:
        path, query = split(form.action)
        body = urlencode(fields).encode()
        answer = self.stage.shoot(Shot(form.endpoint, form.role, "sent", "POST", path, query, body))
        return answer.status_code, BeautifulSoup(text_of(answer), "lxml")

    def faults(self, form: SentForm) -> Iterator[str]:
        self.prove(clock.now() - timedelta(hours=1))
        status, page = self.send(form, list(form.fields))
        carrier = page.select_one("form:has([name=resumed])")
        if status != 401 or carrier is None:
            yield f"{form}: answered {status}, without the form"
            return
        self.prove(clock.now())
        status, page = self.send(form, list(successful(carrier)))
        again = next((each for each in page.select("form") if is_same(each, form)), None)
        if status != 403 or again is None:
            yield f"{form}: resumed, answered {status}"
            return
        shown = Counter(plain(successful(again)))
        sent = Counter(plain(form.fields))
        if shown != sent:
            yield f"{form}: lost {sent - shown}, has {shown - sent} instead"


def split(address: str) -> tuple[str, bytes]:
    parts = urlsplit(address)
    return parts.path, parts.query.encode()


def endpoint_of(app: Flask, address: str) -> str:
    try:
        return str(app.url_map.bind("localhost").match(urlsplit(address).path, method="POST")[0])
    except HTTPException:
        return ""


def controls(form: Tag) -> list[Tag]:
    return list(form.select("input[name], select[name], textarea[name], button[name]"))


def has_choices(form: Tag) -> bool:
    return form.select_one("select, input[type=radio], input[type=checkbox]") is not None


def plain(fields: Any) -> list[tuple[str, str]]:
    return [(name, value) for name, value in fields if not name.endswith("csrf_token")]


def is_same(form: Tag, sent: SentForm) -> bool:
    names = {str(field.get("name")) for field in controls(form)}
    return urlsplit(str(form.get("action") or sent.action)).path == urlsplit(sent.action).path and names >= {
        name for name, _value in sent.fields
    }


def fill_in(form: Tag) -> Iterator[tuple[str, str]]:
    """Answer with the last choice of each list, all boxes that are empty, none that are ticked."""
    radios: dict[str, str] = {}
    for field in controls(form):
        name, kind, value = str(field["name"]), field.get("type", "text"), str(field.get("value", ""))
        if field.name == "select":
            options = [str(option.get("value", option.text)) for option in field.select("option")]
            for option in options if field.has_attr("multiple") else options[-1:]:
                yield name, option
        elif kind == "radio":
            radios[name] = value
        elif kind == "checkbox":
            if not field.has_attr("checked"):
                yield name, value or "on"
        elif field.name == "textarea" or kind in {"text", "search"}:
            yield name, TYPED
        elif kind not in {"password", "file", "submit"} and field.name != "button":
            yield name, value
    yield from radios.items()


def successful(form: Tag) -> Iterator[tuple[str, str]]:
    """What a browser would send with the form as it stands."""
    for field in controls(form):
        name, kind, value = str(field["name"]), field.get("type", "text"), str(field.get("value", ""))
        if field.name == "select":
            options = field.select("option[selected]") or field.select("option")[:1]
            for option in options if not field.has_attr("multiple") else field.select("option[selected]"):
                yield name, str(option.get("value", option.text))
        elif kind in {"radio", "checkbox"}:
            if field.has_attr("checked"):
                yield name, value or "on"
        elif field.name == "textarea":
            yield name, field.text.replace("\r\n", "\n").removeprefix("\n")
        elif kind not in {"password", "file", "submit"} and field.name != "button":
            yield name, value


def test_a_form_sent_without_a_recent_proof_comes_back_with_every_choice(
    house: tuple[Flask, Fresh], tell: Callable[..., None]
):
    app, fresh = house
    with app.app_context():
        fresh.restore()
        scene = Scene(get_service(TokenSealer, app).seal)
        stage = Stage(app, scene.people)
        with stage.open():
            acts = Acts(stage, scene)
            forms = list(acts.forms())
            faults = [fault for form in forms for fault in acts.faults(form)]
    tell(f"{len(forms)} forms with choices: {', '.join(sorted({form.endpoint for form in forms}))}")
    assert not faults, "\n".join(faults)
    assert {form.endpoint for form in forms} >= {"api_tokens.create", "packs.make", "team.invite"}
