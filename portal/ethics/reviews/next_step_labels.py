"""What has to be done next about a review, and by whom; what is unfinished after a save."""

from collections.abc import Collection, Iterable, Sequence

from portal.ethics.questionnaires.definition_rules import QuestionnaireItem
from portal.ethics.reviews.labels import lacks_required_reason
from portal.ethics.reviews.models import Review, ReviewCondition, ReviewState, RoundReason
from portal.ethics.reviews.queries import ChosenReviewer, ReviewWithAnswers
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext
from portal.platform.web.writes import Message, MessageWithLink


def describe_next_step(
    record: ReviewWithAnswers,
    reviewer: ChosenReviewer | None,
    conditions: Sequence[ReviewCondition],
    named: Sequence[str] = (),
    *,
    has_news: bool = False,
    is_reviewer: bool = False,
    may_submit: bool = False,
    may_choose: bool = False,
) -> str:
    """What has to be done next, and by whom. `named` are the project's reviewers where none has the
    review yet; `has_news`: a trigger of a re-review waits for an answer; `is_reviewer`, `may_submit` and
    `may_choose` are of the reader, who is then addressed."""
    state = record.review.state
    if record.review.discarded_at is not None:
        return _("Elle est abandonnée. Une autre du même questionnaire peut s’ouvrir.")
    if reviewer is not None and reviewer.is_flagged and state is not ReviewState.ACCEPTED:
        return _describe_lost_independence(may_choose=may_choose)
    if state.is_decided:
        return _step_after_decision(state, conditions, has_news=has_news, is_reviewer=is_reviewer)
    if state is ReviewState.DRAFT:
        return _next_step_of_draft(record, may_submit=may_submit)
    if is_reviewer:
        return (
            _("Prenez-la en relecture.") if state is ReviewState.SUBMITTED else _("Relisez-la, puis décidez.")
        )
    return _next_step_in_review(reviewer, state, [*named], may_choose=may_choose)


def _describe_lost_independence(*, may_choose: bool) -> str:
    if may_choose:
        return _("Le relecteur n’est plus indépendant\u00a0: choisissez-en un autre.")
    return _("Le relecteur n’est plus indépendant\u00a0: la direction en choisit un autre.")


def _step_after_decision(
    state: ReviewState, conditions: Sequence[ReviewCondition], *, has_news: bool, is_reviewer: bool
) -> str:
    if state is ReviewState.REFUSED:
        return _("Revoyez le projet, puis rouvrez la revue ou ouvrez-en une autre.")
    if any(condition.decided_at and condition.confirmed_at is None for condition in conditions):
        return _next_step_on_conditions(conditions, is_reviewer=is_reviewer)
    if has_news:
        return _("Le projet a changé depuis la décision : répondez à ce qui est à réexaminer.")
    if state is ReviewState.ACCEPTED_WITH_CONDITIONS:
        return _("Toutes les conditions sont levées.")
    return _("Elle est acceptée. Elle sera rouverte si le projet change.")


def _next_step_in_review(
    reviewer: ChosenReviewer | None, state: ReviewState, named: list[str], *, may_choose: bool
) -> str:
    if reviewer is None and not named:
        if may_choose:
            return _("Choisissez le relecteur.")
        return _("La direction du programme choisit le relecteur.")
    if reviewer is None:
        return _("%(name)s la prend en relecture.", name=named[0])
    if state is ReviewState.SUBMITTED:
        return _("%(name)s la prend en relecture.", name=reviewer.name)
    return _("%(name)s la relit, puis décide.", name=reviewer.name)


def _next_step_of_draft(record: ReviewWithAnswers, *, may_submit: bool) -> str:
    if record.missing:
        return ngettext(
            "L’équipe répond. Il manque encore %(num)s réponse obligatoire.",
            "L’équipe répond. Il manque encore %(num)s réponses obligatoires.",
            len(record.missing),
        )
    if is_more_requested(record):
        if may_submit:
            return _(
                "Le relecteur demande des compléments\u00a0: l’équipe les donne,"
                " puis vous soumettez à nouveau."
            )
        return _(
            "Le relecteur demande des compléments : l’équipe les donne, puis le porteur soumet à nouveau."
        )
    if may_submit:
        return _("Tout ce qui est obligatoire a sa réponse : vous pouvez la soumettre.")
    return _("Tout ce qui est obligatoire a sa réponse : le porteur peut la soumettre.")


def is_more_requested(record: ReviewWithAnswers) -> bool:
    """Whether the reviewer asked for more and no answer has changed since."""
    if record.review.state is not ReviewState.DRAFT or record.round.why is not RoundReason.MORE:
        return False
    begun_at = record.round.created_at
    return not any(row.answered_at and row.answered_at > begun_at for row in record.rows.values())


def _next_step_on_conditions(conditions: Sequence[ReviewCondition], *, is_reviewer: bool) -> str:
    signed = [condition for condition in conditions if condition.decided_at]
    if any(condition.proved_at is None for condition in signed):
        return _("L’équipe montre que les conditions sont remplies.")
    if is_reviewer:
        return _("Confirmez les conditions dont la preuve est donnée.")
    return _("Le relecteur confirme les conditions dont la preuve est donnée.")


def describe_saved_answers(
    sentence: str,
    record: ReviewWithAnswers,
    items: Iterable[QuestionnaireItem],
    *,
    added: int = 0,
    section_path: str = "",
) -> Message:
    """That answers are saved, how many are not finished yet, and how many questions they added; with a
    link to the first that is not finished, on the page of its section."""
    sentences = [sentence]
    unfinished_keys = [item.key for item in items if lacks_required_reason(item, record.answers)]
    if unfinished := len(unfinished_keys):
        rest = ngettext(
            "Une réponse n’est pas finie\u00a0: sans son pourquoi, elle ne compte pas.",
            "%(num)s réponses ne sont pas finies\u00a0: sans leur pourquoi, elles ne comptent pas.",
            unfinished,
        )
        sentences.append(rest)
    if added:
        question = ngettext(
            "Vos réponses ajoutent %(num)s question à cette section.",
            "Vos réponses ajoutent %(num)s questions à cette section.",
            added,
        )
        sentences.append(question)
    text = " ".join(sentences)
    if not (unfinished and section_path):
        return text
    label = ngettext("Finir cette réponse", "Finir la première", unfinished)
    return MessageWithLink(text, label, f"{section_path}#q-{unfinished_keys[0]}")


def describe_reviews_under_way(reviews: Collection[Review]) -> list[str]:
    """The sentence that names the reviews whose questionnaires are not offered."""
    numbers = ", ".join(str(review.number) for review in reviews)
    sentence = ngettext(
        "La revue %(numbers)s n’est pas finie : son questionnaire ne s’ouvre pas deux fois.",
        "Les revues %(numbers)s ne sont pas finies : leurs questionnaires ne s’ouvrent pas deux fois.",
        len(reviews),
        numbers=numbers,
    )
    return [sentence] if reviews else []
