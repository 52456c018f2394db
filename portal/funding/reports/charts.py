"""The forecast of payments by month as bars."""

from collections.abc import Callable, Sequence

from portal.funding.reports import labels
from portal.funding.reports.rules import ForecastMonth
from portal.platform.kernel.text import format_day
from portal.platform.kernel.text import gettext as _
from portal.platform.web import charts
from portal.platform.web.charts import Chart

CENTS = 100
THOUSAND = 1000
BARS_MAX = 12
NAMED_MAX = 8  # months whose names stand side by side on a phone


def draw_month_forecast(months: Sequence[ForecastMonth], money: Callable[[int], str]) -> Chart | None:
    """What is expected by month, in thousands of euros; None where nothing is to come."""
    if not months:
        return None
    thousands = [month.expected / CENTS / THOUSAND for month in months[:BARS_MAX]]
    top, ticks = charts.compute_axis_scale(max(thousands))
    step = 2 if len(thousands) > NAMED_MAX else 1
    labelled = [
        (
            format_day(month.first_on, "MMM") if n % step == 0 else "",
            value,
            charts.write_number(round(value, 1)) if value else "",
        )
        for n, (month, value) in enumerate(zip(months, thousands, strict=False))
    ]
    first = max(months, key=lambda month: month.expected)
    return Chart(
        title=_(
            "Le mois le plus chargé est %(month)s : %(amount)s attendus. Barres en milliers d’euros",
            month=labels.month(first.first_on),
            amount=money(first.expected),
        ),
        y_ticks=charts.y_ticks(top, ticks),
        bars=charts.bars(labelled, top),
        headers=[_("Mois"), _("Attendu"), _("Au plus tard")],
        rows=[[labels.month(m.first_on), money(m.expected), money(m.latest)] for m in months],
    )
