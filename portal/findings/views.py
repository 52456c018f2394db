"""Findings: the list, a finding noted in one line, its page with the whole way to its end."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, request, url_for

from portal.accounts.queries import names_of
from portal.backlog.models import Item
from portal.findings import commands, policy, queries, words
from portal.findings.filters import read_filters
from portal.findings.forms import ActForm, FindingForm, NewFindingForm, RateForm, rated
from portal.findings.listing import Filters, list_findings
from portal.findings.models import Finding
from portal.findings.queries import Told
from portal.findings.workplace import (
    open_finding,
    open_finding_to_write,
    path_of,
    people_of,
    show_finding,
    trail_of,
)
from portal.kernel.engines import SAFE_METHODS
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.projects.revisions import Revision, list_revisions
from portal.projects.workplace import count_files, open_to_write
from portal.user_tests.models import TestRound
from portal.web.actor import current_actor as actor
from portal.web.formpage import FormPage, ask, fresh
from portal.web.forms import submit
from portal.web.render import render, see_path

bp = Blueprint("findings", __name__, url_prefix="/projects/<slug>/findings")
ONE = "/<int(max=9999):number>"


@bp.get("")
def index(slug: str) -> Response:
    project = get_project(actor, slug)
    people, rounds = people_of(project), queries.list_rounds(actor, project)
    numbers = [round_.number for round_, _version in rounds]
    filters, ignored = read_filters(request.args, [id_ for id_, _name in people], numbers)
    listing = list_findings(actor, project, filters)

    def url_of(chosen: Filters) -> str:
        return url_for(".index", slug=slug, **chosen.query)

    return render(
        "findings/index.html",
        fragment="list",
        project=project,
        filters=filters,
        ignored=ignored,
        listing=listing,
        next_url=url_of(filters.from_(listing.next)) if listing.next else "",
        first_url=url_of(filters.from_("")) if filters.after else "",
        people=people,
        rounds=rounds,
        filed=count_files([line.finding for line in listing.lines]),
        can_write=policy.can_write(actor, project),
        words=words,
    )


@bp.get(ONE)
def page(slug: str, number: int) -> Response:
    return show_finding(*open_finding(slug, number))


@bp.route("/new", methods=["GET", "POST"])
def note(slug: str) -> Response:
    """In one line; where it was seen and how severe it is wait in a fold. Whoever comes from a
    session goes back to it."""
    project = open_to_write(slug)
    rounds = queries.list_rounds(actor, project)
    chosen = _asked_round([round_ for round_, _version in rounds])
    form = fresh(NewFindingForm, people_of(project), owner="", severity="")
    session, task = _offer(form, chosen) if chosen else (None, None)
    back = _back(slug, session, task)

    def again(status: int = 200) -> Response:
        return render(
            "findings/note.html",
            fragment="form",
            status=status,
            project=project,
            trail=trail_of(project),
            back=back or url_for(".index", slug=slug),
            rounds=rounds,
            chosen=chosen,
            seen_in=(f"P{session}", task) if session else None,
            form=form,
        )

    if chosen is None or request.method in SAFE_METHODS:
        return again()

    def act(values: dict[str, Any]) -> Finding:
        return commands.note_finding(
            actor,
            project,
            chosen,
            form.facts(),
            tasks=form.chosen_tasks(),
            sessions=form.chosen_sessions(),
            knowingly=values["knowingly"],
        )

    def done(made: Finding) -> Response:
        flash(_("Constat %(n)s noté.", n=made.number))
        if request.form.get("then") == "another":
            return see_path(url_for(".note", slug=slug, round=chosen.number, session=session))
        return see_path(back or path_of(project, made.number))

    return submit(form, act, done, again)


def _asked_round(rounds: Sequence[TestRound]) -> TestRound | None:
    """The round that the address names, or the latest."""
    asked = request.args.get("round", type=int)
    named = [one for one in rounds if one.number == asked]
    return next(iter(named or rounds), None)


def _offer(form: NewFindingForm, round_: TestRound) -> tuple[int | None, int | None]:
    """The round's tasks and sessions; those that the address names are chosen already, and told."""
    form.offer(queries.list_tasks(round_), queries.list_sessions(round_))
    session, task = (request.args.get(name, type=int) for name in ("session", "task"))
    session = session if session in form.known_sessions else None
    task = task if task in form.known_tasks else None
    if request.method in SAFE_METHODS:
        form.sessions.data = [session] if session else []
        form.tasks.data = [task] if task else []
    return session, task


