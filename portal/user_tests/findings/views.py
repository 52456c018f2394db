"""Findings: the list, a finding noted in one line, its page with the whole way to its end."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for

from portal.people.accounts.queries import names_of
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import submit
from portal.platform.web.form_page import FormPage, answer_form, make_form
from portal.platform.web.rendering import redirect_to_path, render
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.project.projects.revision_queries import AuditRevision, list_revisions
from portal.project.projects.workspace_views import count_files, get_writable_project
from portal.sprints.backlog.models import Item
from portal.user_tests.findings import commands, labels, policy, queries
from portal.user_tests.findings.filter_schemas import read_filters
from portal.user_tests.findings.forms import (
    FindingActionForm,
    FindingForm,
    NewFindingForm,
    RateForm,
    parse_severity,
)
from portal.user_tests.findings.list_queries import FindingFilters, list_findings
from portal.user_tests.findings.models import Finding
from portal.user_tests.findings.page_views import (
    finding_path,
    finding_trail,
    list_owners,
    open_finding,
    open_finding_to_write,
    show_finding,
)
from portal.user_tests.findings.queries import FindingDetails
from portal.user_tests.rounds.models import TestRound

bp = Blueprint("findings", __name__, url_prefix="/projects/<slug>/findings")
FINDING_PATH = "/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    people, rounds = list_owners(project), queries.list_rounds(actor, project)
    numbers = [round_.number for round_, _version in rounds]
    filters, ignored = read_filters(request.args, [id_ for id_, _name in people], numbers)
    listing = list_findings(actor, project, filters)

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
        filed=count_files([line.finding for line in listing.lines]),
        can_write=policy.can_write(actor, project),
        words=labels,
    )


@bp.get(FINDING_PATH)
def page(slug: str, number: int) -> Response:
    return show_finding(*open_finding(slug, number))


@bp.route("/new", methods=["GET", "POST"])
def note(slug: str) -> Response:
    """In one line; where it was seen and how severe it is wait in a fold. Whoever comes from a
    session goes back to it."""
    project = get_writable_project(slug)
    rounds = queries.list_rounds(actor, project)
    selected_round = _selected_round([round_ for round_, _version in rounds])
    form = make_form(NewFindingForm, list_owners(project), owner="", severity="")
    session, task = _set_choices(form, selected_round) if selected_round else (None, None)
    back = _session_url(slug, session, task)

    def again(status: int = 200) -> Response:
        return render(
            "user_tests/findings/note.html",
            fragment="form",
            status=status,
            project=project,
            trail=finding_trail(project),
            back=back or url_for(".index", slug=slug),
            rounds=rounds,
            chosen=selected_round,
            seen_in=(f"P{session}", task) if session else None,
            form=form,
        )

    if selected_round is None or request.method in SAFE_METHODS:
        return again()

    def act(values: dict[str, Any]) -> Finding:
        return commands.note_finding(
            actor,
            project,
            selected_round,
            form.facts(),
            tasks=form.selected_tasks(),
            sessions=form.selected_sessions(),
            knowingly=values["knowingly"],
        )

    def on_success(finding: Finding) -> Response:
        flash(_("Constat %(n)s noté.", n=finding.number))
        if request.form.get("then") == "another":
            return redirect_to_path(
                url_for(".note", slug=slug, round=selected_round.number, session=session)
            )
        return redirect_to_path(back or finding_path(project, finding.number))

    return submit(form, act, on_success, again)


def _selected_round(rounds: Sequence[TestRound]) -> TestRound | None:
    """The round that the address names, or the latest."""
    number = request.args.get("round", type=int)
    named = [round_ for round_ in rounds if round_.number == number]
    return next(iter(named or rounds), None)


def _set_choices(form: NewFindingForm, round_: TestRound) -> tuple[int | None, int | None]:
    """The round's tasks and sessions; those that the address names are chosen already, and told."""
    form.set_choices(queries.list_tasks(round_), queries.list_sessions(round_))
    session, task = (request.args.get(name, type=int) for name in ("session", "task"))
    session = session if session in form.known_sessions else None
    task = task if task in form.known_tasks else None
    if request.method in SAFE_METHODS:
        form.sessions.data = [session] if session else []
        form.tasks.data = [task] if task else []
    return session, task


