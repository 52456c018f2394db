"""What the feature "ProConnect" brings to the application."""

from portal.people.accounts.access_commands import AccessBesidePasswordSource
from portal.people.accounts.views import SignInButton, SignOutElsewhere
from portal.people.proconnect import link_views, views, waiting_views
from portal.people.proconnect.labels import list_identity_labels
from portal.people.proconnect.models import FederatedIdentity
from portal.people.second_factor.views import ProofButton
from portal.platform.kernel.personal_data import PersonalDataset, build_personal_tables_to_delete
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import CountEffectOfSuccess, at_most, network, own_session

FEATURE = Feature(
    blueprints=(views.bp, link_views.bp),
    public=(
        "proconnect.start",
        "proconnect.come_back",
        "proconnect.finish",
        "proconnect.pending_identity",
        "proconnect.use_other_account",
        "proconnect.signed_out",
    ),
    limits={
        "proconnect.start": (at_most("300 per 15 minutes", network),),
        "proconnect.finish": (at_most("100 per 15 minutes", network, CountEffectOfSuccess.IS_GIVEN_BACK),),
        "proconnect.link": (at_most("30 per hour", own_session),),
        "proconnect.prove": (at_most("30 per hour", own_session),),
    },
    sensitive=(
        "proconnect.link",
        "proconnect_links.link_pending",
        "proconnect_links.unlink_page",
        "proconnect_links.unlink",
    ),
    personal_data=(
        PersonalDataset("proconnect", _l("ProConnect"), build_personal_tables_to_delete(FederatedIdentity)),
    ),
    sections=(
        AccessBesidePasswordSource(list_identity_labels, "proconnect_links.page"),
        SignInButton("proconnect.start", views.button_label, views.button_brand),
        SignOutElsewhere(waiting_views.find_sign_out_url),
        ProofButton("proconnect.prove", _l("Confirmer avec ProConnect")),
    ),
)
