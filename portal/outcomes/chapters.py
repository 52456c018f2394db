"""The chapters of an end-of-support report."""

from flask_babel import format_decimal

from portal.framing.words import amount, progress
from portal.gates import words
from portal.gates.endings import HANDED_OVER
from portal.gates.standing import State
from portal.kernel import clock
from portal.kernel.text import gettext as _
from portal.kernel.text import in_reader_language, ngettext
from portal.outcomes.queries import Facts, Tested
from portal.prototypes.words import AUTOMATIONS, EXPOSURES, verdict
from portal.sheets.library import latest_of
from portal.test_reports.remedies import Part, part
from portal.usability import words as figures
from portal.usability.scales import Sus
from portal.user_tests.models import Scale
from portal.web.show import day


def tests(facts: Facts) -> Part:
    """Each round with its primary task and its scale, never a share without its interval."""
    title = _("Ce que disent les tests utilisateurs")
    if not facts.tests:
        return part(title, says=[_("Aucun test n’a eu lieu avec des utilisateurs.")])
    columns = [
        _("Série"),
        _("Version"),
        _("Participants"),
        _("Tâche principale réussie sans aide"),
        _("Questionnaire"),
    ]
    rows = [
        [
            f"{one.tried.round.number}. {one.tried.round.title}",
            str(one.tried.version),
            str(one.known.sums.sessions),
            _primary(one),
            _scale(one),
        ]
        for one in facts.tests
    ]
    name = _("Séries de tests, chacune avec son intervalle de confiance à 95 %")
    open_ = facts.severe_open
    left = _("Aucun constat grave n’est ouvert.")
    if open_:
        left = ngettext(
            "%(num)s constat grave est encore ouvert.",
            "%(num)s constats graves sont encore ouverts.",
            open_,
        )
    return part(title, table=(name, columns, rows), after=[left], wide=3)


def _primary(one: Tested) -> str:
    if one.primary is None:
        return "—"
    known = one.known.of_task(one.primary.id)
    return figures.completion_in_short(known.completion)


def _scale(one: Tested) -> str:
    scale = one.tried.round.scale
    if scale is Scale.NONE:
        return "—"
    found = one.known.of_scale(scale)
    if scale is Scale.UMUX_LITE:
        return figures.umux_lite(None if isinstance(found, Sus) else found)
    return figures.sus(found if isinstance(found, Sus) else None)


def maturity(facts: Facts) -> Part:
    """What the AI does alone, and how well, beside what was asked of it."""
    title, latest = _("Maturité de l’IA"), facts.latest
    says = []
    if latest.version is None:
        says.append(_("Aucune version du prototype n’est notée."))
    else:
        says.append(
            _(
                "Version %(n)s, du %(day)s. %(automation)s. Qui lit ses réponses : %(exposure)s.",
                n=latest.version.number,
                day=day(latest.version.released_on),
                automation=AUTOMATIONS[latest.version.automation],
                exposure=str(EXPOSURES[latest.version.exposure]).lower(),
            )
        )
    if latest.run is None or latest.protocol is None:
        return part(title, says=[*says, _("Aucun résultat n’a été mesuré sous un protocole.")])
    says.append(
        _(
            "%(verdict)s Mesuré le %(day)s, sur des données mises de côté : %(held_out)s",
            verdict=verdict(latest.protocol, latest.run),
            day=day(latest.run.ran_on),
            held_out=latest.protocol.held_out,
        )
    )
    columns = [_("Groupe"), latest.protocol.metric, _("Cas")]
    rows = [
        [
            one.name,
            format_decimal(one.result),
            "—" if one.size is None else format_decimal(one.size),
        ]
        for one in facts.subgroups
    ]
    return part(title, says=says, table=(_("Résultat par groupe"), columns, rows))


def impact(facts: Facts) -> Part:
    """From where, to where, and what was measured."""
    title = _("Effets sur le métier")
    if not facts.metrics:
        return part(title, says=[_("Aucun indicateur d’impact n’est défini.")])
    columns = [_("Indicateur"), _("Départ"), _("Cible"), _("Dernière mesure"), _("Où on en est")]
    rows = []
    for metric, last in facts.metrics:
        measured = "—"
        if last is not None:
            n = "—" if last.sample_size is None else format_decimal(last.sample_size)
            value, when = amount(last.value, metric.unit), day(last.measured_on)
            measured = _("%(value)s, %(day)s (n = %(n)s)", value=value, day=when, n=n)
        start, target = amount(metric.baseline, metric.unit), amount(metric.target, metric.unit)
        rows.append([metric.name, start, target, measured, progress(metric, last)])
    return part(title, table=(_("Ce qui devait changer"), columns, rows))


def gates(facts: Facts) -> Part:
    columns = [_("Jalon"), _("État"), _("Accepté le")]
    rows = [
        [words.title(one.definition), str(words.STANDINGS[one.standing]), _accepted(one)]
        for one in facts.states
    ]
    waived = [
        _("%(gate)s : dispense. %(why)s", gate=words.title(one.definition), why=one.waiver.reason)
        for one in facts.states
        if one.waiver is not None
    ]
    return part(_("Jalons"), table=(_("État de chaque jalon"), columns, rows), after=waived)


def _accepted(state: State) -> str:
    if state.answer is None or not state.was_accepted:
        return "—"
    return day(clock.day_of(state.answer.at))


def outcome(facts: Facts) -> Part:
    """What was decided, why, and what is learnt: an end is an end, however it came."""
    panel, project = facts.panel, facts.project
    says, table = [], None
    if panel is None:
        says.append(_("Aucun jury ne s’est encore prononcé."))
    else:
        held = _("Décidé le %(day)s : %(what)s.", day=day(panel.held_on), what=_outcome(facts))
        says += [held, panel.reasons]
        met = {True: _("Rempli"), False: _("Pas rempli")}
        rows = [[str(text), met[bool(is_met)]] for text, is_met in panel.criteria]
        table = (_("Critères du jury"), [_("Critère"), _("Avis")], rows)
    after = []
    if project.stop_reason and project.stopped_on:
        after.append(_("Pourquoi le projet s’est arrêté : %(why)s", why=project.stop_reason))
    if project.learnings:
        after.append(_("Ce que l’équipe a appris : %(what)s", what=project.learnings))
    return part(_("Issue et enseignements"), says=says, table=table, after=after)


def _outcome(facts: Facts) -> str:
    said = str(words.OUTCOMES[facts.panel.outcome]) if facts.panel else ""
    return said[:1].lower() + said[1:]


def handover(facts: Facts) -> Part:
    """What somebody else finds who takes the prototype over."""
    title = _("Passage de relais")
    if facts.handover is None:
        return part(title, says=[_("Le dossier de reprise n’est pas complet.")])
    labels = {
        item.key: in_reader_language(item.label.fr, item.label.en)
        for section in latest_of("handover").sections
        for item in section.items
    }
    state = {True: _("Prêt"), False: _("Pas encore")}
    rows = [[labels[key], state[key in facts.handover.passed]] for key in HANDED_OVER]
    return part(title, table=(_("Dossier de reprise"), [_("Élément"), _("État")], rows))
