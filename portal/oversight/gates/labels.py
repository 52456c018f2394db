"""Labels and sentences: gates, their states, decisions, and references to evidence."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from portal.oversight.gates.definition_rules import GateAcceptor, GateDefinition, GateVerb
from portal.oversight.gates.models import PanelOutcome
from portal.oversight.gates.policy import ACCEPTORS
from portal.oversight.gates.predicate_labels import (
    CAUSES,
    DEFAULT_PARAMETERS,
    DEMANDS,
    TURNS,
    UNMET_COUNTS,
    UNMET_REASONS,
)
from portal.oversight.gates.predicate_result_rules import GateThresholds, PredicateResult
from portal.oversight.gates.predicate_rules import GateResult
from portal.oversight.gates.reference_queries import EvidenceReference, References
from portal.oversight.gates.state_rules import GateSnapshot, GateStanding, ProjectGatesProgress, Staleness
from portal.oversight.gates.turn_rules import get_prover_turn
from portal.platform.kernel.text import (
    LazyString,
    in_reader_language,
    lower_first,
    ngettext,
    using_language,
)
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import day

__all__ = ["ACCEPTORS", "CAUSES", "using_language"]

STANDINGS: dict[GateStanding, LazyString] = {
    GateStanding.OPEN: _l("Ouvert"),
    GateStanding.PROVED: _l("Prouvé"),
    GateStanding.REFUSED: _l("Refusé"),
    GateStanding.ACCEPTED: _l("Accepté"),
    GateStanding.STALE: _l("Périmé"),
    GateStanding.WAIVED: _l("Dispensé"),
}
STANDING_KINDS: dict[GateStanding, str | None] = {
    GateStanding.PROVED: "info",
    GateStanding.ACCEPTED: "success",
    GateStanding.STALE: "warning",
    GateStanding.REFUSED: "error",
}
VERBS: dict[GateVerb, LazyString] = {
    GateVerb.DECLARED: _l("Demandé par l’équipe"),
    GateVerb.WITHDRAWN: _l("Demande retirée"),
    GateVerb.ACCEPTED: _l("Accepté"),
    GateVerb.REFUSED: _l("Pas accepté"),
    GateVerb.WAIVED: _l("Dispense"),
    GateVerb.RESTORED: _l("Dispense levée"),
}
OUTCOMES: dict[PanelOutcome, LazyString] = {
    PanelOutcome.CONTINUE: _l("Continuer : l’équipe poursuit le prototype"),
    PanelOutcome.TRANSFER: _l("Transférer : un service le reprend"),
    PanelOutcome.PIVOT: _l("Changer de voie : autre chose est essayé"),
    PanelOutcome.STOP: _l("Arrêter : une issue honorable, dont on garde ce qui a été appris"),
}
# Labels of the thresholds, in the form that changes them.
THRESHOLD_LABELS: dict[str, LazyString] = {
    "team_size": _l("Membres de l’équipe, au moins"),
    "assumptions_ranked": _l("Hypothèses classées, au moins"),
    "interviews_logged": _l("Entretiens notés, au moins"),
    "target_users": _l("Personnes d’un même public visé, au moins"),
    "versions_later": _l("Périmé tant de versions après celle qui a été testée"),
    "days_later": _l("Périmé tant de jours après le dernier test"),
    "rounds_on_versions": _l("Séries de tests, sur autant de versions, au moins"),
}
_REFERENCES: dict[str, LazyString] = {
    "group": _l("public %(n)s"),
    "metric": _l("indicateur %(n)s"),
    "source": _l("source %(n)s"),
    "version": _l("version %(n)s"),
    "protocol": _l("protocole %(n)s"),
    "run": _l("essai %(n)s"),
    "demonstration": _l("démonstration %(n)s"),
    "round": _l("série %(n)s"),
    "finding": _l("constat %(n)s"),
    "sheet": _l("fiche %(n)s"),
    "review": _l("revue %(n)s"),
    "trigger": _l("réexamen %(n)s"),
    "risk": _l("risque %(n)s"),
    "panel": _l("jury %(n)s"),
    "track": _l("volet « %(n)s »"),
}


def name(definition: GateDefinition) -> str:
    """Return the name of a gate in the reader's language."""
    return in_reader_language(definition.name_fr, definition.name_en)


def title(definition: GateDefinition) -> str:
    """Return number and name: « G6 : Testé avec des utilisateurs visés »."""
    return _("G%(n)s : %(name)s", n=definition.number, name=name(definition))


