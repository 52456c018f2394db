"""The small burndown of a running sprint, with the sentence that says what it shows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import format_decimal

from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.sprints.backlog.flow_rules import Velocity
from portal.sprints.sprints.figure_queries import ProjectSprintFigures
from portal.sprints.sprints.labels import format_amount

LABEL_EDGE = 60  # percent: a label right of this one ends at its point
LABEL_TOP = 8  # percent of the picture: the line of a label at the top of the plot
LABEL_HEIGHT = 14  # percent of the picture
PLOT_SHARE = 0.8  # of the picture’s height


@dataclass(frozen=True)
class SmallBurndown:
    """Positions in percent of the width and of the height, and the texts around the picture.

    `points` draws what remains, in steps; the ideal runs from (0, `even_from`) to (100, 100).
    """

    title: str
    sentence: str
    description: str
    points: str
    now_x: float
    now_y: float
    even_from: float
    even_y: float
    left: str
    even: str
    first_day: date
    last_day: date

    @property
    def label_heights(self) -> tuple[float, float]:
        """Where the labels of what is left and of the ideal stand, in percent of the picture: beside
        their points, moved apart where these are closer than a label is high."""
        left, even = LABEL_TOP + PLOT_SHARE * self.now_y, LABEL_TOP + PLOT_SHARE * self.even_y
        if abs(left - even) >= LABEL_HEIGHT:
            return round(left, 1), round(even, 1)
        top = (left + even - LABEL_HEIGHT) / 2
        upper = min(max(top, LABEL_TOP), LABEL_TOP + 100 * PLOT_SHARE - LABEL_HEIGHT)
        first, second = round(upper, 1), round(upper + LABEL_HEIGHT, 1)
        return (first, second) if left <= even else (second, first)

    @property
    def is_late(self) -> bool:
        """Whether labels stand left of the point."""
        return self.now_x > LABEL_EDGE


def draw_small_burndown(figures: ProjectSprintFigures, zone: str, *, sees_pace: bool) -> SmallBurndown | None:
    """The burndown so far; None without any item. With the usual pace for whoever may see it."""
    sprint, line = figures.selected_sprint, figures.burndown
    if sprint is None or not any(point.scope for point in line):
        return None
    top = max(point.scope for point in line)
    first, whole = line[0].at, _find_chart_end(sprint.ends_on, line[-1].at, line[0].at, zone) - line[0].at
    across = [100 * (point.at - first) / whole for point in line]
    heights = [100 - 100 * point.remaining / top for point in line]
    last, committed = line[-1], line[0].scope
    even = max(0.0, committed * (1 - across[-1] / 100))
    return SmallBurndown(
        title=_(
            "Il reste %(left)s sur %(scope)s",
            left=format_amount(last.remaining, in_points=figures.in_points),
            scope=last.scope,
        ),
        sentence=_describe_pace(figures, sees_pace=sees_pace),
        description=_(
            "Il restait %(first)s au départ, il reste %(left)s ; à un rythme égal ce serait %(even)s.",
            first=line[0].remaining,
            left=last.remaining,
            even=format_decimal(round(even)),
        ),
        points=_format_step_line(across, heights),
        now_x=round(across[-1], 1),
        now_y=round(heights[-1], 1),
        even_from=round(100 - 100 * committed / top, 1),
        even_y=round(100 - 100 * even / top, 1),
        left=_("reste %(n)s", n=last.remaining),
        even=_("idéal : %(n)s", n=format_decimal(round(even))),
        first_day=max(sprint.starts_on, clock.day_of(first, zone)),
        last_day=max(sprint.ends_on, clock.day_of(last.at, zone)),
    )


def _find_chart_end(day: date, now: datetime, start: datetime, zone: str) -> datetime:
    """The end of a sprint's last day, or later when it lasts longer."""
    evening = datetime.combine(day + timedelta(days=1), datetime.min.time(), ZoneInfo(zone))
    return max(evening, now, start + timedelta(days=1))


def _format_step_line(across: list[float], heights: list[float]) -> str:
    points = [f"{across[0]:.1f},{heights[0]:.1f}"]
    for (_x, y), (x, next_y) in pairwise(zip(across, heights, strict=True)):
        points += [f"{x:.1f},{y:.1f}", f"{x:.1f},{next_y:.1f}"]
    return " ".join(points)


class UsualPace(NamedTuple):
    """« 18 points d’habitude », and by how much a scope passes it: nothing before three sprints were
    closed. `points`: the pace of a team that counts in points."""

    sentence: str = ""
    points: int | None = None
    is_passed: bool = False


def _describe_pace(figures: ProjectSprintFigures, *, sees_pace: bool) -> str:
    """What the team usually finishes, what would be left of the scope, and what was added since."""
    last = figures.burndown[-1]
    sentences = []
    if sees_pace and figures.velocity is not None:
        sentences.append(
            _describe_pace_against_scope(figures.velocity, last.scope, in_points=figures.in_points)
        )
    if last.added:
        amount = format_amount(last.added, in_points=figures.in_points)
        sentences.append(_("Depuis le démarrage, %(amount)s en plus.", amount=amount))
    return " ".join(sentences)


def compare_with_usual_pace(figures: ProjectSprintFigures, scope: int = 0) -> UsualPace:
    """What the team usually finishes beside a scope, in its unit, for whoever may see the pace."""
    if figures.velocity is None:
        return UsualPace()
    mean = round(figures.velocity.mean)
    usual, points = format_amount(mean, in_points=figures.in_points), mean if figures.in_points else None
    if scope > mean:
        sentence = _("%(amount)s d’habitude, soit %(over)s de plus", amount=usual, over=scope - mean)
        return UsualPace(sentence, points, is_passed=True)
    return UsualPace(_("%(amount)s d’habitude", amount=usual), points)


def _describe_pace_against_scope(velocity: Velocity, scope: int, *, in_points: bool) -> str:
    usual = _(
        "L’équipe finit d’habitude %(amount)s par sprint (de %(least)s à %(most)s)",
        amount=format_amount(round(velocity.mean), in_points=in_points),
        least=velocity.least,
        most=velocity.most,
    )
    least, most = max(0, scope - velocity.most), max(0, scope - velocity.least)
    if not most:
        return _("%(usual)s : le but est à sa portée.", usual=usual)
    if least == most:
        return ngettext(
            "%(usual)s : il en resterait %(num)s.", "%(usual)s : il en resterait %(num)s.", most, usual=usual
        )
    return _("%(usual)s : il en resterait de %(least)s à %(most)s.", usual=usual, least=least, most=most)
