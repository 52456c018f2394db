"""Pages of calls: their list, one call, its criteria and its states."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import format_day
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.confirmation import ConfirmationQuestion, ask_confirmation
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import redirect_to, render
from portal.platform.web.writes import VersionedButtonForm, write, write_page
from portal.selection.calls import commands, labels, policy, queries, section_queries
from portal.selection.calls.forms import (
    ChangeCallForm,
    ChangeCallStateForm,
    ChangeCriterionForm,
    PlanCallForm,
)
from portal.selection.calls.models import KEY_MAX, NUMBER_MAX, Call, CallCriterion, CallState
from portal.selection.calls.rules import CRITERIA_STATES, NEXT_STATES, opens_soon

bp = Blueprint("calls", __name__)
INDEX_RULE = "/programmes/<slug>/calls"
CALL_RULE = f"{INDEX_RULE}/<int(max={NUMBER_MAX}):call>"
KEY_RULE = f"/criteria/<string(maxlength={KEY_MAX}):key>"
_BESIDE = (
    ("title_fr", "title_en"),
    ("opens_on", "closes_on", "results_on"),
    ("scores_needed", "load_max"),
    ("signatory_name", "signatory_function"),
    ("appeal_days", "retention_months"),
)
_LATER = (  # what a call needs only once it opens, or has a usual value of
    *("scores_needed", "load_max", "tie_rule", "checklist", "purpose_fr", "purpose_en", "support_fr"),
    *("support_en", "apply_url", "signatory_name", "signatory_function", "appeal_terms", "appeal_days"),
    "retention_months",
)


@bp.get("/calls")
def everywhere() -> Response:
    """List the calls of all programmes, or show the only one."""
    calls = queries.list_calls(actor)
    if len(calls) == 1:
        return redirect_to(".page", slug=calls[0][1].slug, call=calls[0][0].number)
    return _render_index(calls, None)


@bp.get("/calls/<uuid:call_id>")
def redirect_to_call(call_id: UUID) -> Response:
    """Redirect to a call, for links from feeds."""
    for call, programme in queries.list_calls(actor):
        if call.id == call_id:
            return redirect_to(".page", slug=programme.slug, call=call.number)
    raise NotFound


@bp.get(INDEX_RULE)
def index(slug: str) -> Response:
    programme = queries.get_led_programme(actor, slug)
    return _render_index(queries.list_calls(actor, programme), programme)


def _render_index(calls: Any, programme: Programme | None) -> Response:
    return render("selection/calls/index.html", calls=calls, programme=programme, labels=labels)


@bp.get(CALL_RULE)
def page(slug: str, call: int) -> Response:
    return _show_call(slug, call)


def _show_call(slug: str, number: int, status: int = 200, form: Form | None = None) -> Response:
    """A call's page; `form` is its button that was refused."""
    programme, call = queries.get_programme_and_led_call(actor, slug, number)
    criteria = queries.list_criteria(call)
    contributions = list_contributions(section_queries.CallTiles)
    return render(
        "selection/calls/page.html",
        status=status,
        programme=programme,
        call=call,
        criteria=criteria,
        can_change=call.state is not CallState.PUBLISHED,
        can_change_criteria=call.state in CRITERIA_STATES,
        next_states=NEXT_STATES[call.state],
        opens_soon=opens_soon(call, clock.today()),
        tiles=[tile for each in contributions for tile in each.list_tiles(actor, programme, call)],
        notes=[note for each in contributions for note in each.list_notes(actor, call)],
        acts=[act for each in contributions for act in each.list_acts(actor, programme, call)],
        moves_early=call.state is CallState.OPEN and clock.today() <= call.closes_on,
        form=form,
        labels=labels,
    )


def trail_of_call(programme: Programme, call: Call | None = None) -> list[tuple[str, str]]:
    """The breadcrumb of pages below a call's."""
    steps = [(_("Appels"), url_for("calls.index", slug=programme.slug))]
    if call is not None:
        steps.append((call.title, url_for("calls.page", slug=programme.slug, call=call.number)))
    return steps


@bp.route(f"{INDEX_RULE}/new", methods=["GET", "POST"])
def plan(slug: str) -> Response:
    programme = queries.get_led_programme(actor, slug)
    form = make_form(PlanCallForm)
    form_page = FormPage(
        title=_("Préparer un appel"),
        lead=programme.name,
        trail=trail_of_call(programme),
        step=_("Préparer"),
        beside=_BESIDE,
        later=_LATER,
        later_says=_("jury, éligibilité, textes publics, dépôt, lettres et recours"),
        advice=(
            _("L’appel commence avec les cinq critères de 2018 et leurs mots : vous les changez ensuite."),
            _("Rien n’est public tant que vous ne le décidez pas."),
        ),
    )
    return write_page(
        form_page,
        form,
        lambda _values: commands.plan_call(actor, programme, form.facts()),
        message=_("Appel préparé. Relisez ses critères."),
        to=lambda call: url_for(".page", slug=slug, call=call.number),
        permission=policy.can_plan(actor, programme),
    )


