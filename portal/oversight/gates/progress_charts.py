"""The progress of a project over time: three lines that never merge into one."""

from collections.abc import Sequence

from portal.oversight.gates.history_queries import DatedGatesProgress
from portal.platform.kernel.text import format_day
from portal.platform.kernel.text import gettext as _
from portal.platform.web import charts
from portal.platform.web.charts import Chart, Tick

PERCENT_MAX = 100.0
TICKS_MAX = 4


def draw_progress(rows: Sequence[DatedGatesProgress]) -> Chart | None:
    """Return the shares of the weight of all gates; None before there are two days to compare."""
    if len(rows) < 2:
        return None
    first, last = rows[0].on, rows[-1].on
    across = [100.0 * (row.on - first).days / max((last - first).days, 1) for row in rows]
    lines, ends = [], []
    for label, look, name in (
        (_("Déclaré"), "even", "declared"),
        (_("Prouvé"), "scope", "proved"),
        (_("Accepté"), "main", "accepted"),
    ):
        shares = [float(row.numbers.percents[name]) for row in rows]
        curve = charts.line("", look, list(zip(across, shares, strict=True)), PERCENT_MAX)
        lines.append(curve)
        ends.append((_("%(name)s %(n)s %%", name=label, n=int(shares[-1])), curve.y))
    return Chart(
        title=_describe_accepted_share(rows),
        y_ticks=charts.y_ticks(PERCENT_MAX, [0, 25, 50, 75, 100], lambda n: _("%(n)s %%", n=int(n))),
        x_ticks=_list_ticks(rows, across),
        series=lines,
        asides=charts.place_margin_labels(ends),
        headers=[_("Jour"), _("Déclaré"), _("Prouvé"), _("Accepté")],
        rows=[
            [
                format_day(row.on),
                *(_("%(n)s %%", n=row.numbers.percents[name]) for name in ("declared", "proved", "accepted")),
            ]
            for row in reversed(rows)
        ],
    )


def _list_ticks(rows: Sequence[DatedGatesProgress], across: Sequence[float]) -> list[Tick]:
    """Return the first day, the last one, and a few between them."""
    step = -(-(len(rows) - 1) // (TICKS_MAX - 1))
    places = [*range(0, len(rows) - 1, step), len(rows) - 1]
    if len(places) > 2 and across[places[-1]] - across[places[-2]] < 100 / (TICKS_MAX + 1):
        del places[-2]
    return [Tick(across[place], format_day(rows[place].on, "medium")) for place in places]


def _describe_accepted_share(rows: Sequence[DatedGatesProgress]) -> str:
    """Return where the accepted share stands, and what it did since the day before the last."""
    share = rows[-1].numbers.percents["accepted"]
    change = share - rows[-2].numbers.percents["accepted"]
    facts = {"n": share, "change": abs(change), "day": format_day(rows[-2].on)}
    if change > 0:
        return _("%(n)s %% du poids des jalons accepté, %(change)s de plus que le %(day)s", **facts)
    if change < 0:
        return _("%(n)s %% du poids des jalons accepté, %(change)s de moins que le %(day)s", **facts)
    return _("%(n)s %% du poids des jalons accepté, comme le %(day)s", **facts)
