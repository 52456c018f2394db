"""Words for the accounts of the ledger."""

from collections.abc import Mapping

from portal.funding.ledger.models import LedgerAccount
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import lazy_gettext as _l

ACCOUNTS: Mapping[LedgerAccount, LazyString] = {
    LedgerAccount.COMMITTED: _l("Engagé"),
    LedgerAccount.REQUESTED: _l("Demandé"),
    LedgerAccount.CHECKED: _l("Contrôlé"),
    LedgerAccount.PAID: _l("Versé"),
    LedgerAccount.RECOVERED: _l("Reversé"),
}
