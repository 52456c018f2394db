"""The first page of a pack: health, progress against the plan, decisions, changes, a line a team."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from operator import itemgetter
from typing import Any

from portal.oversight.committee_packs.change_documents import build_changes_part
from portal.oversight.committee_packs.labels import WAITING_KINDS
from portal.oversight.committee_packs.look_documents import get_health_look, list_look_labels
from portal.oversight.committee_packs.snapshot_queries import PackCohort
from portal.oversight.committee_packs.team_list_documents import count_weeks_late, group_teams_by_need
from portal.oversight.committee_packs.team_page_documents import join_label_and_text, short_name
from portal.oversight.committee_packs.trend_queries import PackTrend
from portal.oversight.decisions.rules import first_line
from portal.oversight.portfolio.past_owed_queries import WaitingEntry
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lower_first, ngettext
from portal.platform.web.template_filters import day
from portal.user_tests.rounds.result_charts import ShareBarPart

DAYS_A_WEEK = 7
Content = dict[str, Any]


def build_first_page_content(cohort: PackCohort, trend: PackTrend, on: date) -> Content:
    """Everything that the page shows, in the reader’s language."""
    groups = group_teams_by_need(cohort, trend)
    return {
        "health": _build_health_part(cohort, trend),
        "progress": _build_progress_part(cohort, trend),
        "decisions": _build_awaited_decisions_part(cohort, trend, on),
        "changes": build_changes_part(cohort, trend),
        "caption": _("Une équipe par ligne, celles à aider d’abord"),
        "columns": [
            _("Équipe"),
            _("Première raison"),
            _("Jalons"),
            _("Accepté"),
            _("Prototype"),
            _("Page"),
        ],
        "groups": groups,
        "legend": _build_gate_legend(groups),
    }


def _build_gate_legend(groups: Sequence[Content]) -> list[list[str]]:
    """The looks of gates with their words; those of exemptions where a team has one."""
    legend = [
        ["accepted", _("accepté")],
        ["proved", _("prouvé, à accepter")],
        ["stale", _("périmé")],
        ["refused", _("refusé")],
        ["open", _("ouvert")],
    ]
    looks = {look for group in groups for team in group["teams"] for _number, look in team["gates"]}
    return [*legend, ["waived", _("dispensé")]] if "waived" in looks else legend


def build_headline(cohort: PackCohort, name: str) -> str:
    """How many teams are expected to pass their last gate on time, and how many late."""
    forecasts = [count_weeks_late(cohort, id_) for id_ in cohort.order]
    late = sum(weeks is not None and weeks > 0 for weeks in forecasts)
    on_time = sum(weeks is not None and weeks <= 0 for weeks in forecasts)
    if not late and not on_time:
        return _("%(name)s : trop tôt pour prévoir les prototypes", name=name)
    expected = ngettext("%(num)s prototype attendu à temps", "%(num)s prototypes attendus à temps", on_time)
    return _("%(name)s : %(expected)s, %(late)s en retard", name=name, expected=expected, late=late)


def _build_health_part(cohort: PackCohort, trend: PackTrend) -> Content:
    looks = [get_health_look(cohort.health.get(id_)) for id_ in cohort.order]
    bars: list[ShareBarPart] = []
    at = 0.0
    for look, label in list_look_labels():
        if count := looks.count(look):
            width = 100 * count / len(looks)
            bars.append(ShareBarPart(label, look, count, at, width))
            at += width
    alerts = looks.count("alert")
    return {
        "title": ngettext(
            "Santé : %(num)s équipe en difficulté", "Santé : %(num)s équipes en difficulté", alerts
        ),
        "label": ", ".join(f"{bar.label} {bar.count}" for bar in bars),
        "bars": [asdict(bar) for bar in bars],
        "before": _describe_levels_before(trend),
    }


def _describe_levels_before(trend: PackTrend) -> str:
    if not trend.then:
        return ""
    looks = [get_health_look(health) for health in trend.then.values()]
    counts = ", ".join(
        f"{lower_first(label)} {looks.count(look)}" for look, label in list_look_labels() if looks.count(look)
    )
    return _("Le %(day)s : %(counts)s.", day=day(trend.since), counts=counts)


def _build_progress_part(cohort: PackCohort, trend: PackTrend) -> Content | None:
    """Plan and median as points in percent of the plot; None before anything is known."""
    if not trend.months:
        return None
    last, plan = trend.months[-1], trend.plan
    across = 100.0 / max(cohort.months, 1)
    months = [(0.0, 0.0, 0.0, 0.0), *((m.number * across, m.low, m.middle, m.high) for m in trend.months)]
    due = last.planned
    columns = [_("Mois"), _("Prévu"), _("Médiane acceptée"), _("La moitié des équipes")]
    return {
        "title": _(
            "Accepté : %(share)s %% au mois %(month)s, pour %(due)s %% prévus",
            share=last.middle,
            month=last.number,
            due=due,
        ),
        "plan": _build_staircase_points([(number * across, share) for number, share in enumerate(plan)]),
        "middle": [[x, 100 - middle] for x, _low, middle, _high in months],
        "band": [[x, 100 - high] for x, _low, _middle, high in months]
        + [[x, 100 - low] for x, low, _middle, _high in reversed(months)],
        "x": last.number * across,
        "y": 100 - last.middle,
        "plan_y": 100 - due,
        "texts": {
            "plan": _("prévu %(n)s %%", n=due),
            "middle": _("médiane %(n)s %%", n=last.middle),
            "first": _("mois 0"),
            "now": str(last.number),
            "last": str(cohort.months),
            "numbers": _("Les nombres"),
        },
        "says": _(
            "Médiane des équipes, en trait plein ; la moitié d’entre elles est entre %(low)s et %(high)s %%."
            " Pointillé : ce que leurs plans prévoyaient.",
            low=last.low,
            high=last.high,
        ),
        "table": {
            "name": _("Part acceptée, mois après mois"),
            "columns": columns,
            "rows": [
                [
                    str(m.number),
                    _("%(n)s %%", n=m.planned),
                    _("%(n)s %%", n=m.middle),
                    _("%(low)s à %(high)s %%", low=m.low, high=m.high),
                ]
                for m in trend.months
            ],
            "wide": 0,
        },
    }


def _build_staircase_points(points: Sequence[tuple[float, float]]) -> list[list[float]]:
    """A line that keeps each share until the next month."""
    corners: list[list[float]] = []
    for x, share in points:
        if corners:
            corners.append([x, corners[-1][1]])
        corners.append([x, 100 - share])
    return corners


def _build_awaited_decisions_part(cohort: PackCohort, trend: PackTrend, on: date) -> Content:
    """What the agenda of the committee lists of the teams, paused ones too, the oldest first: the questions
    that they ask, the gates that they have requested, what else waits for the programme's leads, and stale
    gates. The gates of a team stand on one line, and each is a point, as there."""
    questions, requested, waiting, stale = [], [], [], []
    for id_ in cohort.order:
        health = cohort.health.get(id_)
        name = join_label_and_text(short_name(cohort.names[id_]), "").rstrip()
        owed = cohort.waiting.get(id_, ())
        waiting += [
            (since, name, _describe_waiting(str(WAITING_KINDS[code]), (on - since).days), 1)
            for code, since in owed
            if code in WAITING_KINDS
        ]
        questions += [
            (asked_on, name, _describe_waiting(first_line(question.text), (on - asked_on).days), 1)
            for question in trend.questions.get(id_, ())
            if not question.is_help
            for asked_on in [clock.day_of(question.asked_at)]
        ]
        if health is None or health.facts.is_over:
            continue
        if gates := [f"G{step.number}" for step in health.facts.steps if step.is_asked]:
            text = _("jalon demandé, sans réponse (%(gates)s).", gates=", ".join(gates))
            requested.append((_find_first_day(owed, "gates", on), name, text, len(gates)))
        if gates := [
            f"G{step.number}"
            for step in health.facts.steps
            if not step.is_waived and not step.is_asked and step.is_stale(health.day)
        ]:
            label = ngettext("Jalon périmé", "Jalons périmés", len(gates))
            text = f"{label} {', '.join(gates)}"
            stale.append((_find_first_day(owed, "stale", on), name, text, len(gates)))
    points = sorted([*questions, *requested, *waiting, *stale], key=itemgetter(0))
    lines = [[name, text] for _since, name, text, _count in points]
    return {
        "title": ngettext(
            "%(num)s point à décider au comité",
            "%(num)s points à décider au comité",
            sum(count for *_others, count in points),
        )
        if lines
        else _("Rien n’est à décider au comité"),
        "lines": lines,
    }


def _find_first_day(owed: Sequence[WaitingEntry], kind: str, today: date) -> date:
    """Since when the first of a kind waits."""
    return min((since for code, since in owed if code == kind), default=today)


def _describe_waiting(text: str, days: int) -> str:
    since = ngettext("%(num)s jour", "%(num)s jours", days) if days > 0 else _("aujourd’hui")
    return _("%(question)s (%(since)s)", question=text.rstrip().removesuffix("."), since=since)