def predicate_demand(predicate: str, thresholds: GateThresholds) -> str:
    """Return the demand of a predicate, with the threshold of a programme."""
    return str(DEMANDS[predicate]) % {"n": thresholds.get(predicate, 0)}


def demand_of_result(result: PredicateResult, thresholds: GateThresholds) -> str:
    """Return what a predicate demands, and that it is missing where it is."""
    what = predicate_demand(result.predicate, thresholds)
    return what if result.code is None else _("Manque : %(what)s", what=what)


def why_unmet(result: PredicateResult, references: References | None = None) -> str:
    """Return why a predicate is not met, "" if it is; what `references` know is named by its
    title."""
    if result.code is None:
        return ""
    parameters: dict[str, Any] = DEFAULT_PARAMETERS | dict(result.parameters)
    for reference in result.references:
        kind, _slash, number = reference.partition("/")
        row = (references or {}).get(reference)
        key = kind if kind in _OWN_PARAMETERS else "number"
        if row and row.title and str(parameters[key]) == number:
            parameters[key] = _quote_title(row.title)
    count_of = UNMET_COUNTS.get(result.code)
    return count_of(int(parameters["n"])) if count_of else str(UNMET_REASONS[result.code]) % parameters


_DESCRIBED = ("review", "trigger", "demonstration", "sheet")  # kinds whose title is ours, not typed by people
_OWN_PARAMETERS = ("protocol", "version")  # kinds whose number has a parameter of that name


def _quote_title(title: str) -> str:
    return _("« %(title)s »", title=title)


def reference_label(reference: str, references: References | None = None) -> str:
    """Return the label of a reference: « série 2 » for "round/2", with its title where it is known;
    "" for an unknown kind."""
    kind, _slash, number = reference.partition("/")
    if kind not in _REFERENCES:
        return ""
    row = (references or {}).get(reference)
    label = str(_REFERENCES[kind]) % {"n": number}
    if not row or not row.title:
        return label
    return f"{label} ({row.title})" if kind in _DESCRIBED else f"{label} {_quote_title(row.title)}"


def noted_by_and_when(row: EvidenceReference) -> str:
    """Return who noted or decided a row and when: « Noté par Léa le 3 mars 2026. »."""
    if row.is_decision:
        return _("Décidé par %(who)s le %(day)s.", who=row.who, day=day(row.at))
    if not row.who:
        return _("Noté le %(day)s.", day=day(row.at))
    return _("Noté par %(who)s le %(day)s.", who=row.who, day=day(row.at))


def missing_proof_count_label(n: int) -> str:
    """Return how many proofs a gate lacks."""
    if not n:
        return _("Rien ne manque.")
    return ngettext("%(num)s preuve manque encore.", "%(num)s preuves manquent encore.", n)


def list_missing_reasons(missing: Sequence[PredicateResult], references: References) -> Sequence[str]:
    """Return why proofs are missing and whose turn it is, a sentence each: what several proofs lack
    is said once, with how many they are."""
    counts = Counter(f"{why_unmet(result, references)} {whose_turn(result)}" for result in missing)
    return [
        sentence
        if count == 1
        else ngettext("%(why)s (%(num)s preuve)", "%(why)s (%(num)s preuves)", count, why=sentence)
        for sentence, count in counts.items()
    ]


def whose_turn(result: PredicateResult) -> str:
    """Return whose turn it is to meet a predicate, "" if it is met."""
    return str(TURNS[get_prover_turn(result.code)]) if result.code else ""


def staleness_cause(stale: Staleness, references: References | None = None) -> str:
    """Return what made an acceptance stale, with what it concerns, by title where `references` know
    it, and since when, where that was looked up."""
    sentence = str(CAUSES[stale.cause])
    if what := ", ".join(filter(None, (reference_label(each, references) for each in stale.references))):
        sentence = _("%(cause)s : %(what)s", cause=sentence, what=what)
    if stale.since is None:
        return sentence
    return _("%(cause)s (depuis le %(day)s)", cause=sentence, day=day(stale.since, "medium"))


def staleness_causes(stale: Sequence[Staleness], references: References | None = None) -> str:
    """Return all causes of a stale acceptance, a sentence each."""
    return ". ".join(staleness_cause(staleness, references) for staleness in stale)


def acceptor(definition: GateDefinition, tracks: Mapping[str, str]) -> str:
    """Return who accepts a gate; `tracks` are the names of the programme's tracks by key."""
    return acceptor_in_edition(definition.terms.acceptor, definition.terms.track, tracks)


