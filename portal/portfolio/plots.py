"""How far a programme's teams are, month after month, as a chart under the sentence it shows."""

from collections.abc import Sequence

from portal.kernel.text import gettext as _
from portal.portfolio.timeline import Month
from portal.web import charts
from portal.web.charts import Chart, Tick

TOP = 100.0


def evolution(months: Sequence[Month]) -> Chart:
    """Three numbers, medians of the teams; of two months at least."""
    across = [100.0 * place / (len(months) - 1) for place in range(len(months))]

    def line(label: str, look: str, name: str) -> charts.Series:
        heights = [float(getattr(one, name)) for one in months]
        return charts.line(label, look, list(zip(across, heights, strict=True)), TOP)

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
        y_ticks=charts.y_ticks(TOP, [0, 25, 50, 75, 100], lambda n: _("%(n)s %%", n=int(n))),
        x_ticks=[
            Tick(x, _("mois %(n)s", n=one.number)) for x, one in zip(across, months, strict=True)
        ],
        series=charts.apart(lines),
        headers=[_("Mois"), _("Équipes"), _("Déclaré"), _("Prouvé"), _("Accepté")],
        rows=[
            [
                _("mois %(n)s", n=one.number),
                str(one.teams),
                *(_("%(n)s %%", n=n) for n in (one.declared, one.proved, one.accepted)),
            ]
            for one in months
        ],
    )
