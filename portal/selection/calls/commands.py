"""Plan, change and open a call; for leads of the programme."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from portal.people.programmes.models import Programme
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.database import check_version, db, lock_row, reload_row
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import format_day
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.selection.calls import labels, policy, queries
from portal.selection.calls.models import APPEAL_DAYS, NUMBER_MAX, Call, CallCriterion, CallState, TieRule
from portal.selection.calls.rules import (
    CRITERIA_STATES,
    NEXT_STATES,
    PUBLIC_TEXTS,
    read_new_call_defaults,
    weights_sum_to_whole,
)
from portal.selection.calls.section_queries import CallTiles

PLANNED = audit.Action("call.planned", _l("a préparé l’appel %(number)s"))
CHANGED = audit.Action("call.changed", _l("a modifié l’appel %(number)s"))
MOVED = audit.Action("call.moved", _l("a changé l’état de l’appel %(number)s"))
PAGE_OPENED = audit.Action("call.shown", _l("a rendu publique la page de l’appel %(number)s"))
PAGE_CLOSED = audit.Action("call.hidden", _l("a retiré la page publique de l’appel %(number)s"))
CRITERION_CHANGED = audit.Action("call.criterion_changed", _l("a modifié un critère de l’appel %(number)s"))
_UNRECORDED_FIELDS = frozenset(
    {"id", "created_at", "programme_id", "call_id", "shown_by_id", "ranking_due_at", "ranked_at"}
)


@dataclass(frozen=True, kw_only=True)
class CallFacts:
    """What a lead writes of a call; `apply_url` is an http(s) URL or empty."""

    title_fr: str
    title_en: str = ""
    purpose_fr: str = ""
    purpose_en: str = ""
    support_fr: str = ""
    support_en: str = ""
    apply_url: str = ""
    opens_on: date
    closes_on: date
    results_on: date | None = None
    places: int
    scores_needed: int = 3
    load_max: int | None = None
    tie_rule: TieRule | None = None
    checklist: str = ""
    signatory_name: str = ""
    signatory_function: str = ""
    appeal_terms: str = ""
    appeal_days: int = APPEAL_DAYS
    retention_months: int = 24


@dataclass(frozen=True, kw_only=True)
class CriterionFacts:
    """`levels_*` are six texts, from 0 to 5; `minimum_tenths` is tenths of a score, or None."""

    name_fr: str
    name_en: str
    weight: int
    minimum_tenths: int | None
    levels_fr: list[str]
    levels_en: list[str]


def plan_call(actor: Actor, programme: Programme, facts: CallFacts) -> Call:
    """Plan a call with the usual criteria. Raises `RuleBroken` on `closes_on` or `results_on`."""
    require(policy.can_plan(actor, programme), leads_only_sentence())
    _check_dates(facts)
    lock_row(Programme, programme.id)
    number = queries.next_call_number(programme.id)
    if number > NUMBER_MAX:
        raise RuleBroken(None, _("Ce programme a atteint %(n)s appels.", n=NUMBER_MAX))
    call = Call(programme_id=programme.id, number=number, **asdict(facts))
    db.session.add(call)
    db.session.flush()
    for position, entry in enumerate(read_new_call_defaults()["criteria"]):
        db.session.add(_build_default_criterion(call, position, entry))
    record_call_change(actor, PLANNED, call)
    return call


def _build_default_criterion(call: Call, position: int, entry: dict[str, Any]) -> CallCriterion:
    minimum = entry.get("minimum")
    return CallCriterion(
        call_id=call.id,
        position=position,
        minimum_tenths=None if minimum is None else round(10 * minimum),
        **{name: entry[name] for name in ("key", "weight", "name_fr", "name_en", "levels_fr", "levels_en")},
    )


def change_call(actor: Actor, call: Call, facts: CallFacts, version: int) -> None:
    """Change a call. What jurors rely on is fixed once they may score.

    Raises `RuleBroken` on a date, `tie_rule` or `scores_needed`; `Conflict`.
    """
    lock_call(actor, call, version)
    _check_dates(facts)
    _require_unpublished(call)
    if call.state not in CRITERIA_STATES:
        for name in ("tie_rule", "scores_needed", "places", "checklist"):
            if getattr(facts, name) != getattr(call, name):
                raise RuleBroken(name, _("Fixé avant l’examen par le jury : cela ne change plus."))
    for name, value in asdict(facts).items():
        setattr(call, name, value)
    record_call_change(actor, CHANGED, call)


def _check_dates(facts: CallFacts) -> None:
    if facts.closes_on < facts.opens_on:
        raise RuleBroken("closes_on", _("La clôture vient après l’ouverture."))
    if facts.results_on is not None and facts.results_on < facts.closes_on:
        raise RuleBroken("results_on", _("Les résultats viennent après la clôture."))


def change_criterion(
    actor: Actor, call: Call, criterion: CallCriterion, facts: CriterionFacts, version: int
) -> None:
    """Change a criterion until jurors may score; `version` is the call's.

    Raises `TooLate`, `Conflict`.
    """
    lock_call(actor, call, version)
    _require_criteria_open(call)
    for name, value in asdict(facts).items():
        setattr(criterion, name, value)
    changes = audit.changes_of(criterion, leave_out=_UNRECORDED_FIELDS | {"levels_fr", "levels_en"})
    call.version += 1  # so that two leads who change criteria are told of each other
    audit.record(
        actor,
        CRITERION_CHANGED,
        call,
        scope_id=call.programme_id,
        facts=call_audit_facts(call),
        changes=changes,
    )


def move_call_to_state(
    actor: Actor, call: Call, state: CallState, version: int, *, knowingly: bool = False
) -> None:
    """Bring a call to its next state. Raises `RuleBroken` where something is missing, and on `knowingly`
    for what the lead has to confirm; `Conflict`."""
    lock_call(actor, call, version)
    if state not in NEXT_STATES[call.state]:
        raise RuleBroken(None, _("L’état de l’appel a changé entre-temps. Rouvrez la page."))
    if state is CallState.OPEN:
        _require_weights_sum(call)
    if state is CallState.IN_REVIEW:
        _require_weights_sum(call)
        if call.tie_rule is None:
            sentence = _("Choisissez d’abord ce qui départage les ex æquo : cela se fixe avant les notes.")
            raise RuleBroken(None, sentence)
    if not knowingly and (consequences := list_move_consequences(actor, call, state)):
        raise RuleBroken("knowingly", " ".join(consequences))
    call.state = state
    record_call_change(actor, MOVED, call)


def list_move_consequences(actor: Actor, call: Call, state: CallState) -> Sequence[str]:
    """What it means that a call comes to a state; nothing where nobody need confirm it."""
    today = clock.today()
    if state is CallState.OPEN:
        return _list_opening_consequences(call)
    if state is CallState.CLOSED and call.closes_on > today:
        day = format_day(call.closes_on)
        return [
            _("Sa clôture est annoncée au %(day)s : il se clorait aujourd’hui.", day=day),
            _("Vous pourrez le rouvrir tant que l’examen n’est pas confié au jury."),
        ]
    if state is CallState.DRAFT:
        return [
            _("On n’y dépose plus, et rien ne s’y importe ni ne s’y saisit tant qu’il n’est pas rouvert."),
            _("Sa page publique disparaît.") if call.shown_at else _("Sa page n’est pas publique."),
            _("Les candidatures reçues restent."),
        ]
    if state is CallState.DELIBERATED:
        sources = list_contributions(CallTiles)
        undone = [each for source in sources for each in source.list_undone(actor, call)]
        return [*undone, _("Vous pourrez la rouvrir tant que rien n’est publié.")] if undone else []
    return []


def _list_opening_consequences(call: Call) -> Sequence[str]:
    is_early = call.opens_on > clock.today()
    missing = [name for _field, name in labels.list_missing_for_opening(call)]
    if not is_early and (not missing or call.state is not CallState.DRAFT):
        return []
    day = format_day(call.opens_on)
    weights = labels.wrong_weight_sum_sentence(call, queries.list_criteria(call))
    if missing:
        lacks = _("Il manque : %(what)s.", what=", ".join(missing))
    else:
        lacks = "" if weights else _("Rien ne manque.")
    sentences = [
        _("Son ouverture est prévue le %(day)s : il s’ouvrirait aujourd’hui.", day=day) if is_early else "",
        _("Sa page publique paraît aussitôt.") if call.shown_at else _("Sa page n’est pas publique."),
        lacks,
        weights,
    ]
    return [sentence for sentence in sentences if sentence]


def _require_weights_sum(call: Call) -> None:
    weights = [criterion.weight for criterion in queries.list_criteria(call)]
    if not weights_sum_to_whole(weights):
        raise RuleBroken(None, _("Les poids des critères font %(n)s, et non 100.", n=sum(weights)))


def publish_call_page(actor: Actor, call: Call, version: int) -> None:
    """Make its page public. Raises `RuleBroken` without a purpose in both languages."""
    lock_call(actor, call, version)
    if not all(getattr(call, name) for name in PUBLIC_TEXTS):
        sentence = _("Il manque le titre ou l’objet dans une des deux langues.")
        raise RuleBroken(None, sentence)
    call.shown_at, call.shown_by_id = clock.now(), actor.person_id
    record_call_change(actor, PAGE_OPENED, call)


def hide_call_page(actor: Actor, call: Call, version: int) -> None:
    """Take its public page away."""
    lock_call(actor, call, version)
    call.shown_at = call.shown_by_id = None
    record_call_change(actor, PAGE_CLOSED, call)


def require_lead(actor: Actor, call: Call) -> None:
    """Raise `NotAllowed` to all but the programme's leads."""
    require(policy.leads_call(actor, call), leads_only_sentence())


