"""The dearest of all pages, on the demonstration: processor time as ratios to the portfolio's.

In one process. Each account follows the links of what it may read; of each route the dearest of a few
addresses counts, at its least processor time: the demonstration is small, and other programs disturb.
"""

import re
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from typing import Any

import sqlalchemy as sa
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from bench.measure import Plan
from bench.pages import Visitor
from portal.app.demo import people
from portal.app.demo.loader import load_demonstration
from portal.people.accounts.commands import open_session
from portal.people.accounts.models import Person
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db

PORTFOLIO = "portfolio.index"
SHOWN = 10
BOUNDS = {  # by route, as multiples of the portfolio; of all others `OTHERS_MAX`
    "projects.page": 1.5,
    "sprints.page": 1.5,
    **dict.fromkeys(("sprint_board.page", "gates.index", "project_health.index", "inbox.index"), 2.0),
    **dict.fromkeys(("rounds.page", "backlog.index", "reviews.page", "to_decide.index"), 2.0),
}
OTHERS_MAX = 4.0
_LINK = re.compile(r'(?:href|hx-get)="(/[^"#]*)')
_NOT_PAGES = ("/static", "/sign-out")


@dataclass
class Crawl:
    """What was found: by route its dearest (ms, cookie, path), and how often it was asked."""

    addresses_a_route: int
    dearest: dict[str, tuple[float, str, str]] = field(default_factory=dict)


def measure(visitor: Visitor, cookies: Sequence[str], plan: Plan) -> dict[str, Any]:
    """Ratios of the named routes and of the ten dearest, for the readers who hold these cookies."""
    crawl = Crawl(plan.addresses)
    for cookie in cookies:
        _follow(visitor, crawl, cookie)
    first = sorted(crawl.dearest, key=lambda route: -crawl.dearest[route][0])[: 2 * SHOWN]
    chosen = dict.fromkeys((PORTFOLIO, *first, *(crawl.dearest.keys() & BOUNDS)))
    costs = _measure_in_turn(visitor, {route: crawl.dearest[route] for route in chosen}, 5 * plan.rounds)
    ratios = {route: round(ms / costs[PORTFOLIO], 2) for route, ms in costs.items()}
    ordered = sorted(ratios, key=lambda route: -ratios[route])
    return {
        "portfolio_ms": round(costs[PORTFOLIO], 2),
        "routes": len(crawl.dearest),
        "dearest": [(route, ratios[route], crawl.dearest[route][2]) for route in ordered[:SHOWN]],
        "named": {route: ratios[route] for route in BOUNDS if route in ratios},
        "above": {route: ratios[route] for route in ordered if ratios[route] > BOUNDS.get(route, OTHERS_MAX)},
    }


def load_accounts(visitor: Visitor) -> list[str]:
    """Load the demonstration, and return the cookies of its accounts, its lead's first."""
    cookies = []
    with visitor.app.app_context():
        load_demonstration(date.today())  # noqa: DTZ011  the machine's date
        accounts = people.list_account_credentials()
        for account in sorted(accounts, key=lambda each: each["role"] != Role.PROGRAMME_LEAD):
            person = db.session.scalars(sa.select(Person).where(Person.email == account["email"])).one()
            cookies.append(visitor.cookie_of(open_session(person).token))
        db.session.commit()
    return cookies


def _follow(visitor: Visitor, crawl: Crawl, cookie: str) -> None:
    """Ask for what the pages link to, breadth first."""
    waiting, known, asked = deque(["/portfolio", "/"]), {"/portfolio", "/"}, Counter[str]()
    while waiting:
        path = waiting.popleft()
        route = _route_of(visitor, path)
        if route is None or asked[route] >= crawl.addresses_a_route:
            continue
        asked[route] += 1
        for link in _ask(visitor, crawl, route, cookie, path):
            if link not in known and not link.startswith(_NOT_PAGES):
                known.add(link)
                waiting.append(link)


def _route_of(visitor: Visitor, path: str) -> str | None:
    try:
        return str(visitor.app.url_map.bind("").match(path.partition("?")[0], method="GET")[0])
    except (HTTPException, RequestRedirect):
        return None


def _ask(visitor: Visitor, crawl: Crawl, route: str, cookie: str, path: str) -> Iterator[str]:
    """Measure an address, and return where it leads."""
    answer = visitor.ask(cookie, path)
    assert answer.status_code < 500, (path, answer.status_code)
    if answer.status_code in {301, 302, 303}:
        yield answer.headers["Location"].partition("#")[0]
    if answer.status_code != 200:
        return
    ms = min(_cost(visitor, cookie, path) for _time in range(2))
    if route in BOUNDS and "?" in path:
        ms = 0.0  # another day, or a form upon the page: its plain address is what has a bound
    crawl.dearest[route] = max(crawl.dearest.get(route, (0.0, "", "")), (ms, cookie, path))
    if answer.mimetype == "text/html":
        yield from map(unescape, _LINK.findall(answer.text))


def _cost(visitor: Visitor, cookie: str, path: str) -> float:
    """The processor time of one answer, in ms."""
    began = time.process_time()
    visitor.ask(cookie, path)
    return 1000 * (time.process_time() - began)


def _measure_in_turn(
    visitor: Visitor, addresses: dict[str, tuple[float, str, str]], rounds: int
) -> dict[str, float]:
    """The least processor time of each, in rounds over all of them."""
    costs = dict.fromkeys(addresses, float("inf"))
    for _round in range(rounds):
        for route, (_ms, cookie, path) in addresses.items():
            costs[route] = min(costs[route], *(_cost(visitor, cookie, path) for _time in range(3)))
    return costs
