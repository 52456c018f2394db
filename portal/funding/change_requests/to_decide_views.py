"""The way to a change request from the page of what is to decide."""

from portal.funding.change_requests.to_decide_labels import CODE
from portal.funding.instalments.to_decide_views import offer_acts, refuse_every_act
from portal.project.projects.to_decide_views import InPlaceActs

ACTS = InPlaceActs(code=CODE, offer=offer_acts, submit=refuse_every_act)
