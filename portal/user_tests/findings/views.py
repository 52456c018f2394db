"""Findings: the list, the form of a new one, the page of one with its history."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, Response, request, url_for

from portal.people.accounts.queries import read_person_names
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import render
from portal.platform.web.writes import write, write_page
from portal.project.projects.queries import get_project, list_team_choices
from portal.project.projects.rereview_queries import add_opened_rereviews
from portal.project.projects.revision_queries import AuditRevision, list_revisions
from portal.project.projects.workspace_views import (
    count_files_by_row,
    get_writable_project,
    load_project_and_row,
    load_project_and_row_to_write,
)
from portal.sprints.sprints.queries import find_active_sprint
from portal.user_tests.findings import commands, labels, policy, queries
from portal.user_tests.findings.filter_schemas import read_filters
from portal.user_tests.findings.forms import EditFindingForm, NewFindingForm, RateForm, parse_severity
from portal.user_tests.findings.list_queries import FindingFilters, read_findings_page
from portal.user_tests.findings.models import Finding
from portal.user_tests.findings.page_views import (
    FINDING_PATH,
    build_finding_path,
    build_finding_trail,
    show_finding,
    show_refused_page,
)
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.queries import list_tasks

bp = Blueprint("findings", __name__, url_prefix="/projects/<slug>/findings")


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    people, rounds = list_team_choices(project), queries.list_rounds_with_versions(actor, project)
    numbers = [round_.number for round_, _version in rounds]
    filters, ignored = read_filters(request.args, [id_ for id_, _name in people], numbers)
    listing = read_findings_page(actor, project, filters)

    def url_of(page_filters: FindingFilters) -> str:
        return url_for(".index", slug=slug, **page_filters.query)

    return render(
        "user_tests/findings/index.html",
        fragment="list",
        project=project,
        filters=filters,
        ignored=ignored,
        listing=listing,
        next_url=url_of(filters.starting_after(listing.next)) if listing.next else "",
        first_url=url_of(filters.starting_after("")) if filters.after else "",
        people=people,
        rounds=rounds,
        file_counts=count_files_by_row([line.finding for line in listing.lines]),
        can_write=policy.can_write(actor, project),
        labels=labels,
    )


@bp.get(FINDING_PATH)
def page(slug: str, number: int) -> Response:
    return show_finding(*load_project_and_row(slug, number, queries.read_finding))


@bp.route("/new", methods=["GET", "POST"])
def add(slug: str) -> Response:
    """Note a finding; its sightings and severity are optional. Leads back to the session that
    linked here."""
    project = get_writable_project(slug)
    rounds = queries.list_rounds_with_versions(actor, project)
    selected_round = _find_selected_round([round_ for round_, _version in rounds])
    form = make_form(NewFindingForm, list_team_choices(project), owner="", severity="")
    session, task = _offer_tasks_and_sessions(form, selected_round) if selected_round else (None, None)
    back = _build_session_url(slug, session, task)

    def show_page(status: int = 200) -> Response:
        return render(
            "user_tests/findings/note.html",
            fragment="form",
            status=status,
            project=project,
            trail=build_finding_trail(project),
            back=back or url_for(".index", slug=slug),
            rounds=rounds,
            selected_round=selected_round,
            seen_in=(f"P{session}", task) if session else None,
            form=form,
        )

    if selected_round is None or request.method in SAFE_METHODS:
        return show_page()

    def next_path(finding: Finding) -> str:
        if request.form.get("then") == "another":
            return url_for(".add", slug=slug, round=selected_round.number, session=session)
        return back or build_finding_path(project, finding.number)

    return write(
        form,
        lambda values: commands.note_finding(
            actor,
            project,
            selected_round,
            form.facts(),
            tasks=form.selected_tasks(),
            sessions=form.selected_sessions(),
            knowingly=values["knowingly"],
        ),
        message=lambda finding: add_opened_rereviews(_("Constat %(n)s noté.", n=finding.number), project),
        to=next_path,
        page=show_page,
    )


def _find_selected_round(rounds: Sequence[TestRound]) -> TestRound | None:
    """Return the round that the query string names, or the latest."""
    number = request.args.get("round", type=int)
    named = [round_ for round_ in rounds if round_.number == number]
    return next(iter(named or rounds), None)


def _offer_tasks_and_sessions(form: NewFindingForm, round_: TestRound) -> tuple[int | None, int | None]:
    """Offer the round's tasks and sessions; select and return those of the query string."""
    form.set_choices(list_tasks(round_), queries.list_counted_sessions(round_))
    session, task = (request.args.get(name, type=int) for name in ("session", "task"))
    session = session if session in form.known_sessions else None
    task = task if task in form.known_tasks else None
    if request.method in SAFE_METHODS:
        form.sessions.data = [session] if session else []
        form.tasks.data = [task] if task else []
    return session, task


