"""The page of a team in a pack, as plain data."""

from datetime import date
from typing import Any

from portal.oversight.committee_packs.gate_strip_documents import describe_gate_looks, list_gate_looks
from portal.oversight.committee_packs.labels import WAITING_KINDS
from portal.oversight.committee_packs.open_issue_documents import build_open_issues_part
from portal.oversight.committee_packs.snapshot_queries import PackTeam, ProjectIdentity
from portal.oversight.gates import labels as gates
from portal.oversight.gates.definition_rules import GateAcceptor
from portal.oversight.gates.forecast_labels import expected_date_label, forecast_method
from portal.oversight.gates.forecast_rules import GateForecast
from portal.oversight.gates.predicate_rules import GateResult
from portal.oversight.gates.state_rules import GateSnapshot, sum_progress
from portal.oversight.health.definition_rules import LeadOpinionLevel
from portal.oversight.health.labels import LEVELS, OUTLOOKS_IN_SHORT, OVERRIDE_LEVELS, signal_sentence
from portal.oversight.health.remedy_labels import remedy
from portal.oversight.health.state_rules import HealthSnapshot
from portal.oversight.health.team_signal_rules import COACH_ROLE
from portal.platform.kernel import clock
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import in_reader_language, lower_first, ngettext
from portal.platform.web.template_filters import day
from portal.project.projects.labels import STATES
from portal.project.projects.models import ProjectState
from portal.sprints.sprints.labels import BLOCKERS, OUTCOMES
from portal.sprints.sprints.models import BlockerKind, SprintOutcome
from portal.user_tests.reports.finding_documents import ReportPart, make_report_part
from portal.user_tests.statistics.completion_rules import compute_completion
from portal.user_tests.statistics.labels import completion_in_short

FORMAT = "committee-pack/6"  # of every page: a pack begun with pages of another one is begun again
Content = dict[str, Any]


def short_name(identity: ProjectIdentity) -> str:
    return identity.acronym or identity.organisation


def join_label_and_text(label: object, text: str) -> str:
    """Label and text, with the colon of the reader's language."""
    return _("%(who)s : %(what)s", who=label, what=text)


def health_state_label(health: HealthSnapshot) -> str:
    """The health level, or the state of a project that does not go on."""
    if health.facts.goes_on:
        return str(LEVELS[health.level][0])
    return str(STATES[ProjectState(health.facts.state)])


def build_team_page(team: PackTeam) -> Content:
    identity, gate_looks = team.identity, list_gate_looks(team.health)
    title = in_reader_language(identity.title_fr, identity.title_en or identity.title_fr)
    return {
        "format": FORMAT,
        "project": identity.slug,
        "title": short_name(identity),
        "lead": title if identity.acronym == "" else f"{identity.organisation} – {title}",
        "gates": gate_looks,
        "gates_label": describe_gate_looks(gate_looks),
        "parts": [
            _build_health_part(team),
            _build_awaited_decisions_part(team),
            build_open_issues_part(team.severe, team.high, team.health.facts if team.health else None),
            _build_gates_part(team),
            _build_last_activity_part(team),
        ],
    }


def _build_health_part(team: PackTeam) -> ReportPart:
    health = team.health
    if health is None:
        return make_report_part(_("Santé"), says=[_("Rien n’était encore connu de ce projet.")])
    sentences = [health_state_label(health), *_list_ending_sentences(team.identity, health)]
    if health.weather is not None:
        sentences.append(
            _(
                "Météo déclarée par l’équipe le %(day)s : %(outlook)s. %(told)s",
                day=day(clock.day_of(health.weather.at)),
                outlook=lower_first(OUTLOOKS_IN_SHORT[health.weather.outlook]),
                told=health.weather.sentence,
            )
        )
    if health.override is not None and health.override.level is not LeadOpinionLevel.NOTHING:
        sentences.append(
            _(
                "La direction du programme dit : %(level)s, jusqu’au %(until)s. %(text)s",
                level=lower_first(OVERRIDE_LEVELS[health.override.level]),
                until=day(health.override.until),
                text=health.override.text,
            )
        )
    return make_report_part(
        _("Santé"), says=sentences, points=[_describe_signal(signal, health) for signal in health.reasons]
    )


def _list_ending_sentences(identity: ProjectIdentity, health: HealthSnapshot) -> list[str]:
    """Why a project was stopped, and what the team learned."""
    if health.facts.state != ProjectState.STOPPED:
        return []
    sentences = []
    if identity.stop_reason:
        sentences.append(_("Pourquoi le projet s’est arrêté : %(why)s", why=identity.stop_reason))
    if identity.learnings:
        sentences.append(_("Ce que l’équipe a appris : %(what)s", what=identity.learnings))
    return sentences


def _describe_signal(signal: Any, health: HealthSnapshot) -> str:
    """A signal, what would turn it green, since when it is raised, and until when somebody is in charge:
    neither who, nor what they wrote, because a pack names nobody."""
    sentences = [signal_sentence(signal, health), remedy(signal, health)]
    if (since := signal.since(health.day)) is not None:
        level = LEVELS[signal.level(health.day)][0]
        sentences.append(_("%(level)s depuis le %(day)s", level=level, day=day(since)))
    if (charge := health.charge_of(signal)) is not None:
        sentences.append(_("Suivi jusqu’au %(until)s", until=day(charge.until)))
    return ". ".join(text.removesuffix(".") for text in sentences if text)


