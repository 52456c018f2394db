"""Sentences and labels of coverage, trends and comparisons."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.user_tests.reports.coverage_rules import (
    Coverage,
    CoverageCell,
    CoverageGap,
    CoverageGapKind,
    CoverageLine,
    RoundAccessNeeds,
)
from portal.user_tests.reports.round_rules import VersionedRound
from portal.user_tests.reports.trend_rules import RoundPair, TaskLineage, TaskPair
from portal.user_tests.rounds.labels import METHODS_IN_SHORT
from portal.user_tests.rounds.models import RoundScale
from portal.user_tests.statistics import comparison_labels
from portal.user_tests.statistics.comparison_labels import VERDICTS
from portal.user_tests.statistics.comparison_rules import ChangeVerdict, MeasuredChange
from portal.user_tests.statistics.labels import completion_in_short, duration_in_short, score_in_short

SCALES: dict[RoundScale, LazyString] = {
    RoundScale.F_SUS: _l("SUS en français (F-SUS)"),
    RoundScale.SUS: _l("SUS en anglais"),
    RoundScale.UMUX_LITE: _l("UMUX-Lite"),
    RoundScale.NONE: _l("Aucun questionnaire"),
}
VERDICT_KINDS: dict[ChangeVerdict, str | None] = {
    ChangeVerdict.BETTER: "success",
    ChangeVerdict.WORSE: "error",
    ChangeVerdict.UNCLEAR: None,
}


@dataclass(frozen=True)
class ComparisonLine:
    """A line of a comparison: a measure, its values before and now, the verdict."""

    measure: str
    task_title: str
    was: str
    now: str
    verdict: str
    kind: str | None
    explanation: str


def gap_sentence(gap: CoverageGap, latest: int) -> str:
    """Return what is missing on the latest version, and of which group."""
    if gap.group is not None:
        return _describe_group_gap(gap, gap.group.name, latest)
    number = gap.round.number if gap.round else 0
    if gap.kind is CoverageGapKind.ACCESS_NOT_SAID:
        return _(
            "Série %(n)s, version %(version)s : personne n’a dit si un participant avait un besoin"
            " d’accessibilité.",
            n=number,
            version=latest,
        )
    return _(
        "Aucune personne ayant un besoin d’accessibilité n’a essayé la version %(version)s.", version=latest
    )


def _describe_group_gap(gap: CoverageGap, group: str, latest: int) -> str:
    if gap.kind is CoverageGapKind.NOBODY_INVITED:
        return _(
            "%(group)s : aucune série n’invite ce public à essayer la version %(version)s.",
            group=group,
            version=latest,
        )
    if gap.participant_goal is None:
        return _(
            "%(group)s : invité à essayer la version %(version)s, ce public n’est pas encore venu.",
            group=group,
            version=latest,
        )
    return ngettext(
        "%(group)s : %(num)s participant visé sur la version %(version)s, %(came)s sur %(num)s.",
        "%(group)s : %(num)s participants visés sur la version %(version)s, %(came)s sur %(num)s.",
        gap.participant_goal,
        group=group,
        version=latest,
        came=gap.participants,
    )


def coverage_sentence(coverage: Coverage) -> str:
    """Return how many of the current groups tested the latest version."""
    current = [line for line in coverage.lines if line.group and line.group.left_on is None]
    tested_count = sum(line.cells.get(coverage.latest, _NO_CELL).participants > 0 for line in current)
    if not current:
        return _("Aucun public n’est encore décrit.")
    if tested_count == len(current):
        return ngettext(
            "Le public a essayé la version %(version)s, la dernière.",
            "Les %(num)s publics ont essayé la version %(version)s, la dernière.",
            len(current),
            version=coverage.latest,
        )
    if not tested_count:
        return _(
            "Aucun public n’a encore essayé la version %(version)s, la dernière.", version=coverage.latest
        )
    return ngettext(
        "%(num)s public sur %(n)s a essayé la version %(version)s, la dernière.",
        "%(num)s publics sur %(n)s ont essayé la version %(version)s, la dernière.",
        tested_count,
        n=len(current),
        version=coverage.latest,
    )


_NO_CELL = CoverageCell(0, None, is_aimed=False)


def group_name(line: CoverageLine) -> str:
    if line.group is None:
        return _("D’aucun public décrit")
    if line.group.left_on is not None:
        return _("%(name)s (public abandonné)", name=line.group.name)
    return line.group.name


def coverage_cell_label(line: CoverageLine, version: int) -> str:
    """Return « 3 sur 5 »; a dash for a group that was neither aimed at nor came."""
    cell = line.cells.get(version, _NO_CELL)
    if cell.participant_goal is not None:
        return _("%(came)s sur %(wanted)s", came=cell.participants, wanted=cell.participant_goal)
    return str(cell.participants) if cell.participants or cell.is_aimed else "—"


def latest_version_label(line: CoverageLine) -> str:
    if line.latest is None:
        return _("aucune")
    return _("version %(n)s", n=line.latest)


def access_needs_label(needs: RoundAccessNeeds) -> str:
    """Return how many participants of a round had an access need."""
    row = needs.round
    if row.access_needs is None:
        return _("pas encore dit")
    if row.access_needs:
        return str(row.access_needs)
    return _("aucun : %(why)s", why=row.no_access_needs) if row.no_access_needs else _("aucun")


def round_name(round_: VersionedRound) -> str:
    return _("Série %(n)s, version %(version)s", n=round_.round.number, version=round_.version)


def round_option(round_: VersionedRound) -> str:
    return _("%(name)s : %(title)s", name=round_name(round_), title=round_.round.title)


def round_axis_label(round_: VersionedRound) -> str:
    """Return the label under an axis: « S2 v3 »."""
    return _("S%(n)s v%(version)s", n=round_.round.number, version=round_.version)


def task_lineage_option(lineage: TaskLineage) -> str:
    numbers = ", ".join(str(round_.round.number) for round_, _task in lineage.steps)
    label = ngettext(
        "%(title)s (série %(numbers)s)",
        "%(title)s (séries %(numbers)s)",
        len(lineage.steps),
        title=lineage.task.title,
        numbers=numbers,
    )
    return _("%(task)s, tâche principale", task=label) if lineage.task.is_primary else label


def verdict_with_badge_kind(change: MeasuredChange | None) -> tuple[str, str | None]:
    """Return the verdict and the kind of its badge."""
    if change is None:
        return _("Rien à comparer"), None
    return str(VERDICTS[change.verdict]), VERDICT_KINDS[change.verdict]


def verdicts_explanation() -> str:
    """Return what a verdict is based on: shown once, under the table."""
    return _(
        "Entre parenthèses, l’intervalle de confiance à 95 %. Le verdict tient à l’intervalle de"
        " l’écart, pas à ce que les deux intervalles se chevauchent. Sur vingt comparaisons, une"
        " paraît changer sans que rien n’ait bougé."
    )


def list_comparison_lines(pair: RoundPair) -> Sequence[ComparisonLine]:
    """Return all measures of both rounds, the scale first."""
    lines = []
    if pair.same_scale:
        scale = pair.after.round.scale
        was, now = (score_in_short(results.of_scale(scale)) for results in (pair.was, pair.now))
        explanation = comparison_labels.score_change_sentence(pair.scale)
        lines.append(
            ComparisonLine(
                str(SCALES[scale]), "", was, now, *verdict_with_badge_kind(pair.scale), explanation
            )
        )
    for task_pair in pair.tasks:
        lines += _list_task_lines(task_pair)
    return lines


def _list_task_lines(task_pair: TaskPair) -> list[ComparisonLine]:
    title, was, now = task_pair.after.title, task_pair.was, task_pair.now
    measured = (
        (
            _("Réussite sans aide"),
            (completion_in_short(was.completion), completion_in_short(now.completion)),
            task_pair.completion,
            comparison_labels.completion_change_sentence(task_pair.completion),
        ),
        (
            _("Durée"),
            (duration_in_short(was.time), duration_in_short(now.time)),
            task_pair.time,
            comparison_labels.duration_change_sentence(task_pair.time),
        ),
        (
            _("Facilité, de 1 à 7"),
            (score_in_short(was.ease), score_in_short(now.ease)),
            task_pair.ease,
            comparison_labels.score_change_sentence(task_pair.ease),
        ),
    )
    return [
        ComparisonLine(measure, title, *both, *verdict_with_badge_kind(change), explanation)
        for measure, both, change, explanation in measured
    ]


def list_comparison_warnings(pair: RoundPair) -> Sequence[str]:
    """Return the reasons why two rounds are not fully comparable."""
    before, after = pair.before.round, pair.after.round
    sentences = []
    if pair.groups_differ:
        sentences.append(_("Les participants n’étaient pas des mêmes publics."))
    if before.method is not after.method:
        sentences.append(
            _(
                "Les séances n’ont pas été menées de la même façon : %(before)s, puis %(after)s.",
                before=METHODS_IN_SHORT[before.method],
                after=METHODS_IN_SHORT[after.method],
            )
        )
    if not pair.same_scale and RoundScale.NONE not in {before.scale, after.scale}:
        sentences.append(
            _(
                "Les questionnaires diffèrent (%(before)s, puis %(after)s) : ils ne se comparent pas.",
                before=SCALES[before.scale],
                after=SCALES[after.scale],
            )
        )
    return sentences


def comparison_summary(pair: RoundPair) -> str:
    """Return how many measures got better or worse between two rounds."""
    changes = [pair.scale] if pair.same_scale else []
    for task in pair.tasks:
        changes += [task.completion, task.time, task.ease]
    measured = [change for change in changes if change is not None]
    if not measured:
        return _("Ces deux séries n’ont aucune mesure en commun.")
    better = sum(measured_change.verdict is ChangeVerdict.BETTER for measured_change in measured)
    worse = sum(measured_change.verdict is ChangeVerdict.WORSE for measured_change in measured)
    if not better and not worse:
        return ngettext(
            "%(num)s mesure en commun, dont on ne peut pas encore dire si elle change.",
            "%(num)s mesures en commun, dont on ne peut pas encore dire si elles changent.",
            len(measured),
        )
    return ngettext(
        "%(num)s mesure en commun : mieux pour %(better)s, moins bien pour %(worse)s, on ne peut"
        " pas encore dire pour %(rest)s.",
        "%(num)s mesures en commun : mieux pour %(better)s, moins bien pour %(worse)s, on ne peut"
        " pas encore dire pour %(rest)s.",
        len(measured),
        better=better,
        worse=worse,
        rest=len(measured) - better - worse,
    )
