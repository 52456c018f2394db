"""Where each role lands, the choice of a role, and the lists that a landing page is made of."""

from flask import Blueprint, Response, request

from portal.app.home import policy, queries
from portal.app.home.policy import WorkplaceKind
from portal.app.home.waiting import list_gates_of_reviewer
from portal.app.home.workplaces import WORKPLACE_COOKIE, find_current_workplace
from portal.ethics.rereviews import labels as rereview_labels
from portal.ethics.rereviews.queries import list_triggers_awaiting_actor as list_rereviews
from portal.ethics.reviews import labels as review_labels
from portal.ethics.reviews.register_queries import list_reviewer_programmes, list_reviewer_tasks
from portal.funding.agreements import policy as funding
from portal.people.programmes import policy as programmes
from portal.people.programmes.current_views import find_last_programme_slug, remember_programme
from portal.people.programmes.invitation_views import list_own_offers
from portal.people.programmes.newcomer_labels import REVIEWER, describe_awaited_team
from portal.people.programmes.queries import list_programmes
from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import NotFound
from portal.platform.web.actor import get_actor
from portal.platform.web.cookies import set_cookie
from portal.platform.web.rendering import redirect_to, render
from portal.platform.web.writes import ButtonForm
from portal.project.projects.visit_commands import record_visit

bp = Blueprint("home", __name__)
bp.after_app_request(remember_programme)

_LANDINGS = {
    WorkplaceKind.LEAD: "portfolio.index",
    WorkplaceKind.COACH: "portfolio.index",
    WorkplaceKind.REVIEWER: "home.reviews",
    WorkplaceKind.OPERATOR: "operator_desk.index",
    WorkplaceKind.OBSERVER: "portfolio.index",
    WorkplaceKind.JUROR: "scoring.index",
    WorkplaceKind.ADMINISTRATOR: "installation.index",
}


@bp.get("/")
def index() -> Response:
    """Redirect to where the person works; a page for whoever has no role yet."""
    actor = get_actor()
    record_visit(actor)
    workplace = find_current_workplace(actor)
    if workplace is WorkplaceKind.TEAM:
        return _redirect_to_own_projects(actor)
    if workplace in _LANDINGS:
        return redirect_to(_LANDINGS[workplace])
    return render("app/home/index.html", offers=list_own_offers())


def _redirect_to_own_projects(actor: Actor) -> Response:
    """The only project of the person's team, or the choice between several."""
    slugs = queries.list_own_project_slugs(actor)
    return redirect_to("projects.page", slug=slugs[0]) if len(slugs) == 1 else redirect_to("projects.index")


@bp.post("/workplace")
def work_as() -> Response:
    """Choose the role in which to work: kept in a cookie, as long as the role is held."""
    workplace = request.form.get("workplace", "")
    response = redirect_to(".index")
    if ButtonForm().validate() and workplace in policy.list_workplaces(get_actor()):
        set_cookie(response, WORKPLACE_COOKIE, workplace)
    return response


@bp.get("/reviews")
def reviews() -> Response:
    """What waits for an ethics reviewer, in all their projects."""
    actor = get_actor()
    _require_reviewer(actor)
    return render(
        "app/home/reviews.html",
        waiting=list_reviewer_tasks(actor),
        gates=list_gates_of_reviewer(actor),
        registers=list_reviewer_programmes(actor),
        has_projects=(has_projects := queries.has_project_to_review(actor)),
        awaited_team="" if has_projects else describe_awaited_team(actor.scopes_with(REVIEWER), REVIEWER),
        review_words=review_labels,
    )


@bp.get("/rereviews")
def rereviews() -> Response:
    """Reviews to look at again because something changed, in all projects of a reviewer."""
    actor = get_actor()
    _require_reviewer(actor)
    return render("app/home/rereviews.html", rereviews=list_rereviews(actor), labels=rereview_labels)


def _require_reviewer(actor: Actor) -> None:
    if not policy.is_reviewer(actor):
        raise NotFound


@bp.get("/reports")
def reports() -> Response:
    """The documents of each programme whose portfolio the person reads."""
    actor = get_actor()
    if not policy.can_read_programme_documents(actor):
        raise NotFound
    readable = [each for each in list_programmes(actor) if programmes.can_read_portfolio(actor, each)]
    slugs, last = [each.slug for each in readable], find_last_programme_slug(actor)
    return render(
        "app/home/reports.html",
        programmes=readable,
        unfolded=last if last in slugs else next(iter(slugs), ""),
        reports={each.id for each in readable if programmes.can_read_reports(actor, each)},
        funded={each.id for each in readable if funding.can_set_terms(actor, each)},
        registers={each.id for each in readable if programmes.can_read_reviews(actor, each)},
    )
