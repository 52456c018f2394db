"""The chart of the progress of a programme's teams, month by month."""

from collections.abc import Sequence

from portal.oversight.portfolio.timeline_queries import TimelineMonth
from portal.platform.kernel.text import gettext as _
from portal.platform.web import charts
from portal.platform.web.charts import Chart, Tick

PERCENT_MAX = 100.0


def progress_chart(months: Sequence[TimelineMonth]) -> Chart:
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
