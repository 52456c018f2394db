"""The sheet for its team: what it says today, what it lacks, what is published of it."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from portal.kernel.access import require
from portal.kernel.engines import SAFE_METHODS
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.queries import get_project
from portal.projects.workplace import Trail, open_to_write, trail
from portal.transparency import commands, policy, queries, words
from portal.transparency.contents import missing
from portal.transparency.document import content, fingerprint
from portal.transparency.forms import ChoiceForm, PublishForm, WithdrawForm, part_form
from portal.transparency.models import Part, Publication, SheetPart
from portal.web.actor import current_actor as actor
from portal.web.formpage import FormPage, ask, fresh
from portal.web.forms import submit
from portal.web.render import render, see_path

bp = Blueprint("transparency", __name__, url_prefix="/projects/<slug>/transparency")


@bp.get("", defaults={"language": "fr"})
@bp.get("/<any(fr, en):language>")
def page(slug: str, language: str) -> Response:
    project = get_project(actor, slug)
    written = queries.read_written(project)
    made = content(queries.read_facts(actor, project), written)
    read = queries.find_read(project)
    return render(
        "transparency/page.html",
        project=project,
        told=made[language],
        language=language,
        lacks=missing(written.texts),
        needs=missing(written.texts, only_needed=True),
        read=read,
        is_behind=read is not None and read.fingerprint != fingerprint(made),
        editions=queries.list_editions(project),
        can_write=policy.can_write(actor, project),
        can_publish=policy.can_publish(actor, project),
        can_withdraw=policy.can_withdraw(actor, project),
        parts=Part,
        words=words,
    )


@bp.route("/edit/<any(public, experts):part>", methods=["GET", "POST"])
def write(slug: str, part: str) -> Response:
    project = open_to_write(slug)
    of = Part(part)
    row = queries.read_written(project).rows.get(of)
    form = _filled(part_form(of), row)
    asked = _about(
        project,
        title=str(words.PARTS[of]),
        step=_("Écrire"),
        lead=_(
            "Le reste vient du dossier du projet. Écrivez les deux langues, l’une sous l’autre."
        ),
        advice=(
            _("Ce texte sera lu par tous : aucun nom de personne, aucun sigle sans sa traduction."),
            _("Rien ne paraît tant que qui porte le projet ne publie pas."),
        ),
    )

    def act(values: dict[str, Any]) -> None:
        commands.write_part(actor, project, of, form.texts(), values["version"])

    return ask(asked, form, act, _("Fiche enregistrée."), stored=row)


def _filled(form: Any, row: SheetPart | None) -> Any:
    """As it was sent; before it was, as it is kept."""
    if request.method not in SAFE_METHODS:
        return form()
    return form(row, formdata=None) if row else form(formdata=None, data={"version": 0})


@bp.route("/choice", methods=["GET", "POST"])
def choose(slug: str) -> Response:
    project = open_to_write(slug)
    facts, written = queries.read_facts(actor, project), queries.read_written(project)
    row, choice = written.rows.get(Part.CHOICE), written.choice
    usual = {
        "version": row.version if row else 0,
        "sources": [one.number for one in facts.sources if choice.takes_source(one.number)],
        "risks": [one.number for one in facts.risks if choice.takes_risk(one.number)],
    }
    form = fresh(ChoiceForm, **usual)
    form.offer(facts.sources, facts.risks)
    asked = _about(
        project,
        title=str(words.PARTS[Part.CHOICE]),
        step=_("Choisir"),
        lead=_("Ce que vous ne cochez pas ne paraît pas ; la fiche dira combien il y en a."),
    )

    def act(values: dict[str, Any]) -> None:
        chosen = {name: sorted(values[name] or []) for name in ("sources", "risks")}
        commands.write_part(actor, project, Part.CHOICE, chosen, values["version"])

    return ask(asked, form, act, _("Choix enregistré."), stored=row)


@bp.route("/publish", methods=["GET", "POST"])
def publish(slug: str) -> Response:
    """Both languages to be read again, as anybody will read them."""
    project = get_project(actor, slug)
    if request.method in SAFE_METHODS:
        commands.require_to_publish(actor, project)
    else:
        require(policy.may_publish(actor, project), commands.only_who_carries())
    written = queries.read_written(project)
    made = content(queries.read_facts(actor, project), written)
    form = fresh(PublishForm, reviewed=fingerprint(made))

    def again(status: int = 200) -> Response:
        if form.reviewed.data != fingerprint(made):
            form.agreed.data = False  # what is there now was not read yet
        form.reviewed.process(None, fingerprint(made))
        form.reviewed.raw_data = None
        return render(
            "transparency/publish.html",
            fragment="form",
            status=status,
            project=project,
            trail=_trail(project),
            form=form,
            made=made,
            needs=missing(written.texts, only_needed=True),
            words=words,
        )

    if request.method in SAFE_METHODS:
        return again()

    def act(values: dict[str, Any]) -> Publication:
        knowingly = values["knowingly"]
        return commands.publish(actor, project, values["reviewed"], knowingly=knowingly)

    def done(edition: Publication) -> Response:
        flash(_("Fiche publiée, édition %(n)s. Chacun peut la lire.", n=edition.number))
        return see_path(url_for(".page", slug=slug))

    return submit(form, act, done, again)


@bp.route("/withdraw", methods=["GET", "POST"])
def withdraw(slug: str) -> Response:
    project = get_project(actor, slug)
    require(policy.can_withdraw(actor, project), commands.only_who_carries())
    edition = queries.get_read(project)
    asked = _about(
        project,
        title=_("Retirer la fiche"),
        step=_("Retirer"),
        yes=_("Retirer la fiche"),
        lead=_("Son adresse ne montrera plus rien. Ce qui a été lu ou copié l’a été."),
    )

    def act(values: dict[str, Any]) -> None:
        commands.withdraw(actor, project, edition, values["reason"])

    return ask(asked, fresh(WithdrawForm), act, _("Fiche retirée : plus personne ne la lit."))


def _trail(project: Project) -> Trail:
    return trail(project, (_("Transparence"), url_for(".page", slug=project.slug)))


def _about(project: Project, **page: Any) -> FormPage:
    return FormPage(trail=_trail(project), **page)