@bp.route(f"{CALL_RULE}/edit", methods=["GET", "POST"])
def change(slug: str, call: int) -> Response:
    programme, row = queries.get_programme_and_led_call(actor, slug, call)
    if request.method in SAFE_METHODS:
        commands.require_may_change_call(actor, row)
    form = make_form(ChangeCallForm, obj=row)
    form_page = FormPage(
        title=_("Modifier l’appel"),
        trail=trail_of_call(programme, row),
        step=_("Modifier"),
        beside=_BESIDE,
        later=_LATER,
        later_says=_("jury, éligibilité, textes publics, dépôt, lettres et recours"),
    )
    return write_page(
        form_page,
        form,
        lambda values: commands.change_call(actor, row, form.facts(), values["version"]),
        message=_("Appel enregistré."),
        stored=row,
    )


@bp.route(CALL_RULE + KEY_RULE, methods=["GET", "POST"])
def change_criterion(slug: str, call: int, key: str) -> Response:
    programme, row = queries.get_programme_and_led_call(actor, slug, call)
    criterion_row = queries.get_criterion(row, key)
    if request.method in SAFE_METHODS:
        commands.require_may_change_criteria(actor, row)
    stored = _criterion_form_values(row, criterion_row)
    form = make_form(ChangeCriterionForm, obj=stored)
    form_page = FormPage(
        title=_("Modifier le critère « %(name)s »", name=criterion_row.name),
        trail=trail_of_call(programme, row),
        step=_("Critère"),
        beside=(("name_fr", "name_en"), ("weight", "minimum")),
        advice=(_("Chaque juré lit les mêmes mots devant chaque note : les notes se comparent."),),
    )
    return write_page(
        form_page,
        form,
        lambda values: commands.change_criterion(actor, row, criterion_row, form.facts(), values["version"]),
        message=_("Critère enregistré."),
        stored=stored,
    )


def _criterion_form_values(call: Call, row: CallCriterion) -> SimpleNamespace:
    """A criterion as its form shows it."""
    return SimpleNamespace(
        name_fr=row.name_fr,
        name_en=row.name_en,
        weight=row.weight,
        minimum=row.minimum,
        levels_fr="\n".join(row.levels_fr),
        levels_en="\n".join(row.levels_en),
        version=call.version,
    )


@bp.post(f"{CALL_RULE}/state")
def move_to_state(slug: str, call: int) -> Response:
    _programme, row = queries.get_programme_and_led_call(actor, slug, call)
    form = ChangeCallStateForm()
    question = None if form.confirmed.data else _find_move_question(slug, row, form.state.data)
    if question is not None:
        return ask_confirmation(question, form)
    return write(
        form,
        lambda values: commands.move_call_to_state(
            actor, row, values["state"], values["version"], knowingly=bool(values["confirmed"])
        ),
        message=lambda _result: str(labels.MOVE_MESSAGES[row.state]),
        to=url_for(".page", slug=slug, call=call),
        page=lambda status: _show_call(slug, call, status, form),
        stored=row,
    )


def _find_move_question(slug: str, call: Call, state: CallState | None) -> ConfirmationQuestion | None:
    """What a lead is asked before the call comes to a state ahead of its day, or with something undone."""
    if state is None or state not in NEXT_STATES[call.state]:
        return None
    consequences = commands.list_move_consequences(actor, call, state)
    if not consequences:
        return None
    texts = {"means": consequences, **_build_question_place(slug, call, state)}
    if state is CallState.OPEN:
        edit = _("Modifier l’appel"), url_for(".change", slug=slug, call=call.number)
        return ConfirmationQuestion(
            title=_("Ouvrir l’appel avant le %(day)s ?", day=format_day(call.opens_on))
            if call.opens_on > clock.today()
            else _("Ouvrir l’appel sans ce qui lui manque ?"),
            yes=_("Ouvrir aujourd’hui"),
            no=_("Ne pas l’ouvrir"),
            links=[edit],
            **texts,
        )
    if state is CallState.CLOSED:
        return ConfirmationQuestion(
            title=_("Clore l’appel avant le %(day)s ?", day=format_day(call.closes_on)),
            yes=_("Clore aujourd’hui"),
            no=_("Ne pas le clore"),
            **texts,
        )
    if state is CallState.DRAFT:
        return ConfirmationQuestion(
            title=_("Ramener l’appel à la préparation ?"),
            yes=_("Revenir à la préparation"),
            no=_("Le laisser ouvert"),
            **texts,
        )
    return ConfirmationQuestion(
        title=_("Clore la délibération avant d’avoir tout décidé ?"),
        yes=_("Clore la délibération"),
        no=_("Ne pas la clore"),
        **texts,
    )


def _build_question_place(slug: str, call: Call, state: CallState) -> dict[str, Any]:
    return {
        "lead": call.title,
        "step": labels.move_label(call, state),
        "place": call.title,
        "back": url_for(".page", slug=slug, call=call.number),
        "sent": [("state", state.value)],
    }


@bp.post(f"{CALL_RULE}/<any(show, hide):verb>")
def show_or_hide_public_page(slug: str, call: int, verb: str) -> Response:
    """Make the page of a call public, or take it away."""
    _programme, row = queries.get_programme_and_led_call(actor, slug, call)
    form = VersionedButtonForm()
    command = commands.publish_call_page if verb == "show" else commands.hide_call_page
    return write(
        form,
        lambda values: command(actor, row, values["version"]),
        message=_("La page de l’appel est publique.")
        if verb == "show"
        else _("La page n’est plus publique."),
        to=url_for(".page", slug=slug, call=call),
        page=lambda status: _show_call(slug, call, status, form),
        stored=row,
    )
