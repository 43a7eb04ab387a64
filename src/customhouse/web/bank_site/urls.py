"""The paths of the bank's process."""

from __future__ import annotations

from django.urls import path

from customhouse.web.bank_site.api import api

urlpatterns = [path("", api.urls)]

handler400 = "customhouse.web.bank_site.errors.bad_request"
handler403 = "customhouse.web.bank_site.errors.forbidden"
handler404 = "customhouse.web.bank_site.errors.not_found"
handler500 = "customhouse.web.bank_site.errors.failed"
