"""Sentences of the ranking."""

from fractions import Fraction

from portal.platform.kernel.text import format_number, ngettext
from portal.platform.kernel.text import gettext as _
from portal.selection.ranking.queries import RankedApplication, RankingPage


def picture_title(page: RankingPage, places: int) -> str:
    """What the picture shows, as its title."""
    if not page.ranked:
        return _("Aucune candidature n’est encore classée.")
    if not page.on_line:
        return _("Aucune candidature n’est sur la ligne des places : aucun juré ni poids n’y change rien.")
    return ngettext(
        "%(num)s candidature est sur la ligne des %(places)s places : un juré ou un poids la déplace.",
        "%(num)s candidatures sont sur la ligne des %(places)s places : un juré ou un poids les déplace.",
        page.on_line,
        places=places,
    )


def rank_ranges_label(line: RankedApplication) -> str:
    """How firm a rank is, in words."""
    if line.by_jurors is None or line.by_weights is None:
        return _("non classée : il manque des notes, sa page dit lesquelles")
    jurors, weights = (_range_label(*each) for each in (line.by_jurors, line.by_weights))
    return _("%(jurors)s sans un juré, %(weights)s avec d’autres poids", jurors=jurors, weights=weights)


def _range_label(best: int, worst: int) -> str:
    return str(best) if best == worst else _("%(a)s à %(b)s", a=best, b=worst)


def juror_severity_label(value: Fraction) -> str:
    """How much lower or higher a juror scores than the others."""
    points = format_number(abs(float(value)), "0.0")
    if abs(value) < Fraction(1, 20):
        return _("comme les autres")
    if value < 0:
        return _("%(n)s points sous les autres", n=points)
    return _("%(n)s points au-dessus des autres", n=points)
