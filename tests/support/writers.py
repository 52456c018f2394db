"""Concurrent writers on a live portal that record the responses they got."""

import re
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import httpx
from flask import Flask

from portal.people.accounts.password_rules import PortalPasswordHasher
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.services import get_service
from tests.support import factories as make

PASSWORD = "eight people at once"
COMMENTS = "/projects/heron/discussions"
RETRY = 0.2  # seconds: a restarting portal needs the CPU
HIDDEN = r'name="(csrf_token|version|form_key|thread-form_key)"[^>]*value="([^"]*)"'


@dataclass
class Told:
    """The responses to a writer's texts; each text is in one of the three lists."""

    acknowledged: list[str] = field(default_factory=list)
    retried: list[str] = field(default_factory=list)  # acknowledged at a later attempt
    unsure: list[str] = field(default_factory=list)  # no answer, and not sent again
    statuses: Counter[int | str] = field(default_factory=Counter)

    @property
    def kept(self) -> list[str]:
        return self.acknowledged + self.retried


def scene(app: Flask, writers: int) -> list[str]:
    """Create a shared project and one per writer; return the writers' e-mail addresses."""
    shared = make.project(slug="heron")
    addresses = []
    for n in range(writers):
        person = make.role(shared.id, Role.TEAM_MEMBER)
        make.role(make.project(slug=f"own-{n}").id, Role.TEAM_MEMBER, person)
        person.password_hash = get_service(PortalPasswordHasher, app).hash(PASSWORD)
        addresses.append(person.email)
    db.session.commit()
    return addresses


class Writer:
    """A person with an HTTP client who retries failed requests."""

    def __init__(self, client: httpx.Client, me: int, email: str) -> None:
        self.client = client
        self.me = me
        self.email = email
        self.told = Told()
        self._sprints = 0
        assert self._post("/sign-in", self._hidden("/sign-in"), email=email, password=PASSWORD)

    def comment(self, n: int, *, stubborn: bool) -> None:
        shown = self._page(COMMENTS)
        to = re.search("/discussions/[0-9a-f-]+/threads", shown)
        assert to, shown[:2000]
        text = f"comment {self.me}-{n}"
        self._write(text, to[0], hidden_fields(shown), stubborn, **{"thread-body": text})

    def attach(self, n: int, *, stubborn: bool) -> None:
        """Attach a file of its own to the person's first sprint, which exists by then."""
        shown = self._page(f"/projects/own-{self.me}/sprints/1")
        to = re.search(r"/files/of/\w+/[0-9a-f-]+", shown)
        assert to, shown[:2000]
        text = f"file {self.me}-{n}"
        self._write(text, to[0], self._hidden(to[0]), stubborn, upload=text)

    def sprint(self) -> None:
        """Plan a sprint; start and close the first, which begins on the day of its plan.

        Each request is sent until it is acknowledged."""
        self._sprints += 1
        board, number = f"/projects/own-{self.me}/sprints", self._sprints
        first = clock.today() if number == 1 else date(2030, 1, 1) + timedelta(days=number)
        day = first.isoformat()
        plan = {"goal": f"goal {self.me}-{number}", "starts_on": day, "ends_on": day}
        log = {"outcome": "met", "summary": f"summary {self.me}-{number}", "blocker": "none"}
        page, close = f"{board}/{number}", f"{board}/{number}/close"
        name = f"{self.me}-{number}"
        self._write(f"plan {name}", f"{board}/plan", self._hidden(f"{board}/plan"), True, **plan)
        if number > 1:
            return
        self._write(f"start {name}", f"{page}/start", self._hidden(page), True)
        self._write(f"close {name}", close, self._hidden(close), True, **log)

    def send(self, page: str, to: str, **typed: str) -> bool:
        """Send a form of a page; tell whether it was acknowledged."""
        return self._post(to, self._hidden(page), **typed)

    def _write(
        self, name: str, to: str, hidden: dict[str, str], again: bool, upload: str = "", **typed: str
    ) -> None:
        """Send a form once, or until it is acknowledged; `upload` is the name and the text of its file."""
        if self._post(to, hidden, upload, **typed):
            self.told.acknowledged.append(name)
            return
        until = time.monotonic() + 60
        while again and time.monotonic() < until:
            if self._post(to, hidden, upload, **typed):
                self.told.retried.append(name)
                return
            time.sleep(RETRY)
        self.told.unsure.append(name)

    def _post(self, to: str, hidden: dict[str, str], upload: str = "", **typed: str) -> bool:
        """Send a form; tell whether it was acknowledged."""
        files = {"file": (f"{upload}.txt", upload.encode())} if upload else None
        answer = self._ask("POST", to, data=hidden | typed, files=files)
        return answer is not None and answer.status_code == 303

    def _hidden(self, page: str) -> dict[str, str]:
        return hidden_fields(self._page(page))

    def _page(self, path: str) -> str:
        until = time.monotonic() + 60
        while True:
            answer = self._ask("GET", path, follow_redirects=True)
            if answer is not None and answer.status_code == 200:
                return answer.text
            assert time.monotonic() < until, f"{path} is not shown: {self.told.statuses}"
            time.sleep(RETRY)

    def _ask(self, method: str, path: str, **sent: Any) -> httpx.Response | None:
        try:
            answer = self.client.request(method, path, **sent)
        except httpx.TransportError as cut:
            self.told.statuses[type(cut).__name__] += 1
            return None
        self.told.statuses[answer.status_code] += 1
        return answer


def hidden_fields(page: str) -> dict[str, str]:
    """Return the hidden fields of a form."""
    return dict(re.findall(HIDDEN, page))
