"""Runs the parts on one engine, and says what was found: for people, or as JSON."""

import argparse
import os
from collections.abc import Sequence
from typing import Any

from bench import (
    api,
    application_imports,
    calls,
    dearest,
    funding,
    gates,
    growth,
    imports,
    load,
    measure,
    month,
    pack,
    processes,
    reviews,
    rounds,
    search,
    serving,
    trail,
    weight,
)
from bench.measure import Plan
from bench.output import Report
from bench.pages import Visitor, all_of
from bench.serving import SQLITE

MAILS = "mails"
PARTS = (
    "pages",
    "processes",
    "api",
    "gates",
    "rounds",
    "reviews",
    "imports",
    "calls",
    "funding",
    "search",
    "pack",
    "trail",
    "growth",
    "weight",
    "dearest",
    MAILS,
)
WITHOUT_TEAMS = {"dearest", "growth", MAILS}  # these parts fill databases of their own
PAIRS = (
    "{page:10} {clients:>3} {rate:>8} {p50:>8} {p95:>8} {work:>7}"
    " {f_rate:>9} {f_p50:>8} {f_p95:>8} {f_work:>7}  {ratio:>6} {slower:>6} {easier:>6}"
)


def measure_engine(report: Report, kind: str, plan: Plan, chosen: argparse.Namespace) -> None:
    parts = chosen.only
    if MAILS in parts and kind == SQLITE:  # the same on both
        _mails(report, kind, plan)
    if set(parts) == {MAILS}:
        return
    with serving.engine(kind) as server:
        if not {*parts} <= WITHOUT_TEAMS:
            report.say(f"\n== {kind}: {chosen.teams} teams × {chosen.sprints} sprints ==")
            with serving.database(server, teams=chosen.teams, sprints=chosen.sprints) as base:
                for part, measure_part in TEAM_PARTS.items():
                    if part in parts:
                        measure_part(report, kind, plan, base)
        if "dearest" in parts:
            _dearest(report, kind, plan, server)
        if "growth" in parts:
            _growth(report, kind, plan, server)


def _calls(report: Report, kind: str, plan: Plan, base: serving.Base) -> None:
    facts = calls.measure(base, *plan.applications)
    report.keep(kind, "calls", facts)
    seconds = " and ".join(f"{each:.2f} s" for each in facts["ranking_seconds"])
    report.say(f"\na call of {facts['few']} and of {facts['many']} applications: ranked in {seconds}")
    report.say_pages(facts["pages"])
    imported = application_imports.measure(base, *plan.applications)
    report.keep(kind, "application_imports", imported)
    for count, each in imported.items():
        report.say(
            f"  import of {count:>6}: {each['api']} s by the API, {each['again']} s again, {each['file']} s"
            f" from a file; peak {each['peak_mb']} MB, {each['more_mb']} more than before"
        )


def _search(report: Report, kind: str, plan: Plan, base: serving.Base) -> None:
    facts = search.measure(base, plan.texts, plan.comments)
    report.keep(kind, "search", facts)
    added = facts["comment"]
    report.say(f"\nthe index adds to a comment: {added['plain_ms']} → {added['ms']} ms (× {added['ratio']})")
    report.say_pages(facts["pages"])
    for texts, cases in facts["sizes"].items():
        report.say(f"  of {texts} texts: matches, ms of the database (floor)")
        for name, each in cases.items():
            figures = f"{each['ms']:>8.2f} ({each['floor_ms']:.2f}), × {each['ratio']}"
            report.say(f"  {name:28} {each['matches']:>6} {figures}")