def acceptor_in_edition(acceptor: GateAcceptor, track: str, tracks: Mapping[str, str]) -> str:
    """Return who accepts a gate under some edition of its terms: any coach where the track is not
    among the programme's."""
    if acceptor is not GateAcceptor.TRACK_COACH:
        return str(ACCEPTORS[acceptor])
    if track not in tracks:
        return str(ACCEPTORS[GateAcceptor.ANY_COACH])
    return _("Coach du volet « %(track)s »", track=tracks[track])


def acceptor_with_names(definition: GateDefinition, tracks: Mapping[str, str], names: Sequence[str]) -> str:
    """Return who accepts a gate of a project, with the people who may do so now; `tracks` are the
    names of the project's tracks by key."""
    who = acceptor(definition, tracks)
    if not names:
        return _("%(who)s : personne ne le peut encore", who=who)
    return _("%(who)s : %(names)s", who=who, names=", ".join(names))


def list_edition_changes(
    older: GateDefinition, newer: GateDefinition, tracks: Mapping[str, str]
) -> Sequence[str]:
    """Return what an edition of a gate changed, a sentence each; that of one the programme added
    changed nothing."""
    if not older.predicates:
        return [_("ajouté au programme")]
    before, after = older.terms, newer.terms
    pairs = [
        (_("nom"), name(older), name(newer)),
        (_("poids"), before.weight, after.weight),
        (_("mois"), before.month, after.month),
        (_("accepté par"), acceptor(older, tracks), acceptor(newer, tracks)),
        *(
            (str(THRESHOLD_LABELS[key]), before.thresholds[key], after.thresholds[key])
            for key in after.thresholds
            if key in before.thresholds
        ),
    ]
    changes = [
        _("%(what)s : %(old)s → %(new)s", what=what, old=old, new=new)
        for what, old, new in pairs
        if old not in {new, ""}
    ]
    gained = [key for key in newer.predicates if key not in older.predicates]
    lost = [key for key in older.predicates if key not in newer.predicates]
    changes += [_("demande aussi : %(what)s", what=predicate_demand(key, after.thresholds)) for key in gained]
    changes += [
        _("ne demande plus : %(what)s", what=predicate_demand(key, before.thresholds)) for key in lost
    ]
    if older.is_left_out != newer.is_left_out:
        changes.append(_("retiré du programme") if newer.is_left_out else _("remis au programme"))
    if older.rank != newer.rank:
        changes.append(_("changé de place"))
    return changes


def due_label(definition: GateDefinition) -> str:
    """Return when a gate is due, as a month of the support."""
    return _("mois %(n)s", n=definition.terms.month)


def met_count_label(evaluation: GateResult | None) -> str:
    """Return how many predicates of an evaluation are met."""
    results = evaluation.results if evaluation else ()
    met_count = sum(result.is_met for result in results)
    return ngettext("%(num)s preuve sur %(all)s", "%(num)s preuves sur %(all)s", met_count, all=len(results))


def strip_cell_label(state: GateSnapshot) -> str:
    """Return the accessible label of a cell of the strip."""
    label = str(STANDINGS[state.standing])
    if state.is_requested:
        label = _("%(standing)s, demandé", standing=label)
    if state.is_refused and state.answer is not None:
        label = _("%(standing)s : %(why)s", standing=label, why=state.answer.reason)
        return _("%(gate)s : %(standing)s", gate=title(state.definition), standing=label)
    return _("%(gate)s : %(standing)s", gate=title(state.definition), standing=lower_first(label))


def progress(numbers: ProjectGatesProgress, states: Iterable[GateSnapshot] = ()) -> str:
    """Return declared, proved and accepted progress in one line; where more is proved than declared,
    which of the gates `states` the team does not declare although they are proved."""
    line = _("Déclaré %(declared)s %%, prouvé %(proved)s %%, accepté %(accepted)s %%", **numbers.percents)
    if numbers.proved <= numbers.declared:
        return line
    undeclared = [
        _("G%(n)s, refusé", n=state.definition.number) if state.is_refused else f"G{state.definition.number}"
        for state in states
        if state.is_proved and not (state.declared or state.was_accepted or state.waiver)
    ]
    if not undeclared:
        return line
    gates = _(" ; ").join(undeclared)
    return _("%(line)s. Prouvé sans être demandé\u00a0: %(gates)s", line=line, gates=gates)