def _back(slug: str, session: int | None, task: int | None) -> str:
    """Where in a session somebody came from."""
    if session is None:
        return ""
    place = f"t{task}" if task else None
    return url_for("test_sessions.page", slug=slug, number=session, _anchor=place)


@bp.route(f"{ONE}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    project, told = open_finding_to_write(slug, number)
    finding = told.finding
    people = people_of(project)
    if finding.owner_id and finding.owner_id not in dict(people):
        people.append((finding.owner_id, _("%(name)s, qui a quitté l’équipe", name=told.owner)))
    form = fresh(FindingForm, people, obj=finding)
    asked = FormPage(
        title=_("Modifier le constat %(n)s", n=number),
        trail=trail_of(project, number),
        step=_("Modifier"),
        folded=("knowingly",),
        advice=(
            _("Décrivez ce que fait le prototype, jamais la personne qui l’essayait."),
            _("La gravité tient compte de la fréquence, de l’effet et de la persistance."),
        ),
    )

    def act(values: dict[str, Any]) -> None:
        facts, seen = form.facts(), values["version"]
        knowingly = values["knowingly"]
        commands.change_finding(actor, project, finding, facts, seen, knowingly=knowingly)

    return ask(asked, form, act, _("Constat enregistré."), stored=finding)


@bp.get(f"{ONE}/history")
def history(slug: str, number: int) -> Response:
    project, told = open_finding(slug, number)
    revisions = list_revisions([told.finding.id], words.DEEDS)
    return render(
        "findings/history.html",
        title=_("Historique du constat %(n)s", n=number),
        trail=trail_of(project, number),
        revisions=revisions,
        labels=words.LABELS,
        words={"DEEDS": words.DEEDS, "tell": words.teller(_owners(revisions))},
    )


def _owners(revisions: Sequence[Revision]) -> dict[str, str]:
    """The names of those who ever saw to a finding, by id as the trail keeps it."""
    ids = {
        UUID(kept)
        for revision in revisions
        for kept in revision.changes.get("owner_id", ())
        if kept is not None
    }
    return {str(id_): name for id_, name in names_of(ids).items()}


@bp.post(f"{ONE}/rate")
def rate(slug: str, number: int) -> Response:
    project, told = open_finding_to_write(slug, number)
    form = RateForm()

    def act(values: dict[str, Any]) -> None:
        severity = rated(values["severity"])
        commands.rate(actor, project, told.finding, severity, values["version"])

    def done(_made: None) -> Response:
        flash(str(words.IN_SHORT[told.finding.severity]) + _("."))
        return see_path(path_of(project, number))

    return submit(form, act, done, lambda status: _again(project, number, form, status))


def _again(project: Project, number: int, form: Any, status: int) -> Response:
    """The page as it is by now, with the verb that was refused."""
    now: Told = queries.read_finding(actor, project, number)
    if isinstance(form, RateForm):
        form.version.process(None, now.finding.version)
        form.version.raw_data = None
    return show_finding(project, now, status, form)


@bp.post(f"{ONE}/item")
def make_item(slug: str, number: int) -> Response:
    """To the backlog, in one click; a second one finds the item."""
    project, told = open_finding_to_write(slug, number)
    form = ActForm()

    def act(_values: dict[str, Any]) -> Item:
        return commands.make_item(actor, project, told.finding)

    def done(item: Item) -> Response:
        flash(_("Le constat %(n)s est au carnet : élément %(item)s.", n=number, item=item.number))
        return see_path(path_of(project, number))

    return submit(form, act, done, lambda status: _again(project, number, form, status))
