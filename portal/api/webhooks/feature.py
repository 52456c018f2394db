"""What the feature "webhooks" brings to the application."""

from portal.api.webhooks import api, views
from portal.api.webhooks.models import Webhook, WebhookDelivery
from portal.platform.kernel.personal_data import PersonalDataset, PersonalTable, PersonalTextRedaction
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, own_session

FEATURE = Feature(
    blueprints=(views.bp,),
    limits={"webhooks.test": (at_most("60 per hour", own_session),)},
    api=(api.area,),
    personal_data=(
        PersonalDataset(
            "webhooks",
            _l("Webhooks"),
            (PersonalTable(model=Webhook, secrets=("secret", "earlier_secret")),),
        ),
        PersonalTextRedaction(model=WebhookDelivery, is_copy=True),
    ),
)
