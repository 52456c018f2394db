"""Set what a programme does with change requests and recoveries, and who signs letters."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.funding.agreements import policy
from portal.funding.agreements.models import FundingTerms
from portal.funding.agreements.terms_queries import find_funding_terms
from portal.funding.change_requests.models import FundingChangeKind
from portal.funding.change_requests.rules import ChangeMode, list_allowed_modes
from portal.people.programmes.models import Programme
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import check_version, db, lock_row
from portal.platform.kernel.errors import Conflict, RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l

TERMS_SET = audit.Action("funding_terms.set", _l("a changé les règles du financement"))


@dataclass(frozen=True, kw_only=True)
class FundingTermsFacts:
    """Values of `FundingTerms`; `modes` by kind."""

    recovery_days: int
    modes: Mapping[FundingChangeKind, ChangeMode]
    signatory_name: str = ""
    signatory_function: str = ""
    appeal_terms: str = ""


def set_funding_terms(
    actor: Actor, programme: Programme, facts: FundingTermsFacts, version: int
) -> FundingTerms:
    """Set the terms; `version` is 0 where the defaults hold. Raises `RuleBroken` on a kind that the
    programme may not treat so, `Conflict`, `NotAllowed`."""
    sentence = _("L’opérateur et la direction du programme fixent ces règles. Rien n’a été changé.")
    require(policy.can_set_terms(actor, programme), sentence)
    for kind, mode in facts.modes.items():
        if mode not in list_allowed_modes(kind):
            raise RuleBroken(kind.value, _("Cette demande touche à l’argent : dites qui en décide."))
    lock_row(Programme, programme.id)
    row = find_funding_terms(programme.id)
    if row is None:
        if version:
            raise Conflict
        row = FundingTerms(programme_id=programme.id)
        db.session.add(row)
    else:
        check_version(row, version)
    row.recovery_days = facts.recovery_days
    row.change_rules = {kind.value: mode.value for kind, mode in facts.modes.items()}
    row.signatory_name, row.signatory_function = facts.signatory_name, facts.signatory_function
    row.appeal_terms = facts.appeal_terms
    audit.record(actor, TERMS_SET, row, scope_id=programme.id)
    return row
