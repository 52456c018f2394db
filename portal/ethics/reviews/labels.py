"""Labels of reviews: states, tasks, conditions; their line on a project's page."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import url_for

from portal.ethics.questionnaires.answer_labels import DIFFERENCES, format_answer
from portal.ethics.questionnaires.completion_rules import AnswerProgress
from portal.ethics.questionnaires.definition_rules import (
    Answers,
    Questionnaire,
    QuestionnaireItem,
    QuestionnaireSection,
    RiskOrMitigation,
)
from portal.ethics.questionnaires.score_rules import ScoreResult
from portal.ethics.reviews.models import Review, ReviewCondition, ReviewState, RoundReason
from portal.ethics.reviews.register_queries import PROJECT_FIGURES, SPRINT_REVIEWS, ReviewAwaitingReviewer
from portal.platform.kernel import clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import LazyString, lower_first, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.template_filters import day, number
from portal.project.projects.models import Project
from portal.project.projects.section_queries import ProjectFoldKind, SectionLine, build_count_section
from portal.sprints.sprints.models import Sprint
from portal.sprints.sprints.section_queries import SprintPageSection

__all__ = ["DIFFERENCES", "format_answer"]

OUTCOMES: dict[ReviewState, LazyString] = {
    ReviewState.DRAFT: _l("En cours de réponse"),
    ReviewState.SUBMITTED: _l("Soumise"),
    ReviewState.IN_REVIEW: _l("En relecture"),
    ReviewState.ACCEPTED: _l("Acceptée"),
    ReviewState.ACCEPTED_WITH_CONDITIONS: _l("Acceptée avec conditions"),
    ReviewState.REFUSED: _l("Refusée"),
}
DISCARDED = _l("Abandonnée")
# Filters of the register for those who may see reviewers, besides the states.
_REVIEWER_STATES: dict[str, LazyString] = {
    "nobody": _l("Soumise, sans relecteur"),
    "flagged": _l("Relecteur qui n’est plus indépendant"),
    "discarded": DISCARDED,
}
KINDS: dict[ReviewState, str] = {
    ReviewState.SUBMITTED: "info",
    ReviewState.IN_REVIEW: "info",
    ReviewState.ACCEPTED: "success",
    ReviewState.ACCEPTED_WITH_CONDITIONS: "warning",
    ReviewState.REFUSED: "error",
}
WHY: dict[RoundReason, LazyString] = {
    RoundReason.OPENED: _l("Première relecture"),
    RoundReason.MORE: _l("Compléments demandés"),
    RoundReason.REOPENED: _l("Revue rouverte"),
}


def list_register_filter_labels(*, can_see_reviewers: bool) -> dict[str, LazyString]:
    """The filters of the register by value, in their order."""
    plain = {outcome.value: name for outcome, name in OUTCOMES.items()}
    return plain | _REVIEWER_STATES if can_see_reviewers else plain


def state(review: Review) -> str:
    """The label of a review's state; a returned or discarded draft has its own."""
    if review.discarded_at is not None:
        return str(DISCARDED)
    if review.state is ReviewState.DRAFT and review.round > 1:
        return _("À compléter")
    return str(OUTCOMES[review.state])


def state_badge_kind(review: Review) -> str | None:
    """The badge kind of that state."""
    if review.state is ReviewState.DRAFT and review.round > 1:
        return "warning"
    return KINDS.get(review.state)


def progress_text(progress: AnswerProgress) -> str:
    return _("%(n)s sur %(of)s", n=progress.answered, of=progress.question_count)


def edition_label(definition: Questionnaire) -> str:
    """The version and date of an edition."""
    return _("version %(version)s du %(day)s", version=definition.version, day=day(definition.dated))


def describe_reviewer_task(task: ReviewAwaitingReviewer) -> str:
    """What the reviewer has to do."""
    if task.review.state is ReviewState.SUBMITTED:
        return _("à prendre en relecture")
    if task.review.state is ReviewState.IN_REVIEW:
        return _("à relire et décider")
    return ngettext("%(num)s preuve à relire", "%(num)s preuves à relire", task.proofs)


EXPLANATIONS = "explanations"  # the key of the matrix that questions of other reviews mention
_MATRIX = "matrice des besoins d’explication"


# The keys of the questionnaires in which duties of other reviews are done, by the key of the duty.
DUTY_KINDS = {"public_algorithm": "crpa", "ai_act": "ai_act"}


def find_questionnaire_key_in_help(item: QuestionnaireItem) -> str:
    """The key of the questionnaire that the help of a question mentions; "" for none."""
    return EXPLANATIONS if _MATRIX in item.help.fr.replace("\u00a0", " ").lower() else ""


def describe_named_reviewers(names: Sequence[str]) -> str:
    """Who may take a review that has no reviewer yet: those named for the project."""
    if not names:
        return _("pas encore choisi")
    return _("%(names)s, pas encore prise", names=", ".join(names))


def score_sentence(scored: ScoreResult, *, is_final: bool) -> str:
    """The score with its band, and what mitigation takes off."""
    value, most = format_points(scored.value), format_points(scored.most)
    if is_final:
        text = _("Le score est de %(value)s sur %(most)s.", value=value, most=most)
    else:
        text = _("À ce stade, le score est de %(value)s sur %(most)s.", value=value, most=most)
    if scored.mitigation and scored.needed is not None:
        text = f"{text} {_describe_mitigation(scored)}"
    if not scored.band:
        return text
    says_level = str(scored.band.title).startswith(_("Niveau"))
    if says_level and not is_final:
        return _("%(band)s, provisoire. %(text)s", band=scored.band.title, text=text)
    if says_level:
        return _("%(band)s. %(text)s", band=scored.band.title, text=text)
    if scored.level and not is_final:
        return _(
            "%(band)s, niveau %(level)s, provisoire. %(text)s",
            band=scored.band.title,
            level=scored.level,
            text=text,
        )
    if scored.level:
        return _(
            "%(band)s, niveau %(level)s. %(text)s", band=scored.band.title, level=scored.level, text=text
        )
    return _("%(band)s. %(text)s", band=scored.band.title, text=text)