def _session_url(slug: str, session: int | None, task: int | None) -> str:
    """Where in a session somebody came from."""
    if session is None:
        return ""
    place = f"t{task}" if task else None
    return url_for("test_sessions.page", slug=slug, number=session, _anchor=place)


@bp.route(f"{FINDING_PATH}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project, details = open_finding_to_write(slug, number)
    finding = details.finding
    people = list_owners(project)
    if finding.owner_id and finding.owner_id not in dict(people):
        people.append((finding.owner_id, _("%(name)s, qui a quitté l’équipe", name=details.owner)))
    form = make_form(FindingForm, people, obj=finding)
    form_page = FormPage(
        title=_("Modifier le constat %(n)s", n=number),
        trail=finding_trail(project, number),
        step=_("Modifier"),
        folded=("knowingly",),
        advice=(
            _("Décrivez ce que fait le prototype, jamais la personne qui l’essayait."),
            _("La gravité tient compte de la fréquence, de l’effet et de la persistance."),
        ),
    )

    def act(values: dict[str, Any]) -> None:
        facts, expected_version = form.facts(), values["version"]
        knowingly = values["knowingly"]
        commands.change_finding(
            actor, project, finding, facts, expected_version, knowingly=knowingly
        )

    return answer_form(form_page, form, act, _("Constat enregistré."), stored=finding)


@bp.get(f"{FINDING_PATH}/history")
def history(slug: str, number: int) -> Response:
    project, details = open_finding(slug, number)
    revisions = list_revisions([details.finding.id], labels.ACTION_LABELS)
    return render(
        "user_tests/findings/history.html",
        title=_("Historique du constat %(n)s", n=number),
        trail=finding_trail(project, number),
        revisions=revisions,
        labels=labels.LABELS,
        words={
            "ACTION_LABELS": labels.ACTION_LABELS,
            "tell": labels.make_value_formatter(_owners(revisions)),
        },
    )


def _owners(revisions: Sequence[AuditRevision]) -> dict[str, str]:
    """The names of those who ever saw to a finding, by id as the trail keeps it."""
    ids = {
        UUID(stored_id)
        for revision in revisions
        for stored_id in revision.changes.get("owner_id", ())
        if stored_id is not None
    }
    return {str(id_): name for id_, name in names_of(ids).items()}


@bp.post(f"{FINDING_PATH}/rate")
def rate(slug: str, number: int) -> Response:
    project, details = open_finding_to_write(slug, number)
    form = RateForm()

    def act(values: dict[str, Any]) -> None:
        severity = parse_severity(values["severity"])
        commands.rate_finding(actor, project, details.finding, severity, values["version"])

    def on_success(_result: None) -> Response:
        flash(str(labels.SEVERITY_LABELS[details.finding.severity]) + _("."))
        return redirect_to_path(finding_path(project, number))

    return submit(form, act, on_success, lambda status: _show_again(project, number, form, status))


def _show_again(project: Project, number: int, form: Any, status: int) -> Response:
    """The page as it is by now, with the verb that was refused."""
    now: FindingDetails = queries.read_finding(actor, project, number)
    if isinstance(form, RateForm):
        form.version.process(None, now.finding.version)
        form.version.raw_data = None
    return show_finding(project, now, status, form)


@bp.post(f"{FINDING_PATH}/item")
def make_item(slug: str, number: int) -> Response:
    """To the backlog, in one click; a second one finds the item."""
    project, details = open_finding_to_write(slug, number)
    form = FindingActionForm()

    def act(_values: dict[str, Any]) -> Item:
        return commands.create_item(actor, project, details.finding)

    def on_success(item: Item) -> Response:
        flash(_("Le constat %(n)s est au carnet : élément %(item)s.", n=number, item=item.number))
        return redirect_to_path(finding_path(project, number))

    return submit(form, act, on_success, lambda status: _show_again(project, number, form, status))