def leads_only_sentence() -> str:
    return _("Seule la direction du programme mène un appel. Rien n’a été changé.")


def lock_call(actor: Actor, call: Call, version: int | None = None) -> None:
    """Lock a call for its leads. Raises `NotAllowed`, `Conflict`."""
    require_lead(actor, call)
    lock_row(Call, call.id)
    reload_row(call)
    if version is not None:
        check_version(call, version)


def _require_criteria_open(call: Call) -> None:
    if call.state not in CRITERIA_STATES:
        sentence = _("Le jury examine déjà les candidatures : les critères ne changent plus.")
        raise TooLate(sentence, call_path(call))


def require_may_change_call(actor: Actor, call: Call) -> None:
    """Raise `NotAllowed`, or `TooLate` once its results are published."""
    require_lead(actor, call)
    _require_unpublished(call)


def _require_unpublished(call: Call) -> None:
    if call.state is CallState.PUBLISHED:
        raise TooLate(_("Les résultats sont publiés : l’appel ne change plus."), call_path(call))


def require_may_change_criteria(actor: Actor, call: Call) -> None:
    """Raise `NotAllowed`, or `TooLate` once jurors may score."""
    require_lead(actor, call)
    _require_criteria_open(call)


def call_path(call: Call) -> str:
    """The path of a call's page, by its id: the address that names the programme is a redirect."""
    return f"/calls/{call.id}"


def call_audit_facts(call: Call) -> dict[str, Any]:
    return {"number": call.number, "path": call_path(call)}


def record_call_change(actor: Actor | None, action: audit.Action, call: Call) -> None:
    """Record what changed in a call, in the feed of its programme."""
    changes = audit.changes_of(call, leave_out=_UNRECORDED_FIELDS)
    audit.record(
        actor, action, call, scope_id=call.programme_id, facts=call_audit_facts(call), changes=changes
    )
