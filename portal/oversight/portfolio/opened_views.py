"""A team that is unfolded in the list: all that its line leaves out, and what its reader may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from portal.funding.instalments.next_payment_labels import describe_next_payment
from portal.oversight.health import policy as health
from portal.oversight.health.charge_views import CHARGE_DAYS
from portal.oversight.health.forms import TakeChargeForm
from portal.oversight.portfolio.owed_queries import read_waiting_lines_of_team
from portal.oversight.portfolio.page_views import PortfolioPage, read_page
from portal.oversight.portfolio.team_queries import PortfolioTeam
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import list_contributions
from portal.platform.web.base_form import Form
from portal.project.projects.queries import get_project
from portal.project.projects.to_decide_queries import WaitingKind
from portal.project.projects.to_decide_rules import WaitingLine
from portal.project.projects.to_decide_views import InPlaceAct, InPlaceActs

HELP = {"clinics", "help_questions", "help_questions_claimed"}  # the kinds of the lines of requests for help
CHARGE = "charge"  # the kind of the act that takes charge of a signal


@dataclass(frozen=True)
class RefusedTeamAct:
    """An act that was refused: its place (kind, line or signal, code) and its form with what was typed."""

    place: tuple[str, str, str]
    form: Form


@dataclass(frozen=True)
class WaitingLineWithActs:
    """A line of what waits, with its title by kind and the acts on it."""

    kind: str
    title: str
    line: WaitingLine
    acts: Sequence[InPlaceAct]


@dataclass(frozen=True)
class UnfoldedTeam:
    """`charges` are the forms that take charge of its raised signals, by code; `waiting` is what its
    reader decides. Both are empty for whoever may not, and on a past day."""

    page: PortfolioPage
    team: PortfolioTeam
    waiting: Sequence[WaitingLineWithActs] = ()
    charges: Mapping[str, Form] = field(default_factory=dict)
    refused: RefusedTeamAct | None = None
    payment: str = ""  # what its next payment waits for

    @property
    def is_refused_act_gone(self) -> bool:
        """Whether what a refused act was about is not on the page any more."""
        if self.refused is None or any(form is self.refused.form for form in self.charges.values()):
            return False
        return not any(self.refused_form(waiting, act) for waiting in self.waiting for act in waiting.acts)

    def refused_form(self, waiting: WaitingLineWithActs, act: InPlaceAct) -> Form | None:
        """The form that was sent by an act on a line and refused."""
        place = (waiting.kind, str(waiting.line.id), act.code)
        return self.refused.form if self.refused is not None and self.refused.place == place else None


def read_unfolded_team(
    actor: Actor, page: PortfolioPage, slug: str, zone: str, refused: RefusedTeamAct | None = None
) -> UnfoldedTeam | None:
    """The team of that slug, whether or not the filters of the page let it through; None without."""
    team = _find_team(page, slug)
    if team is None:
        on = {"on": str(page.filters.on)} if page.filters.on else {}
        page = read_page(actor, {"programme": page.programme.slug, "teams": slug, **on}, zone)
        team = None if page.ignored else _find_team(page, slug)
    if team is None:
        return None
    if page.filters.on or not team.opens:
        payment = "" if page.filters.on else describe_next_payment(actor, slug)
        return UnfoldedTeam(page, team, payment=payment)
    project = get_project(actor, slug)
    charges: Mapping[str, Form] = {}
    if health.can_take_charge(actor, project) and team.state is not None:
        charges = _build_charge_forms(team, refused)
    payment = describe_next_payment(actor, slug)
    return UnfoldedTeam(page, team, _list_waiting_lines_with_acts(actor, team), charges, refused, payment)


def _find_team(page: PortfolioPage, slug: str) -> PortfolioTeam | None:
    return next((team for team in page.portfolio.teams if team.slug == slug), None)


def _build_charge_forms(team: PortfolioTeam, refused: RefusedTeamAct | None) -> Mapping[str, Form]:
    state = team.state
    if state is None or not state.facts.goes_on:
        return {}
    forms: dict[str, Form] = {}
    until = clock.today() + timedelta(days=CHARGE_DAYS)
    for signal in state.reasons:
        last = state.charges.get(signal.code)
        form: Form = TakeChargeForm(
            formdata=None, data={"version": last.edition if last else 0, "until": until}
        )
        place = (CHARGE, signal.code.value, CHARGE)
        forms[signal.code.value] = _make_act_form(team.slug, form, place, refused)
    return forms


def _list_waiting_lines_with_acts(actor: Actor, team: PortfolioTeam) -> Sequence[WaitingLineWithActs]:
    """What waits in a team, each thing with its acts, in a constant number of statements: a request for
    help first, as among the reasons beside it."""
    titles = {kind.code: str(kind.short) for kind in list_contributions(WaitingKind)}
    offers = {acts.code: acts.offer for acts in list_contributions(InPlaceActs)}
    places = []
    for kind, lines in read_waiting_lines_of_team(actor, team.project.id).items():
        offered = offers[kind](actor, lines) if kind in offers else [()] * len(lines)
        places += [
            WaitingLineWithActs(kind, titles[kind], line, acts)
            for line, acts in zip(lines, offered, strict=True)
        ]
    return sorted(places, key=lambda place: place.kind not in HELP)


def _make_act_form(
    slug: str, form: Form, place: tuple[str, str, str], refused: RefusedTeamAct | None
) -> Form:
    """The form of a place, or the refused one that was sent from there; its ids are unique."""
    own_form: Any = refused.form if refused is not None and refused.place == place else form
    for form_field in own_form:
        form_field.id = "-".join((form_field.short_name, slug, *place))
    return own_form  # type: ignore[no-any-return]
