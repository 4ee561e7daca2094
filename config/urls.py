"""Every path of the service; each app brings its own."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

urlpatterns = [
    path("", include("apps.workflows.views.urls")),
    path("", include("apps.ops.urls")),
    path("", include("apps.webhooks.urls")),
    path("", include("apps.billing.api.urls")),
    path("", include("apps.accounts.api.urls")),
    path("", include("apps.workflows.api.urls")),
    path("admin", RedirectView.as_view(url="/admin/")),
    path("admin/", admin.site.urls),
    path("api/schema", SpectacularJSONAPIView.as_view(versioning_class=None), name="schema"),
    path("api/explorer", SpectacularSwaggerSplitView.as_view(url_name="schema")),
]

handler400 = "apps.ops.errors.bad_request"
handler403 = "apps.ops.errors.permission_denied"
handler404 = "apps.ops.errors.not_found"
handler500 = "apps.ops.errors.server_error"
