"""What coverage, trends and comparisons say, for whoever reads them."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.kernel.text import LazyString, ngettext
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.test_reports.coverage import Cell, Coverage, Gap, Held, Lack, Line
from portal.test_reports.queries import Tried
from portal.test_reports.trends import Lineage, Pair, TaskPair
from portal.usability import differences
from portal.usability.comparison import Change, Verdict
from portal.usability.differences import VERDICTS
from portal.usability.words import completion_in_short, duration_in_short, score_in_short
from portal.user_tests.models import Scale, TestRound
from portal.user_tests.words import METHODS_IN_SHORT

SCALES: dict[Scale, LazyString] = {
    Scale.F_SUS: _l("SUS en français (F-SUS)"),
    Scale.SUS: _l("SUS en anglais"),
    Scale.UMUX_LITE: _l("UMUX-Lite"),
    Scale.NONE: _l("Aucun questionnaire"),
}
VERDICT_KINDS: dict[Verdict, str | None] = {
    Verdict.BETTER: "success",
    Verdict.WORSE: "error",
    Verdict.UNCLEAR: None,
}


@dataclass(frozen=True)
class Told:
    """A line of a comparison: what was measured (`of` which task), then, now; what may be said."""

    what: str
    of: str
    was: str
    now: str
    verdict: str
    kind: str | None
    said: str


def gap(of: Gap, latest: int) -> str:
    """What is missing, of whom, on which version."""
    if of.group is not None:
        return _missing(of, of.group.name, latest)
    number = of.round.number if of.round else 0
    if of.lack is Lack.ACCESS_NOT_SAID:
        return _(
            "Série %(n)s, version %(version)s : personne n’a dit si un participant avait un besoin"
            " d’accessibilité.",
            n=number,
            version=latest,
        )
    return _(
        "Personne ayant un besoin d’accessibilité n’a essayé la version %(version)s.",
        version=latest,
    )


def _missing(of: Gap, group: str, latest: int) -> str:
    if of.lack is Lack.NOBODY_INVITED:
        return _(
            "%(group)s : aucune série n’invite ce public à essayer la version %(version)s.",
            group=group,
            version=latest,
        )
    if of.wanted is None:
        return _(
            "%(group)s : invité à essayer la version %(version)s, ce public n’est pas encore venu.",
            group=group,
            version=latest,
        )
    return ngettext(
        "%(group)s : %(num)s participant visé sur la version %(version)s, %(came)s sur %(num)s.",
        "%(group)s : %(num)s participants visés sur la version %(version)s, %(came)s sur %(num)s.",
        of.wanted,
        group=group,
        version=latest,
        came=of.came,
    )


def covered(of: Coverage) -> str:
    """The first line of the page: how much of whom has tried the latest version."""
    current = [one for one in of.lines if one.group and one.group.left_on is None]
    met = sum(one.cells.get(of.latest, _NONE).came > 0 for one in current)
    if not current:
        return _("Aucun public n’est encore décrit.")
    if met == len(current):
        return ngettext(
            "Le public a essayé la version %(version)s, la dernière.",
            "Les %(num)s publics ont essayé la version %(version)s, la dernière.",
            len(current),
            version=of.latest,
        )
    if not met:
        return _(
            "Aucun public n’a encore essayé la version %(version)s, la dernière.",
            version=of.latest,
        )
    return ngettext(
        "%(num)s public sur %(n)s a essayé la version %(version)s, la dernière.",
        "%(num)s publics sur %(n)s ont essayé la version %(version)s, la dernière.",
        met,
        n=len(current),
        version=of.latest,
    )


_NONE = Cell(0, None, is_aimed=False)


def group_name(line: Line) -> str:
    if line.group is None:
        return _("D’aucun public décrit")
    if line.group.left_on is not None:
        return _("%(name)s (public abandonné)", name=line.group.name)
    return line.group.name


def cell(line: Line, version: int) -> str:
    """« 3 sur 5 »; a dash where nobody was invited and nobody came."""
    of = line.cells.get(version, _NONE)
    if of.wanted is not None:
        return _("%(came)s sur %(wanted)s", came=of.came, wanted=of.wanted)
    return str(of.came) if of.came or of.is_aimed else "—"


def latest_tried(line: Line) -> str:
    if line.latest is None:
        return _("aucune")
    return _("version %(n)s", n=line.latest)


def access(of: Held) -> str:
    """How many of a round had an access need: a number, beside nobody."""
    row = of.round
    if row.access_needs is None:
        return _("pas encore dit")
    if row.access_needs:
        return str(row.access_needs)
    return _("aucun : %(why)s", why=row.no_access_needs) if row.no_access_needs else _("aucun")


def round_name(one: Tried) -> str:
    return _("Série %(n)s, version %(version)s", n=one.round.number, version=one.version)


def round_option(one: Tried) -> str:
    return _("%(name)s : %(title)s", name=round_name(one), title=one.round.title)


def round_label(one: Tried) -> str:
    """Under an axis: « S2 v3 »."""
    return _("S%(n)s v%(version)s", n=one.round.number, version=one.version)


def lineage_option(of: Lineage) -> str:
    numbers = ", ".join(str(one.round.number) for one, _task in of.steps)
    told = ngettext(
        "%(title)s (série %(numbers)s)",
        "%(title)s (séries %(numbers)s)",
        len(of.steps),
        title=of.task.title,
        numbers=numbers,
    )
    return _("%(task)s, tâche principale", task=told) if of.task.is_primary else told


def verdict(change: Change | None) -> tuple[str, str | None]:
    """In words, and the kind of the badge that holds them."""
    if change is None:
        return _("Rien à comparer"), None
    return str(VERDICTS[change.verdict]), VERDICT_KINDS[change.verdict]


def about_verdicts() -> str:
    """What a verdict rests on; said once, under the table."""
    return _(
        "Entre parenthèses, l’intervalle de confiance à 95 %. Le verdict tient à l’intervalle de"
        " l’écart, pas à ce que les deux intervalles se chevauchent. Sur vingt comparaisons, une"
        " paraît changer sans que rien n’ait bougé."
    )


def compared(pair: Pair) -> Sequence[Told]:
    """All that was measured in both rounds, the scale first."""
    lines = []
    if pair.same_scale:
        scale = pair.after.round.scale
        was, now = (score_in_short(known.of_scale(scale)) for known in (pair.was, pair.now))
        said = differences.score_changed(pair.scale)
        lines.append(Told(str(SCALES[scale]), "", was, now, *verdict(pair.scale), said))
    for one in pair.tasks:
        lines += _of_task(one)
    return lines


def _of_task(one: TaskPair) -> list[Told]:
    of, was, now = one.after.title, one.was, one.now
    measured = (
        (
            _("Réussite sans aide"),
            (completion_in_short(was.completion), completion_in_short(now.completion)),
            one.completion,
            differences.completion_changed(one.completion),
        ),
        (
            _("Durée"),
            (duration_in_short(was.time), duration_in_short(now.time)),
            one.time,
            differences.duration_changed(one.time),
        ),
        (
            _("Facilité, de 1 à 7"),
            (score_in_short(was.ease), score_in_short(now.ease)),
            one.ease,
            differences.score_changed(one.ease),
        ),
    )
    return [Told(what, of, *both, *verdict(change), said) for what, both, change, said in measured]


def warnings(pair: Pair) -> Sequence[str]:
    """Why two rounds are not quite alike, before anyone reads what changed."""
    before, after = pair.before.round, pair.after.round
    told = []
    if pair.groups_differ:
        told.append(_("Les participants n’étaient pas des mêmes publics."))
    if before.method is not after.method:
        told.append(
            _(
                "Les séances n’ont pas été menées de la même façon : %(before)s, puis %(after)s.",
                before=METHODS_IN_SHORT[before.method],
                after=METHODS_IN_SHORT[after.method],
            )
        )
    if not pair.same_scale and Scale.NONE not in {before.scale, after.scale}:
        told.append(
            _(
                "Les questionnaires diffèrent (%(before)s, puis %(after)s) : ils ne se comparent"
                " pas.",
                before=SCALES[before.scale],
                after=SCALES[after.scale],
            )
        )
    return told


def summed_up(pair: Pair) -> str:
    """What changed between two rounds, counted: the first thing that the page says."""
    changes = [pair.scale] if pair.same_scale else []
    for task in pair.tasks:
        changes += [task.completion, task.time, task.ease]
    told = [change for change in changes if change is not None]
    if not told:
        return _("Ces deux séries n’ont aucune mesure en commun.")
    better = sum(one.verdict is Verdict.BETTER for one in told)
    worse = sum(one.verdict is Verdict.WORSE for one in told)
    if not better and not worse:
        return ngettext(
            "%(num)s mesure en commun, dont on ne peut pas encore dire si elle change.",
            "%(num)s mesures en commun, dont on ne peut pas encore dire si elles changent.",
            len(told),
        )
    return ngettext(
        "%(num)s mesure en commun : mieux pour %(better)s, moins bien pour %(worse)s, on ne peut"
        " pas encore dire pour %(rest)s.",
        "%(num)s mesures en commun : mieux pour %(better)s, moins bien pour %(worse)s, on ne peut"
        " pas encore dire pour %(rest)s.",
        len(told),
        better=better,
        worse=worse,
        rest=len(told) - better - worse,
    )


def over(row: TestRound) -> bool:
    return row.ended_on is not None