def _build_awaited_decisions_part(team: PackTeam) -> ReportPart:
    """The decisions that the team awaits, and the gates requested."""
    may_pass_gates = team.health is not None and not team.health.facts.is_over
    points = list(team.awaited)
    points += [
        _(
            "%(gate)s : demandé, attend l’avis de : %(who)s",
            gate=gates.title(gate_state.definition),
            who=_describe_gate_acceptor(gate_state, team.health),
        )
        for gate_state in team.gates
        if may_pass_gates and gate_state.is_requested
    ]
    points += [
        _("%(what)s, depuis le %(day)s", what=str(WAITING_KINDS[code]), day=day(since))
        for code, since in team.waiting
        if code in WAITING_KINDS
    ]
    return make_report_part(_("Décision attendue"), [] if points else [_("Aucune.")], points)


def _describe_gate_acceptor(gate_state: GateSnapshot, health: HealthSnapshot | None) -> str:
    """Who may in fact accept a gate: the coach of which track, or that nobody has that role yet."""
    tracks = health.facts.tracks if health else {}
    names = {key: in_reader_language(track.name_fr, track.name_en) for key, track in tracks.items()}
    who = lower_first(gates.acceptor(gate_state.definition, names))
    terms, vacant = gate_state.definition.terms, health.facts.empty if health else {}
    if terms.acceptor is GateAcceptor.TRACK_COACH and {COACH_ROLE, f"coach:{terms.track}"} & set(vacant):
        return _("%(who)s (personne ne le peut encore)", who=who)
    return who


def _build_gates_part(team: PackTeam) -> ReportPart:
    columns = [_("Jalon"), _("État"), _("Preuves"), _("Attendu")]
    rows = [
        [
            gates.title(gate_state.definition),
            _gate_standing_label(gate_state),
            _count_proofs(gate_state.evaluation),
            gates.due_label(gate_state.definition),
        ]
        for gate_state in team.gates
    ]
    stale = [
        _(
            "G%(n)s est périmé : %(why)s",
            n=gate_state.definition.number,
            why=", ".join(
                gates.staleness_cause(staleness, team.references) for staleness in gate_state.stale
            ),
        )
        for gate_state in team.gates
        if gate_state.stale
    ]
    waived = [
        _("G%(n)s : dispense. %(why)s", n=gate_state.definition.number, why=gate_state.waiver.reason)
        for gate_state in team.gates
        if gate_state.waiver is not None
    ]
    sentences = [f"{gates.progress(sum_progress(team.gates))}."]
    if team.forecast and team.health:
        sentences.append(_describe_last_gate_forecast(team.forecast[-1], team.health.day))
    table = (_("État de chaque jalon"), columns, rows)
    return make_report_part(_("Jalons"), sentences, [*stale, *waived], table)


def _describe_last_gate_forecast(forecast: GateForecast, on: date) -> str:
    """The forecast on a day as a range with its method, never a single date."""
    return _(
        "Jalon G%(n)s attendu %(when)s (%(how)s).",
        n=forecast.number,
        when=expected_date_label(forecast, day, on),
        how=forecast_method(forecast),
    )


def _count_proofs(evaluation: GateResult | None) -> str:
    """How many proofs of a gate are there, for a column named after them."""
    results = evaluation.results if evaluation else ()
    return _("%(n)s sur %(all)s", n=sum(result.is_met for result in results), all=len(results))


def _gate_standing_label(gate_state: GateSnapshot) -> str:
    label = str(gates.STANDINGS[gate_state.standing])
    return _("%(standing)s, demandé", standing=label) if gate_state.is_requested else label


def _build_last_activity_part(team: PackTeam) -> ReportPart:
    points = []
    facts = team.health.facts if team.health else None
    if facts and facts.work.last:
        points.append(_describe_last_sprint(facts.work.last))
    else:
        points.append(_("Aucun sprint n’est clos."))
    if team.demonstration is None:
        points.append(_("Aucune démonstration n’est notée."))
    else:
        points.append(_describe_demonstration(team))
    if facts and facts.tests.last_on:
        points.append(_describe_user_tests(facts.tests))
    else:
        points.append(_("Aucun test avec des utilisateurs."))
    return make_report_part(_("Dernières nouvelles"), points=points)


def _describe_last_sprint(last: Any) -> str:
    sentence = _(
        "Sprint %(n)s, clos le %(day)s : %(outcome)s. %(summary)s",
        n=last.number,
        day=day(last.on),
        outcome=lower_first(OUTCOMES[SprintOutcome(last.outcome)]),
        summary=last.summary,
    )
    if last.blocker in ("", BlockerKind.NONE):
        return sentence
    return _("%(said)s (bloqué : %(what)s)", said=sentence, what=str(BLOCKERS[BlockerKind(last.blocker)]))


def _describe_demonstration(team: PackTeam) -> str:
    demonstration = team.demonstration
    assert demonstration is not None  # noqa: S101  checked by the caller
    outside = ngettext(
        "%(num)s personne extérieure à l’équipe",
        "%(num)s personnes extérieures à l’équipe",
        demonstration.outside,
    )
    sentence = _("Démonstration du %(day)s, devant %(who)s", day=day(demonstration.on), who=outside)
    if demonstration.version is not None:
        sentence = _("%(said)s, version %(n)s", said=sentence, n=demonstration.version)
    return (
        _("%(said)s. Décidé : %(what)s", said=sentence, what=demonstration.decisions)
        if demonstration.decisions
        else f"{sentence}."
    )


def _describe_user_tests(user_tests: Any) -> str:
    sentence = _(
        "Dernière séance avec un utilisateur le %(day)s (série %(round)s, version %(version)s)",
        day=day(user_tests.last_on),
        round=user_tests.round or "—",
        version=user_tests.version or "—",
    )
    if user_tests.primary is None or not user_tests.primary[1]:
        return f"{sentence}."
    share = completion_in_short(compute_completion(*user_tests.primary))
    return _("%(said)s ; tâche principale sans aide : %(share)s.", said=sentence, share=share)
