"""The parts of a final report."""

from flask_babel import format_decimal

from portal.ethics.readiness_sheets.definition_documents import get_latest_definition
from portal.oversight.final_reports.queries import FinalReportFacts, RoundWithPrimaryTask
from portal.oversight.gates import labels as gates_labels
from portal.oversight.gates.closing_predicate_rules import HANDOVER_ITEMS
from portal.oversight.gates.state_rules import GateSnapshot
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import in_reader_language, lower_first, ngettext
from portal.platform.web.template_filters import day
from portal.project.framing.labels import amount_with_unit, metric_progress_sentence
from portal.sprints.prototypes.labels import AUTOMATIONS, EXPOSURES, verdict_sentence
from portal.user_tests.reports.finding_documents import ReportPart, make_report_part
from portal.user_tests.rounds.models import RoundScale
from portal.user_tests.statistics import labels as figures
from portal.user_tests.statistics.scale_rules import SusResult


def build_user_tests_part(facts: FinalReportFacts) -> ReportPart:
    """Return a row for each round: primary task and scale, with confidence intervals."""
    title = _("Ce que disent les tests utilisateurs")
    if not facts.tests:
        return make_report_part(title, says=[_("Aucun test n’a eu lieu avec des utilisateurs.")])
    columns = [
        _("Série"),
        _("Version"),
        _("Participants"),
        _("Tâche principale réussie sans aide"),
        _("Questionnaire"),
    ]
    rows = [
        [
            f"{reported.round.number}. {reported.round.title}",
            str(reported.versioned_round.version),
            str(reported.results.sums.sessions),
            _describe_primary_task(reported),
            _describe_scale_score(reported),
        ]
        for reported in facts.tests
    ]
    name = _("Séries de tests, chacune avec son intervalle de confiance à 95 %")
    findings_sentence = _("Aucun constat grave n’est ouvert.")
    if facts.severe_open:
        findings_sentence = ngettext(
            "%(num)s constat grave est encore ouvert.",
            "%(num)s constats graves sont encore ouverts.",
            facts.severe_open,
        )
    return make_report_part(title, table=(name, columns, rows), after=[findings_sentence], wide=3)


def _describe_primary_task(reported_round: RoundWithPrimaryTask) -> str:
    if reported_round.primary is None:
        return "—"
    task_results = reported_round.results.of_task(reported_round.primary.id)
    return figures.completion_in_short(task_results.completion)


def _describe_scale_score(reported_round: RoundWithPrimaryTask) -> str:
    scale = reported_round.round.scale
    if scale is RoundScale.NONE:
        return "—"
    scale_results = reported_round.results.of_scale(scale)
    if scale is RoundScale.UMUX_LITE:
        return figures.umux_lite_sentence(None if isinstance(scale_results, SusResult) else scale_results)
    return figures.sus_sentence(scale_results if isinstance(scale_results, SusResult) else None)


def build_maturity_part(facts: FinalReportFacts) -> ReportPart:
    """Return automation, exposure, and the result of the AI under its protocol."""
    title, latest = _("Maturité de l’IA"), facts.latest
    sentences = []
    if latest.version is None:
        sentences.append(_("Aucune version du prototype n’est notée."))
    else:
        sentences.append(
            _(
                "Version %(n)s, du %(day)s. %(automation)s. Qui lit ses réponses : %(exposure)s.",
                n=latest.version.number,
                day=day(latest.version.released_on),
                automation=AUTOMATIONS[latest.version.automation],
                exposure=lower_first(EXPOSURES[latest.version.exposure]),
            )
        )
    if latest.run is None or latest.protocol is None:
        return make_report_part(
            title, says=[*sentences, _("Aucun résultat n’a été mesuré sous un protocole.")]
        )
    sentences.append(
        _(
            "%(verdict)s Mesuré le %(day)s, sur des données mises de côté : %(held_out)s",
            verdict=verdict_sentence(latest.protocol, latest.run),
            day=day(latest.run.ran_on),
            held_out=latest.protocol.held_out,
        )
    )
    columns = [_("Groupe"), latest.protocol.metric, _("Cas")]
    rows = [
        [
            subgroup.name,
            format_decimal(subgroup.result),
            "—" if subgroup.size is None else format_decimal(subgroup.size),
        ]
        for subgroup in facts.subgroups
    ]
    return make_report_part(title, says=sentences, table=(_("Résultat par groupe"), columns, rows))


