"""Rounds of the portal and of the floor in turn, so that a drift of the machine hits both."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import sqlalchemy as sa

from bench import load
from bench.load import Requests, Run
from bench.pages import Page, Visitor, comments
from bench.serving import Base, Server
from portal.platform.kernel.database import db

TICK = 1 / os.sysconf("SC_CLK_TCK")  # seconds: processor time is counted in these, a short run may see none


@dataclass(frozen=True)
class Plan:
    """How long: seconds of a run, and how often portal and floor take turns. How large, for parts
    that make their own data: teams that grow, teams and weeks of the month of mails, applications,
    addresses asked of each route, and whether they are those of the demonstration; texts, comments,
    lines of a file, lines of the trail."""

    seconds: float
    rounds: int
    clients: tuple[int, ...] = (1, 8, 32)
    growth: tuple[int, int] = (200, 2000)
    mail_teams: int = 20
    mail_weeks: int = 4
    applications: tuple[int, int] = (52, 10_000)
    addresses: int = 4
    demonstration: bool = True
    texts: tuple[int, int] = (160_000, 1_600_000)
    comments: int = 300
    lines: int = 10_000
    trail: tuple[int, ...] = (10_000, 100_000, 1_000_000)

    @property
    def warming(self) -> float:
        """Seconds for caches to fill before a run."""
        return min(0.5, self.seconds)


@dataclass
class Pair:
    """A page at one number of clients: the portal's runs and the floor's."""

    page: str
    clients: int
    portal: Run = field(default_factory=Run)
    floor: Run = field(default_factory=Run)
    load_average: float = 0.0

    @property
    def ratio(self) -> float:
        """Throughput, as a part of the floor's."""
        return self.portal.rate / self.floor.rate

    def facts(self) -> dict[str, object]:
        return {
            "page": self.page,
            "clients": self.clients,
            "portal": _facts(self.portal),
            "floor": _facts(self.floor),
            "throughput_ratio": round(self.ratio, 3),
            "work_ratio": round(self.floor.work / self.portal.work, 3),
            "p95_ratio": round(self.portal.percentile(0.95) / self.floor.percentile(0.95), 2),
            "load_average": self.load_average,
        }


def _facts(run: Run) -> dict[str, float]:
    return {
        "requests_per_second": round(run.rate, 1),
        "p50_ms": round(run.percentile(0.5), 2),
        "p95_ms": round(run.percentile(0.95), 2),
        "work_ms": round(run.work, 2),
        "client_share_of_a_core": round(run.client_share, 3),
    }


def pairs(plan: Plan, pages: Sequence[Page], portal: Server, floor: Server) -> Iterator[Pair]:
    for page in pages:
        for clients in plan.clients:
            pair = Pair(page.name, clients)
            load.warm(portal.port, clients, plan.warming, page.portal, page.status)
            load.warm(floor.port, clients, plan.warming, page.floor, page.status)
            for _ in range(plan.rounds):
                pair.portal.add(drive(portal, clients, plan, page.portal, page.status))
                pair.floor.add(drive(floor, clients, plan, page.floor, page.status))
            pair.load_average = round(os.getloadavg()[0], 2)
            yield pair


def drive(server: Server, clients: int, plan: Plan, request: Requests, status: str = "200") -> Run:
    """Ask a server for the time of a plan; the run has the processor time that it took."""
    before = server.work()
    run = load.drive(server.port, clients, plan.seconds, request, status)
    run.served = max(server.work() - before, TICK)
    return run


def compare_work(facts: Sequence[Mapping[str, Any]], page: str, other: str) -> Mapping[int, float]:
    """The processor time of a page as a multiple of another's in the same run, by clients."""
    work = {(each["page"], each["clients"]): each["portal"]["work_ms"] for each in facts}
    sizes = [clients for name, clients in work if name == page]
    return {clients: round(work[page, clients] / work[other, clients], 2) for clients in sizes}


def ceiling(floor: Server) -> Run:
    """What the clients can ask for at most: of an answer that costs the server nearly nothing."""
    return load.drive(floor.port, 8, 1, load.in_turn([load.get("/nothing")]))


@dataclass(frozen=True)
class Size:
    """A page's weight in bytes, and the statements it sends."""

    page: str
    queries: int
    html: int
    brotli: int
    gzip: int


def sizes(visitor: Visitor, base: Base) -> Iterator[Size]:
    """Counted in this process, on the same rows."""
    lead, member, busy = base.cast.leads[0], base.cast.members[0], base.cast.busy[0]
    sent: list[str] = []
    with visitor.app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *args: sent.append(str(args[2])))
    for name, seat, path in (
        ("portfolio", lead, "/portfolio"),
        ("to_decide", lead, "/to-decide"),
        ("project", member, member.project),
        ("sprint", member, member.sprint),
        ("board", busy, busy.board),
        ("figures", busy, busy.figures),
    ):
        headers = {"Cookie": visitor.cookie(seat), "Host": "127.0.0.1", "Sec-Fetch-Site": "none"}
        client = visitor.app.test_client(use_cookies=False)
        client.get(path, headers=headers)
        sent.clear()
        weights = []
        for encoding in ("identity", "br", "gzip"):
            answer = client.get(path, headers=headers | {"Accept-Encoding": encoding})
            weights.append(len(answer.data))
            if encoding == "identity":
                queries = counted(sent)
        yield Size(name, queries, *weights)
    yield Size("comment", _count_comment(visitor, base, sent), 0, 0, 0)


def _count_comment(visitor: Visitor, base: Base, sent: list[str]) -> int:
    request = next(comments(visitor, base.cast))
    head, body = request.split(b"\r\n\r\n", 1)
    path = head.split(b" ")[1].decode()
    cookie = head.split(b"Cookie: ")[1].split(b"\r\n")[0].decode()
    sent.clear()
    answer = visitor.app.test_client(use_cookies=False).post(
        path, data=body, content_type="application/x-www-form-urlencoded",
        headers={"Cookie": cookie, "Host": "127.0.0.1"},
    )  # fmt: skip
    assert answer.status_code == 303, answer.status_code
    return counted(sent)


def counted(sent: Sequence[str]) -> int:
    """Statements, without the transaction's own words."""
    verbs = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")
    return sum(one.lstrip().upper().startswith(verbs) for one in sent)


def as_facts(size: Size) -> dict[str, object]:
    return asdict(size)
