"""What a project's page says to whoever opens it for the first time, by what they do there."""

from portal.app.home.policy import is_reviewer
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.project.projects import policy
from portal.project.projects.models import Project


def describe_how_to_begin(actor: Actor, project: Project) -> str:
    """How to begin, for a reader who has never come before."""
    if policy.can_lead_team(actor, project):
        return _(
            "Vous êtes le porteur : invitez l’équipe, déclarez la météo, soumettez les revues éthiques,"
            " demandez les jalons. Ce qui vous attend est ici, en haut de la page ; le reste est plié"
            " plus bas."
        )
    if policy.is_on_team(actor, project):
        return _(
            "Vous êtes de l’équipe : ce qui vous attend est ici, en haut de la page, et se fait souvent d’un"
            " clic. Le sprint en cours est à côté ; le reste est plié plus bas."
        )
    if policy.can_lead_programme(actor, project):
        return _(
            "Vous dirigez le programme : affectez coachs et relecteur, répondez aux décisions attendues."
            " Ce qui attend votre réponse dans ce projet est ici."
        )
    if policy.can_advise(actor, project):
        return _(
            "Vous accompagnez cette équipe : notez vos séances, recommandez, répondez aux demandes"
            " d’aide. Ce qui attend votre réponse est ici ; les notes de coachs sont sous « Coachs,"
            " séances, décisions »."
        )
    if is_reviewer(actor):
        return _(
            "Vous relisez les revues éthiques de ce projet : celles qui vous attendent sont ici, avec les"
            " preuves à confirmer."
        )
    return _(
        "Vous lisez ce projet : sa santé en haut, son sprint et ses jalons à côté, le reste plié plus bas."
    )
