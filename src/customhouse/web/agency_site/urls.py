"""The paths of the agency's process."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import path, re_path

from customhouse.web.agency_site import joining_pages, pages, paper_pages
from customhouse.web.agency_site.api import api
from customhouse.web.agency_site.sign_in import SignIn

urlpatterns = [
    path("", pages.statements, name="statements"),
    re_path("^statements/(?P<number>[0-9A-Z]{1,10})$", pages.statement, name="statement"),
    re_path(
        "^statements/(?P<number>[0-9A-Z]{1,10})/print$",
        paper_pages.statement_print,
        name="statement-print",
    ),
    re_path(
        "^statements/(?P<number>[0-9A-Z]{1,10})[.](?P<shape>csv|json|pdf|txt)$",
        paper_pages.statement_file,
        name="statement-file",
    ),
    re_path("^joining/?$", joining_pages.find, name="joining-number"),
    re_path("^joining/(?P<number>[0-9A-Z]{1,10})$", joining_pages.application, name="joining"),
    path("sign-in", SignIn.as_view(), name="sign-in"),
    path("sign-out", LogoutView.as_view(), name="sign-out"),
    path("static/<str:name>", pages.static_file, name="static-file"),
    path("", api.urls),
]

handler400 = "customhouse.web.agency_site.errors.bad_request"
handler403 = "customhouse.web.agency_site.errors.forbidden"
handler404 = "customhouse.web.agency_site.errors.not_found"
handler500 = "customhouse.web.agency_site.errors.failed"
