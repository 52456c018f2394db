"""Pictures of the progress of a programme's teams: the chart by month, the cohort beside its plan, and a
small line for each team."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from portal.oversight.portfolio.progress_rules import CohortProgress, MonthProgress
from portal.people.programmes.models import Programme
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web import charts
from portal.platform.web.charts import Chart, Tick

PERCENT_MAX = 100.0
SPARK_WIDTH, SPARK_HEIGHT = 44, 16
SPARK_TOP_MIN = 20  # per cent: a programme that begins does not fill the height


def draw_progress(months: Sequence[MonthProgress]) -> Chart:
    """Three lines, medians of the teams in per cent; needs at least two months."""
    across = [100.0 * place / (len(months) - 1) for place in range(len(months))]

    def line(label: str, look: str, name: str) -> charts.Series:
        heights = [float(getattr(month, name)) for month in months]
        return charts.line(label, look, list(zip(across, heights, strict=True)), PERCENT_MAX)

    last = months[-1]
    lines = [
        line(_("Déclaré"), "even", "declared"),
        line(_("Prouvé"), "scope", "proved"),
        line(_("Accepté"), "main", "accepted"),
    ]
    return Chart(
        title=_(
            "Au mois %(month)s, l’équipe médiane a %(n)s %% de ses jalons acceptés",
            month=last.number,
            n=last.accepted,
        ),
        y_ticks=charts.y_ticks(PERCENT_MAX, [0, 25, 50, 75, 100], lambda n: _("%(n)s %%", n=int(n))),
        x_ticks=[Tick(x, _("mois %(n)s", n=month.number)) for x, month in zip(across, months, strict=True)],
        series=charts.spread_labels(lines),
        headers=[_("Mois"), _("Équipes"), _("Déclaré"), _("Prouvé"), _("Accepté")],
        rows=[
            [
                _("mois %(n)s", n=month.number),
                str(month.teams),
                *(_("%(n)s %%", n=n) for n in (month.declared, month.proved, month.accepted)),
            ]
            for month in months
        ],
    )


@dataclass(frozen=True)
class CohortPicture:
    """What the teams have accepted beside what was planned; x and y in per cent of the plot, y from
    the top. The labels stand in the key under the plot, where no curve runs. `rows` are the same as a
    table: month, planned, median, quartiles, teams."""

    says: str
    plan: str
    line: str
    area: str
    x: float
    y: float
    median_label: str
    spread_label: str
    planned_label: str
    months: int
    month: int
    headers: Sequence[str]
    rows: Sequence[Sequence[str]]


def draw_cohort(programme: Programme, cohort: CohortProgress) -> CohortPicture:
    """The picture of a programme's teams, from its first month to its last."""
    last, planned = cohort.months[-1], cohort.planned
    spans = [month for month in cohort.months if month.low is not None and month.high is not None]
    upper = [(_position_of_day(programme, month.on), 100.0 - (month.high or 0)) for month in spans]
    lower = [(_position_of_day(programme, month.on), 100.0 - (month.low or 0)) for month in reversed(spans)]
    medians = [
        (0.0, 100.0),
        *((_position_of_day(programme, month.on), 100.0 - month.accepted) for month in cohort.months),
    ]
    x = _position_of_day(programme, last.on)
    return CohortPicture(
        says=_say_accepted_and_planned(cohort),
        plan=_format_points(_build_plan_corners(programme, cohort.plan)),
        line=_format_points(medians),
        area=_format_points([(0.0, 100.0), *upper, *lower]) if spans else "",
        x=x,
        y=100.0 - last.accepted,
        median_label=_("médiane %(n)s %%", n=last.accepted),
        spread_label=_("la moitié : %(low)s à %(high)s %%", low=last.low, high=last.high)
        if last.low is not None
        else "",
        planned_label=_("prévu %(n)s %%", n=planned),
        months=programme.months,
        month=last.number,
        headers=[_("Mois"), _("Prévu"), _("Médiane"), _("La moitié des équipes"), _("Équipes")],
        rows=[_build_month_row(cohort, month) for month in cohort.months],
    )


def _say_accepted_and_planned(cohort: CohortProgress) -> str:
    """At which month of the programme, and how many teams are not as far."""
    last = cohort.months[-1]
    facts = {"n": last.accepted, "month": last.number, "planned": cohort.planned}
    if not cohort.later_teams:
        return _("Accepté : %(n)s %% au mois %(month)s, pour %(planned)s %% prévus.", **facts)
    return ngettext(
        "Accepté : %(n)s %% au mois %(month)s du programme, pour %(planned)s %% prévus ; une équipe a"
        " commencé plus tard.",
        "Accepté : %(n)s %% au mois %(month)s du programme, pour %(planned)s %% prévus ; %(num)s équipes"
        " ont commencé plus tard.",
        cohort.later_teams,
        **facts,
    )


def _build_month_row(cohort: CohortProgress, month: MonthProgress) -> Sequence[str]:
    planned = CohortProgress([month], cohort.plan).planned
    spread = _("%(low)s à %(high)s %%", low=month.low, high=month.high) if month.low is not None else "–"
    return [
        str(month.number),
        _("%(n)s %%", n=planned),
        _("%(n)s %%", n=month.accepted),
        spread,
        str(month.teams),
    ]


def _position_of_day(programme: Programme, day: date) -> float:
    length = (programme.ends_on - programme.starts_on).days
    return round(min(max((day - programme.starts_on).days / length, 0.0), 1.0) * 100, 1)


def _build_plan_corners(
    programme: Programme, plan: Sequence[tuple[date, int]]
) -> Sequence[tuple[float, float]]:
    """The corners of the planned progress, from the first day to the last."""
    corners, height = [(0.0, 100.0)], 100.0
    for day, percent in plan:
        if day > programme.ends_on + timedelta(days=1):  # of a team that began late
            break
        x = _position_of_day(programme, day)
        corners += [(x, height), (x, 100.0 - percent)]
        height = 100.0 - percent
    return [*corners, (100.0, height)]


def _format_points(corners: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for (x, y), _same in groupby(corners))


def compute_sparkline_scale(trends: Iterable[Sequence[int]]) -> int:
    """The scale that small lines of teams share: their greatest progress, in tens of per cent."""
    highest = max((percent for trend in trends for percent in trend), default=0)
    return max(SPARK_TOP_MIN, -(-highest // 10) * 10)


def format_spark_points(trend: Sequence[int], top: int) -> str:
    """The points of a small line; "" for less than two."""
    if len(trend) < 2:
        return ""
    step = SPARK_WIDTH / (len(trend) - 1)
    return _format_points(
        (round(2 + step * place), round(2 + SPARK_HEIGHT * (1 - percent / top)))
        for place, percent in enumerate(trend)
    )
