"""Asking for help on any day: the request that a close makes too.

A request belongs to a sprint. A team that has planned none yet, or whose request somebody has, puts a
question to its coaches, or to the programme's lead: it counts as help too.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, request, url_for

from portal.coaching.clinics.forms import HelpQuestionForm, HelpRequestFields, HelpRequestForm
from portal.coaching.clinics.labels import describe_next_step
from portal.coaching.clinics.queries import (
    HelpRequest,
    get_request,
    list_project_requests,
    make_withdrawn_error,
)
from portal.coaching.clinics.request_commands import request_help, withdraw_help
from portal.oversight.decisions import labels as decision_labels
from portal.oversight.decisions.awaited_queries import OpenHelpQuestion, list_open_help_questions
from portal.oversight.decisions.commands import DecisionFacts, ask_decision
from portal.oversight.decisions.help_labels import describe_blocker
from portal.oversight.decisions.models import AwaitedDecision, DecisionAddressee
from portal.oversight.decisions.page_views import decision_url
from portal.platform.kernel import clock
from portal.platform.kernel.errors import Overtaken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import EntryAboveForm, FormPage, FormPageLink, make_form
from portal.platform.web.writes import write_page
from portal.project.projects.models import Project
from portal.project.projects.queries import list_coaches
from portal.project.projects.workspace_views import build_trail, get_writable_project
from portal.sprints.sprints import closing_labels
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.queries import find_last_closed_sprint, find_sprint_for_help, get_sprint


class _SprintRequest(HelpRequest):
    """A request as its form reads it: the version is that of its sprint."""

    @property
    def version(self) -> int:
        return self.sprint.version


bp = Blueprint("help", __name__, url_prefix="/projects/<slug>/help")


@bp.route("", methods=["GET", "POST"])
def ask(slug: str) -> Response:
    """The request waits among what is to decide until somebody takes it."""
    project = get_writable_project(slug)
    sprint = find_sprint_for_help(project)
    names = ", ".join(holder.person.name for holder in list_coaches(project))
    form_page = FormPage(
        title=_("Demander de l’aide"),
        lead=_("À vos coachs : %(names)s.", names=names) if names else _("À la direction du programme."),
        trail=build_trail(project),
        step=_("Demander de l’aide"),
        yes=_("Envoyer"),
        advice=(
            _("Vos coachs et la direction sont prévenus aussitôt, et votre demande attend chez eux.")
            if names
            else _("La direction est prévenue aussitôt, et votre demande attend chez elle."),
            _("Elle attend jusqu’à ce qu’elle soit close. Vous en voyez la suite sur sa page."),
        ),
    )
    if sprint is None:
        why = _("Sans sprint encore, votre demande part comme une question : la réponse se lit sur sa page.")
        return _ask_help_by_question(project, form_page, why, (), has_coaches=bool(names))
    open_request = get_request(actor, project, sprint.number) if sprint.has_open_request else None
    if open_request and open_request.clinic and not _sends_again(sprint):
        entry = _describe_request(open_request)
        why = _("Celle-ci part à part, comme une question : la réponse se lit sur sa page.")
        entries = (entry, *_list_requests_of_other_sprints(project, sprint))
        return _ask_help_by_question(project, form_page, why, entries, has_coaches=bool(names))
    return _ask_help_in_sprint(project, sprint, form_page, has_coaches=bool(names))


def _completes() -> bool:
    """Whether what is sent is to complete a request: its form may be older than who took that."""
    return "version" in request.form


def _sends_again(sprint: Sprint) -> bool:
    """Whether such a form withdraws the request that somebody took, or has its words: no other need."""
    if not _completes():
        return False
    sent = make_form(HelpRequestForm)
    words = sent.blocker_text.data, sent.blocker.data
    return bool(sent.withdraw.data) or words == (sprint.request_text, sprint.request_blocker)


def _ask_help_in_sprint(
    project: Project, sprint: Sprint, form_page: FormPage, *, has_coaches: bool
) -> Response:
    """Make the request of a sprint; where one is open, complete it, or withdraw it while nobody has it."""
    help_request = _SprintRequest(sprint, project, clinic=None, taken_by=None)
    others = _list_other_entries(project, sprint)
    if others:
        form_page = replace(form_page, **_build_entries_context(others))
    if sprint.has_open_request:
        help_request = _SprintRequest(**vars(get_request(actor, project, sprint.number)))
        form_page = replace(form_page, **_build_waiting_context(help_request, others))
        form = make_form(HelpRequestForm, obj=help_request)
    else:
        proposed = closing_labels.propose_help_values(sprint, find_last_closed_sprint(project))
        form = make_form(HelpRequestForm, version=sprint.version, **proposed)
    _say_who_answers(form, has_coaches=has_coaches)
    _take_as_unseen(form)
    shown_number = form.refresh_sprint(sprint.number)
    is_withdrawn = form.withdraw.data
    if not is_withdrawn and (help_request.clinic or not sprint.has_open_request):
        del form.withdraw

    def send(values: dict[str, Any]) -> Sprint:
        if is_withdrawn:
            shown = get_sprint(actor, project, shown_number) if shown_number else sprint
            return withdraw_help(actor, project, shown, seen_version=values["version"])
        if shown_number not in {None, sprint.number}:
            raise Overtaken(
                _("Entre-temps, une autre demande a pris sa place\u00a0: relisez, puis renvoyez.")
            )
        return request_help(
            actor,
            project,
            sprint,
            values["blocker"],
            values["blocker_text"],
            expected_version=values["version"],
        )

    return write_page(
        form_page,
        form,
        send,
        message=_("Votre demande est retirée.")
        if is_withdrawn
        else _("Votre demande est complétée.")
        if sprint.has_open_request
        else _("Votre demande est envoyée."),
        to=form_page.back
        if is_withdrawn
        else lambda row: url_for("clinics.page", slug=project.slug, number=row.number),
        stored=help_request,
    )


def _build_waiting_context(help_request: HelpRequest, others: Sequence[EntryAboveForm]) -> dict[str, Any]:
    """What the page says once a request is open: since when, who has it, and its day; then the others."""
    sentence = _("Ce que vous changez ci-dessous la complète.")
    entry = _describe_request(help_request, "" if help_request.clinic else sentence)
    title = _("Votre demande est en cours") if help_request.clinic else _("Votre demande attend")
    if others:
        title = _count_open_requests(1 + len(others))
    return {
        "entries_title": title,
        "entries": (entry, *others),
        "yes": _("Compléter la demande"),
    }


def _describe_request(help_request: HelpRequest, sentence: str = "") -> EntryAboveForm:
    """The request of a sprint: since when it is open, where it is followed, who has it and its day."""
    page = url_for("clinics.page", slug=help_request.project.slug, number=help_request.sprint.number)
    since = closing_labels.short_day(clock.day_of(help_request.requested_at))
    sent = _("Envoyée le %(day)s, sprint %(number)s.", day=since, number=help_request.sprint.number)
    links = [FormPageLink(_("Voir où elle en est"), page)]
    if help_request.clinic:
        stays = _("%(who)s l’a prise : elle reste jusqu’à sa clôture.", who=help_request.taken_by)
        links.append(FormPageLink(stays, ""))
    return EntryAboveForm(f"{sent} {sentence}".strip(), links, describe_next_step(help_request))


def _ask_help_by_question(
    project: Project,
    form_page: FormPage,
    why: str,
    entries: Sequence[EntryAboveForm],
    *,
    has_coaches: bool,
) -> Response:
    """The same fields and words, put as a question, for the reason said. Each is of who asks it; those that
    wait are shown above, after the entries given, each with its page, where it is changed or withdrawn."""
    addressee = DecisionAddressee.COACH if has_coaches else DecisionAddressee.LEAD
    waiting = list_open_help_questions(project)
    form_page = replace(
        form_page,
        advice=(form_page.advice[0], why),
        **_build_entries_context([*entries, *_list_question_entries(project, waiting)]),
    )
    form = make_form(HelpQuestionForm)
    _say_who_answers(form, has_coaches=has_coaches)

    def send(values: dict[str, Any]) -> AwaitedDecision:
        if "withdraw" in request.form and not entries:
            raise make_withdrawn_error(project)
        if _completes() and entries:  # a coach has what the form completed
            raise Overtaken(_("Un coach vient de prendre votre demande\u00a0: renvoyez ceci, à part."))
        described, text = describe_blocker(values["blocker"]), values["blocker_text"]
        for row in (question.row for question in waiting):
            if row.asked_by_id == actor.person_id and (row.question, row.why) == (text, described):
                return row  # sent twice
        facts = DecisionFacts(question=text, why=described, addressee=addressee)
        return ask_decision(actor, project, facts, asks_for_help=True)

    return write_page(
        form_page,
        form,
        send,
        message=_("Votre demande est envoyée."),
        to=lambda row: decision_url(project, row.number),
    )


def _say_who_answers(form: HelpRequestFields, *, has_coaches: bool) -> None:
    """The hint promises a coach only where there is one."""
    if not has_coaches:
        form.blocker_text.description = _("Une ou deux phrases suffisent.")


def _take_as_unseen(form: HelpRequestForm) -> bool:
    """Whether the form was sent from a page that showed no request yet: what waits by now is then shown
    beside it, as after a stale edit."""
    if form.version.data is not None:
        return False
    form.version.data = 0
    return True


def _list_other_entries(project: Project, sprint: Sprint) -> Sequence[EntryAboveForm]:
    """What is open beside the request of a sprint: those of other sprints, and those put as questions."""
    questions = _list_question_entries(project, list_open_help_questions(project))
    return [*_list_requests_of_other_sprints(project, sprint), *questions]


def _list_requests_of_other_sprints(project: Project, sprint: Sprint) -> Sequence[EntryAboveForm]:
    """The open requests of other sprints, unless they lapsed."""
    last = find_last_closed_sprint(project)
    entries = []
    for help_request in list_project_requests(actor, project):
        asked_in = help_request.sprint
        has_lapsed = help_request.clinic is None and last is not None and asked_in.number < last.number
        if asked_in.number != sprint.number and asked_in.has_open_request and not has_lapsed:
            entries.append(_describe_request(help_request))
    return entries


def _list_question_entries(project: Project, waiting: Sequence[OpenHelpQuestion]) -> Sequence[EntryAboveForm]:
    """The requests that wait, put as questions: who asks what, since when, who has it, and where it is."""
    entries = []
    for question in waiting:
        row = question.row
        since = closing_labels.short_day(clock.day_of(row.created_at))
        links = [FormPageLink(_("Voir où elle en est"), decision_url(project, row.number))]
        sentence = _("Envoyée le %(day)s par %(name)s.", day=since, name=question.asked_by or "—")
        next_step = decision_labels.describe_next_step(row, question.owner)
        entries.append(EntryAboveForm(row.question, links, f"{sentence} {next_step}"))
    return entries


def _build_entries_context(entries: Sequence[EntryAboveForm]) -> dict[str, Any]:
    """What the page says of the requests that wait, above a form that makes another."""
    if not entries:
        return {}
    title = _count_open_requests(len(entries))
    return {"entries_title": title, "entries": tuple(entries), "yes": _("Envoyer une autre demande")}


def _count_open_requests(count: int) -> str:
    return ngettext("%(num)s demande est ouverte", "%(num)s demandes sont ouvertes", count)