def _build_session_url(slug: str, session: int | None, task: int | None) -> str:
    """Return the address of a task in the session that linked here; "" without one."""
    if session is None:
        return ""
    anchor = f"t{task}" if task else None
    return url_for("test_sessions.page", slug=slug, number=session, _anchor=anchor)


@bp.route(f"{FINDING_PATH}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project, details = load_project_and_row_to_write(slug, number, queries.read_finding)
    finding = details.finding
    people = list_team_choices(project)
    if finding.owner_id and finding.owner_id not in dict(people):
        people.append((finding.owner_id, _("%(name)s, qui a quitté l’équipe", name=details.owner)))
    form = make_form(EditFindingForm, people, obj=finding)
    form_page = FormPage(
        title=_("Modifier le constat %(n)s", n=number),
        trail=build_finding_trail(project, number),
        step=_("Modifier"),
        folded=("knowingly",),
        advice=(
            _("Décrivez ce que fait le prototype, jamais la personne qui l’essayait."),
            _("La gravité tient compte de la fréquence, de l’effet et de la persistance."),
        ),
    )

    return write_page(
        form_page,
        form,
        lambda values: commands.change_finding(
            actor, project, finding, form.facts(), values["version"], knowingly=values["knowingly"]
        ),
        message=lambda _result: add_opened_rereviews(_("Constat enregistré."), project),
        stored=finding,
    )


@bp.get(f"{FINDING_PATH}/history")
def history(slug: str, number: int) -> Response:
    project, finding = load_project_and_row(slug, number, queries.get_finding)
    revisions = list_revisions([finding.id], labels.ACTION_LABELS)
    return render(
        "user_tests/findings/history.html",
        title=_("Historique du constat %(n)s", n=number),
        trail=build_finding_trail(project, number),
        revisions=revisions,
        labels=labels.LABELS,
        words={
            "ACTION_LABELS": labels.ACTION_LABELS,
            "format_value": labels.make_value_formatter(_get_owner_names(revisions)),
        },
    )


def _get_owner_names(revisions: Sequence[AuditRevision]) -> dict[str, str]:
    """Return the names of all owners a finding ever had, by id as text."""
    ids = {
        UUID(stored_id)
        for revision in revisions
        for stored_id in revision.changes.get("owner_id", ())
        if stored_id is not None
    }
    return {str(id_): name for id_, name in read_person_names(ids).items()}


@bp.post(f"{FINDING_PATH}/rate")
def rate(slug: str, number: int) -> Response:
    project, details = load_project_and_row_to_write(slug, number, queries.read_finding)
    form = RateForm()

    return write(
        form,
        lambda values: commands.rate_finding(
            actor, project, details.finding, parse_severity(values["severity"]), values["version"]
        ),
        message=lambda _result: add_opened_rereviews(
            str(labels.SEVERITY_LABELS[details.finding.severity]) + _("."), project
        ),
        to=build_finding_path(project, number),
        page=lambda status: show_refused_page(project, number, form, status),
        stored=details.finding,
    )


@bp.post(f"{FINDING_PATH}/item")
def make_item(slug: str, number: int) -> Response:
    """Create the backlog item of a finding. Idempotent: a second POST finds the item."""
    project, details = load_project_and_row_to_write(slug, number, queries.read_finding)
    form = Form()

    return write(
        form,
        lambda _values: commands.create_backlog_item(actor, project, details.finding),
        message=lambda item: _(
            "Le constat %(n)s est au carnet : élément %(item)s.", n=number, item=item.number
        ),
        to=build_finding_path(project, number),
        page=lambda status: show_refused_page(project, number, form, status),
    )


@bp.post(f"{FINDING_PATH}/sprint")
def put_in_sprint(slug: str, number: int) -> Response:
    """Put the correction of a finding into the sprint in progress, and lead to that sprint."""
    project, details = load_project_and_row_to_write(slug, number, queries.read_finding)
    sprint, form = find_active_sprint(project), Form()
    return write(
        form,
        lambda _values: commands.put_finding_in_sprint(actor, project, details.finding),
        message=lambda item: _("« %(title)s » est dans le sprint.", title=item.title),
        to=url_for("sprints.page", slug=slug, number=sprint.number if sprint else 0),
        page=lambda status: show_refused_page(project, number, form, status),
    )
