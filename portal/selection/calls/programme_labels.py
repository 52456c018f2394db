"""The calls of a programme in a few words: for the programme's page."""

from flask import url_for

from portal.people.programmes.models import Programme
from portal.people.programmes.notice_labels import ProgrammeCalls
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lower_first
from portal.selection.calls import labels, queries


def describe_latest_call(actor: Actor, programme: Programme) -> tuple[str, str]:
    """« Appel : ouvert » and its path; of several, the latest; « Appels » where there is none."""
    calls = queries.list_calls(actor, programme)
    if not calls:
        return _("Appels"), url_for("calls.index", slug=programme.slug)
    state = str(labels.STATES[calls[0][0].state])
    label = _("Appel\u00a0: %(state)s", state=lower_first(state))
    if len(calls) > 1:
        return label, url_for("calls.index", slug=programme.slug)
    return label, url_for("calls.page", slug=programme.slug, call=calls[0][0].number)


CALLS = ProgrammeCalls(describe_latest_call)
