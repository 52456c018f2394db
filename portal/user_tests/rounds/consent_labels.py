"""The default consent text, in French and English."""

from collections.abc import Mapping

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import ngettext, using_language
from portal.project.projects.models import Project
from portal.user_tests.rounds.models import LINE_MAX, SessionMethod

CONSENT_PARTS = ("purpose", "course", "retention", "withdrawal", "dpo_contact")


def build_default_consent_parts(
    project: Project, method: SessionMethod, months: int, locale: str
) -> Mapping[str, str]:
    """Return the default text by part; `months` is the retention.

    The contact is the organisation's data protection officer as a function; the team adds the
    address.
    """
    with using_language(locale):
        return {
            "purpose": _describe_purpose(project),
            "course": f"{_describe_procedure(method)} {_describe_recorded_data()}",
            "retention": _describe_retention(months),
            "withdrawal": _describe_withdrawal(),
            "dpo_contact": _describe_contact(project)[:LINE_MAX],
        }


def _describe_purpose(project: Project) -> str:
    return _(
        "Nous essayons un prototype, « %(title)s » (%(organisation)s). Nous voulons voir s’il vous"
        " aide vraiment et ce qui vous gêne. C’est le prototype que nous éprouvons, jamais vous :"
        " il n’y a pas de mauvaise réponse.",
        organisation=project.organisation,
        title=project.title,
    )


def _describe_procedure(method: SessionMethod) -> str:
    match method:
        case SessionMethod.MODERATED:
            return _(
                "Pendant la séance, une personne de l’équipe vous propose quelques tâches et vous"
                " regarde faire."
            )
        case SessionMethod.UNMODERATED:
            return _("Vous faites seul quelques tâches, quand vous le voulez.")
        case SessionMethod.FIELD:
            return _(
                "Vous vous servez du prototype dans votre travail ou vos démarches, pendant une"
                " durée convenue."
            )


def _describe_recorded_data() -> str:
    return _(
        "Nous notons ce que vous réussissez, le temps passé, ce que vous en dites et vos réponses à"
        " un court questionnaire. Ni votre nom ni vos coordonnées ne sont enregistrés : la séance"
        " porte un code, écrit sur cette feuille."
    )


def _describe_retention(months: int) -> str:
    duration = ngettext("%(num)s mois", "%(num)s mois", months)
    return _(
        "Les notes de la séance sont effacées %(told)s après la fin du projet. Ensuite, seuls des"
        " chiffres d’ensemble restent, où personne ne peut être reconnu. D’ici là, ces notes sont"
        " lues par l’équipe du projet, ses coachs, la direction de son programme et la personne qui"
        " en relit l’éthique.",
        told=duration,
    )


def _describe_withdrawal() -> str:
    return _(
        "Participer est libre. Vous pouvez vous arrêter à tout moment, sans dire pourquoi. Plus"
        " tard aussi, donnez votre code à l’équipe : tout ce qui vient de votre séance est effacé"
        " aussitôt du portail, puis de ses sauvegardes quand elles expirent, sans conséquence pour"
        " vous."
    )


def _describe_contact(project: Project) -> str:
    return _("%(organisation)s, délégué à la protection des données", organisation=project.organisation)