def _describe_mitigation(scored: ScoreResult) -> str:
    """What the measures that the team already took change, else how many points are enough to."""
    mitigation = format_points(scored.mitigation)
    if scored.mitigation < (scored.needed or 0):
        return ngettext(
            "Vos mesures valent %(mitigation)s point, il en faut %(needed)s pour le faire baisser.",
            "Vos mesures valent %(mitigation)s points, il en faut %(needed)s pour le faire baisser.",
            int(scored.mitigation),
            mitigation=mitigation,
            needed=format_points(scored.needed or 0),
        )
    return _(
        "Il serait de %(raw)s sans vos mesures, qui valent %(mitigation)s points.",
        raw=format_points(scored.raw),
        mitigation=mitigation,
    )


def describe_relief(definition: Questionnaire, section: QuestionnaireSection) -> str:
    """How many points the measures need to count, for a section that asks for some; "" for others."""
    relief = definition.score.relief if definition.score else None
    if relief is None or section.part is not RiskOrMitigation.MITIGATION:
        return ""
    return _(
        "Vos mesures comptent à partir de %(needed)s points en tout\u00a0: le score est alors plus bas de"
        " %(percent)s\u00a0%%.",
        needed=format_points(relief.needed),
        percent=relief.percent,
    )


def lacks_required_reason(item: QuestionnaireItem, answers: Answers) -> bool:
    """Whether an answer is given without the reason that it must have."""
    return item.says_why and item.key in answers and item.note_key not in answers


def format_points(value: float) -> str:
    return str(number(value))


def condition_state(condition: ReviewCondition) -> str:
    if condition.confirmed_at:
        return _("Levée")
    if condition.decided_at is None:
        return _("Projet de condition")
    if condition.proved_at:
        return _("Preuve à relire")
    return _("En retard") if is_condition_late(condition) else _("À remplir")


def condition_badge_kind(condition: ReviewCondition) -> str | None:
    if condition.confirmed_at:
        return "success"
    if condition.proved_at:
        return "info"
    return "warning" if is_condition_late(condition) else None


def is_condition_late(condition: ReviewCondition) -> bool:
    """Whether a signed condition without proof is past its due date."""
    waits = condition.decided_at is not None and condition.proved_at is None
    return waits and condition.due_on < clock.today()


def due_date_label(due_on: date) -> str:
    return _("pour le %(day)s", day=day(due_on))


def conditions_count_label(n: int) -> str:
    return ngettext("%(num)s condition", "%(num)s conditions", n)


def answer_text(item: QuestionnaireItem, answers: Answers) -> str:
    return format_answer(item, answers.get(item.key))


def section_titles(definition: Questionnaire, sections: Sequence[str]) -> str:
    """The titles of the sections with these keys, quoted and joined, in the questionnaire's order."""
    return ", ".join(
        _("« %(title)s »", title=section.title) for section in definition.sections if section.key in sections
    )


def order_by_section(definition: Questionnaire, written: Mapping[str, Any]) -> Sequence[tuple[str, Any]]:
    """What is written of each section, by its key, in the questionnaire's order; removed sections last."""
    order = {section.key: index for index, section in enumerate(definition.sections)}
    return sorted(written.items(), key=lambda entry: order.get(entry[0], len(order)))


def person_name(names: Mapping[UUID, str], person_id: UUID | None) -> str:
    return names.get(person_id, "") if person_id else ""


def describe_review_counts(total: int, drafts: int, submitted: int, to_prove: int, late: int) -> str:
    """Late conditions first, then the team's tasks, then what waits for others."""
    parts = []
    if late:
        parts.append(ngettext("%(num)s condition en retard", "%(num)s conditions en retard", late))
    if waiting := to_prove - late:
        parts.append(ngettext("%(num)s condition à remplir", "%(num)s conditions à remplir", waiting))
    if drafts:
        parts.append(ngettext("%(num)s en préparation", "%(num)s en préparation", drafts))
    if submitted:
        parts.append(ngettext("%(num)s chez le relecteur", "%(num)s chez le relecteur", submitted))
    if not parts:
        parts.append(ngettext("%(num)s revue décidée", "%(num)s revues décidées", total))
    return ", ".join(parts)


CHAPTER = build_count_section(
    _l("Revues éthiques"),
    "/reviews",
    PROJECT_FIGURES,
    describe_review_counts,
    empty=_l("Aucune revue n’est encore ouverte."),
    fold=ProjectFoldKind.ETHICS,
)


def list_sprint_lines(
    _actor: Actor, project: Project, _sprint: Sprint, values: Sequence[Any]
) -> Sequence[SectionLine]:
    """A line for each review that was submitted or decided during the sprint."""
    (reviews,) = values
    return [
        SectionLine(
            _("Revue %(n)s", n=number),
            lower_first(OUTCOMES[state]),
            url_for("reviews.page", slug=project.slug, number=number),
        )
        for number, state in reviews
    ]


SPRINT_SECTION = SprintPageSection(list_sprint_lines, (SPRINT_REVIEWS,))


def describe_reviewer_load(name: str, awaiting: int) -> str:
    """A reviewer to choose, with how many reviews wait for them."""
    waiting = ngettext("%(num)s revue l’attend", "%(num)s revues l’attendent", awaiting)
    return _("%(name)s (%(waiting)s)", name=name, waiting=waiting)