def build_impact_part(facts: FinalReportFacts) -> ReportPart:
    """Return a row for each impact metric: baseline, target, last measure, progress."""
    title = _("Effets sur le métier")
    if not facts.metrics:
        return make_report_part(title, says=[_("Aucun indicateur d’impact n’est défini.")])
    columns = [_("Indicateur"), _("Départ"), _("Cible"), _("Dernière mesure"), _("Où on en est")]
    rows = []
    for metric, last in facts.metrics:
        measured = "—"
        if last is not None:
            n = "—" if last.sample_size is None else format_decimal(last.sample_size)
            value, when = amount_with_unit(last.value, metric.unit), day(last.measured_on)
            measured = _("%(value)s, %(day)s (n = %(n)s)", value=value, day=when, n=n)
        start, target = (
            amount_with_unit(metric.baseline, metric.unit),
            amount_with_unit(metric.target, metric.unit),
        )
        rows.append([metric.name, start, target, measured, metric_progress_sentence(metric, last)])
    return make_report_part(title, table=(_("Ce qui devait changer"), columns, rows))


def build_gates_part(facts: FinalReportFacts) -> ReportPart:
    """Return a row for each gate, and the reasons of waivers."""
    columns = [_("Jalon"), _("État"), _("Accepté le")]
    rows = [
        [
            gates_labels.title(state.definition),
            str(gates_labels.STANDINGS[state.standing]),
            _format_acceptance_day(state),
        ]
        for state in facts.states
    ]
    waived = [
        _("%(gate)s : dispense. %(why)s", gate=gates_labels.title(state.definition), why=state.waiver.reason)
        for state in facts.states
        if state.waiver is not None
    ]
    return make_report_part(_("Jalons"), table=(_("État de chaque jalon"), columns, rows), after=waived)


def _format_acceptance_day(state: GateSnapshot) -> str:
    if state.answer is None or not state.was_accepted:
        return "—"
    return day(clock.day_of(state.answer.at))


def build_outcome_part(facts: FinalReportFacts) -> ReportPart:
    """Return the decision of the last panel, why the project stopped, and what was learnt."""
    panel, project = facts.panel, facts.project
    sentences, table = [], None
    if panel is None:
        has_stopped = project.stopped_on is not None
        sentences.append(
            _("Aucun jury ne s’est prononcé.") if has_stopped else _("Aucun jury ne s’est encore prononcé.")
        )
    else:
        decision = _(
            "Décidé le %(day)s : %(what)s.", day=day(panel.held_on), what=_panel_outcome_label(facts)
        )
        sentences += [decision, panel.reasons]
        met = {True: _("Rempli"), False: _("Pas rempli")}
        rows = [[str(text), met[bool(is_met)]] for text, is_met in panel.criteria]
        table = (_("Critères du jury"), [_("Critère"), _("Avis")], rows)
    after = []
    if project.stop_reason and project.stopped_on:
        after.append(_("Pourquoi le projet s’est arrêté : %(why)s", why=project.stop_reason))
    if project.learnings:
        after.append(_("Ce que l’équipe a appris : %(what)s", what=project.learnings))
    return make_report_part(_("Issue et enseignements"), says=sentences, table=table, after=after)


def _panel_outcome_label(facts: FinalReportFacts) -> str:
    return lower_first(gates_labels.OUTCOMES[facts.panel.outcome]) if facts.panel else ""


def build_handover_part(facts: FinalReportFacts) -> ReportPart:
    """Return a row for each handover item: ready or not."""
    title = _("Passation")
    if facts.handover is None:
        return make_report_part(title, says=[_("Le dossier de reprise n’est pas complet.")])
    labels = {
        item.key: in_reader_language(item.label.fr, item.label.en)
        for section in get_latest_definition("handover").sections
        for item in section.items
    }
    states = {True: _("Prêt"), False: _("Pas encore")}
    rows = [[labels[key], states[key in facts.handover.passed]] for key in HANDOVER_ITEMS]
    return make_report_part(title, table=(_("Dossier de reprise"), [_("Élément"), _("État")], rows))