def _pages(report: Report, kind: str, plan: Plan, base: serving.Base) -> None:
    visitor = Visitor(base)
    found = list(measure.sizes(visitor, base))
    report.keep(kind, "sizes", [measure.as_facts(size) for size in found])
    report.say("\npage        queries   HTML, bytes    brotli      gzip")
    for size in found:
        report.say(f"{size.page:10} {size.queries:>8} {size.html:>13} {size.brotli:>9} {size.gzip:>9}")
    pages = all_of(visitor, base.cast)
    with serving.serve(base) as portal, serving.serve(base, "bench.floor:app", FLOOR="1") as floor:
        top = measure.ceiling(floor)
        report.say(
            f"\nthe clients can ask {top.rate:.0f} times a second; load average {os.getloadavg()[0]:.1f}"
        )
        figures = {"rate": "req/s", "p50": "p50", "p95": "p95", "work": "cpu"}
        floors = {f"f_{name}": f"({label})" for name, label in figures.items()}
        heads = figures | {"ratio": "ratio", "slower": "p95 ×", "easier": "by cpu"}
        report.say("           clients   portal, ms               (floor, ms)")
        report.say(PAIRS.format(page="page", clients="n", **heads, **floors))
        kept = []
        for pair in measure.pairs(plan, pages, portal, floor):
            facts = pair.facts()
            kept.append(facts)
            report.say(_line(facts))
        report.keep(kind, "pages", kept)
        ratios = measure.compare_work(kept, "to_decide", "portfolio")
        report.keep(kind, "to_decide_by_portfolio", ratios)
        report.say(f"\nprocessor time of what is to decide by that of the portfolio, by clients: {ratios}")
        report.keep(kind, "clients_ceiling", round(top.rate))
        rss, pss, processes = portal.memory()
        report.keep(kind, "memory", {"rss_mb": rss, "pss_mb": pss, "processes": processes})
        report.say(f"\nmemory of {processes} processes: {pss:.0f} MB (PSS), {rss:.0f} MB counted apart (RSS)")


def _line(facts: dict[str, Any]) -> str:
    ours, floor = facts["portal"], facts["floor"]
    return PAIRS.format(
        page=facts["page"], clients=facts["clients"],
        rate=ours["requests_per_second"], p50=ours["p50_ms"], p95=ours["p95_ms"],
        work=ours["work_ms"], f_work=floor["work_ms"], easier=facts["work_ratio"],
        f_rate=floor["requests_per_second"], f_p50=floor["p50_ms"], f_p95=floor["p95_ms"],
        ratio=facts["throughput_ratio"], slower=facts["p95_ratio"],
    )  # fmt: skip


def _gates(report: Report, kind: str, _plan: Plan, base: serving.Base) -> None:
    facts = gates.measure(base)
    report.keep(kind, "gates", facts)
    report.say(
        f"\na deed that touches one of {facts['teams']} teams ({facts['gates']} gates):"
        f" {facts['queries']} queries, {facts['ms']:.1f} ms (p50); rows recomputed of that team"
        f" {facts['rows_of_the_team']:.1f}, of others {facts['rows_of_others']}"
    )
    accepted = gates.measure_acceptance(base)
    report.keep(kind, "acceptances", accepted)
    report.say(
        f"an acceptance, health and forecast of all teams: {accepted['queries']} queries,"
        f" {accepted['queries_of_programme']} of them for the programme's steps and dates (12 at most),"
        f" {accepted['ms']:.0f} ms (slowest of {gates.ACCEPTANCES}); other teams whose lateness"
        f" moved, at most {accepted['teams_moved']}"
    )


def _growth(report: Report, kind: str, plan: Plan, server: Any) -> None:
    facts = growth.measure(plan, server)
    report.keep(kind, "growth", facts)
    report.say(f"\n{facts['few']} and {facts['many']} teams, 1 client:")
    for name, page in facts["pages"].items():
        few, many = page["ms"]
        report.say(
            f"  {name:10} {few:.2f} and {many:.2f} ms (p50), × {page['slower']:.2f};"
            f" queries {page['queries'][0]} and {page['queries'][1]}"
        )
    report.say("  processor time by that of the portfolio:")
    for name, (few, many) in facts["by_portfolio"].items():
        report.say(f"  {name:10} {few} and {many}")


def _mails(report: Report, kind: str, plan: Plan) -> None:
    facts = month.measure(plan.mail_teams, plan.mail_weeks)
    report.keep(kind, "mails", facts)
    report.say(
        f"\n{facts['working_days']} working days of {facts['teams']} teams, by the usual settings,"
        f" nobody reading in the portal: {facts['notifications']} notifications, and mails"
        " to a person a working day:"
    )
    for who, told in facts["mails"].items():
        share = {n: f"{100 * count / sum(told['days'].values()):.0f} %" for n, count in told["days"].items()}
        spread = ", ".join(f"{n}: {part}" for n, part in share.items())
        report.say(
            f"{who:10} mean {told['mean']:.2f}, most {told['most']} ({spread});"
            f" on other days {told['on_other_days']}"
        )


