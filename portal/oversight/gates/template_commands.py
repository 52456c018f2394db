"""Give a new programme the gates of its template."""

from portal.oversight.gates.definition_documents import read_default_gates
from portal.oversight.gates.template_rules import GateTemplate, fit_gate_to_programme, map_tracks
from portal.oversight.gates.terms_commands import append_edition
from portal.people.programmes.models import Programme
from portal.people.programmes.queries import list_tracks
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _


def apply_template(actor: Actor, programme: Programme, template: GateTemplate) -> None:
    """Append edition 0 of each default gate that the template sets otherwise.

    The caller has just created the programme, with its tracks and its permission.
    """
    tracks = [(track.key, track.name_fr) for track in list_tracks(programme.id)]
    mapped = map_tracks(template, tracks)
    because = _("Modèle « %(name)s »", name=template.name_fr)
    for usual in read_default_gates():
        fitted = fit_gate_to_programme(usual, template, programme.months, mapped)
        if (fitted.terms, fitted.is_left_out) != (usual.terms, usual.is_left_out):
            append_edition(actor, programme, usual, fitted, because=because)