def _rounds(report: Report, kind: str, plan: Plan, base: serving.Base) -> None:
    kept = []
    sessions, tasks, _findings = rounds.SIZES[2]
    report.say(f"\na round of tests, 1 session × 1 task and {sessions} × {tasks}: queries, ms (p50)")
    for facts in rounds.measure(plan, base):
        kept.append(facts)
        report.say(
            f"{facts['page']:10} {facts['queries_1']:>4} and {facts['queries_2']}"
            f" {facts['ms_1']:>8.2f} and {facts['ms_2']:.2f}"
        )
    report.keep(kind, "rounds", kept)


def _reviews(report: Report, kind: str, plan: Plan, base: serving.Base) -> None:
    kept: list[dict[str, Any]] = []
    for facts in reviews.measure(plan, base):
        if not kept:
            few, many = facts["asked"]
            report.say(f"\na review, {few} questions and {many} asked: queries, ms (p50)")
        kept.append(facts)
        (few, many), (short, long) = facts["queries"], facts["ms"]
        report.say(f"{facts['page']:10} {few:>4} and {many} {short:>8.2f} and {long:.2f}")
    report.keep(kind, "reviews", kept)


def _imports(report: Report, kind: str, plan: Plan, base: serving.Base) -> None:
    facts = imports.measure(base, plan.lines)
    report.keep(kind, "imports", facts)
    ours, floor = facts["portal"], facts["floor"]
    report.say(
        f"\nimport of {facts['lines']} lines: compared in {ours['compared_seconds']} s, written in"
        f" {ours['written_seconds']} s (floor, read and written: {floor['seconds']} s,"
        f" × {facts['times_floor']}); peak {ours['peak_mb']} MB, {ours['more_mb']} more than before"
    )


def _pack(report: Report, kind: str, _plan: Plan, base: serving.Base) -> None:
    facts = pack.measure(base)
    report.keep(kind, "pack", facts)
    report.say(
        f"\ncommittee pack of {facts['teams']} teams ({facts['stage']}): {facts['seconds']} s, PDF"
        f" of {facts['pdf'] / 1000:.0f} kB; peak {facts['peak_mb']} MB, {facts['more_mb']} more"
        " than before"
    )


def _dearest(report: Report, kind: str, plan: Plan, server: Any) -> None:
    with serving.database(server, teams=1, sprints=2) as base:
        visitor = Visitor(base)
        if plan.demonstration:
            cookies = dearest.load_accounts(visitor)
        else:
            cookies = [visitor.cookie(seat) for seat in (base.cast.leads[0], base.cast.members[0])]
        facts = dearest.measure(visitor, cookies, plan)
    report.keep(kind, "dearest", facts)
    report.say(f"\nprocessor time by that of the portfolio ({facts['portfolio_ms']} ms), in one process:")
    report.say("  " + ", ".join(f"{route} {ratio}" for route, ratio in facts["named"].items()))
    report.say(f"the ten dearest of {facts['routes']} routes on the demonstration:")
    for route, ratio, path in facts["dearest"]:
        report.say(f"  {ratio:>5.2f} {route:28} {path}")
    report.say(f"above their bounds: {facts['above'] or 'none'}")


def _weight(report: Report, kind: str, _plan: Plan, base: serving.Base) -> None:
    if kind != SQLITE:  # the same on both
        return
    kept = []
    report.say("\nbrand     page        cold, bytes  requests   warm, bytes")
    for brand in ("state", "neutral"):
        for found in weight.of_brand(base, brand):
            kept.append(found)
            report.say(
                f"{brand:9} {found['page']:10} {found['cold']:>12}"
                f" {found['cold_requests']:>9} {found['warm']:>13}"
            )
    report.keep(kind, "weight", kept)


__all__: Sequence[str] = ("Report", "load", "measure_engine")


TEAM_PARTS = {  # on teams of the bench's own; in the order in which they are measured
    "pages": _pages,
    "processes": processes.report_processes,
    "api": api.report_api,
    "gates": _gates,
    "rounds": _rounds,
    "reviews": _reviews,
    "imports": _imports,
    "calls": _calls,
    "funding": funding.report_funding,
    "search": _search,
    "pack": _pack,
    "weight": _weight,
    "trail": trail.report_trail,
}
