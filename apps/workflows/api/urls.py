"""The paths of the workflow API."""

from django.urls import path

from apps.workflows.api import reports, simulate, test_endpoints, trends, viewsets
from apps.workflows.api.choices import views as choices
from apps.workflows.api.landscape import views as landscape
from apps.workflows.api.library import sync
from apps.workflows.api.library import views as library
from apps.workflows.api.notifications import views as notifications
from apps.workflows.api.scans import views as scans

urlpatterns = [
    path("api/analyze", viewsets.AnalyzeView.as_view()),
    path(
        "api/analysis/<uuid:pk>",
        viewsets.AnalysisViewSet.as_view({"get": "retrieve", "delete": "destroy"}),
    ),
    path("api/analysis/<uuid:pk>/report", reports.ReportView.as_view()),
    path("api/analysis/<uuid:pk>/compare", reports.CompareView.as_view()),
    path("api/analysis/<uuid:pk>/share", reports.ShareView.as_view()),
    path("share/<str:token>", reports.shared_report),
    path("api/simulate", simulate.SimulateView.as_view()),
    path("api/references", landscape.ReferencesView.as_view()),
    path("api/map", landscape.MapView.as_view()),
    path("api/trends", trends.TrendsView.as_view()),
    path("api/history", viewsets.HistoryViewSet.as_view({"get": "list"})),
    path("api/workflows", library.WorkflowsView.as_view({"get": "list", "post": "create"})),
    path("api/workflows/sync", sync.SyncView.as_view()),
    path("api/workflows/<uuid:pk>", library.WorkflowView.as_view({"get": "retrieve"})),
    path("api/workflows/<uuid:pk>/structure", library.StructureView.as_view({"get": "retrieve"})),
    path("api/scans", scans.ScansView.as_view({"get": "list", "post": "create"})),
    path("api/scans/<uuid:pk>", scans.ScanView.as_view({"get": "retrieve", "delete": "destroy"})),
    path("api/settings/notifications", notifications.NotificationSettingsView.as_view()),
    path("api/settings/notifications/test", notifications.NotificationTestView.as_view()),
    path("api/settings/rules", choices.RuleSettingsView.as_view()),
    path(
        "api/suppressions",
        choices.SuppressionsView.as_view({"get": "list", "post": "create"}),
    ),
    path("api/suppressions/<uuid:pk>", choices.SuppressionView.as_view({"delete": "destroy"})),
    path("api/rules", viewsets.RuleViewSet.as_view({"get": "list"})),
    path("api/rules/<str:rule_id>", viewsets.RuleViewSet.as_view({"get": "retrieve"})),
    path("test/workflows", test_endpoints.TestWorkflowsView.as_view()),
    path("test/analyze", test_endpoints.TestAnalyzeView.as_view()),
    path("test/history", test_endpoints.TestHistoryView.as_view()),
    path("test/health", test_endpoints.TestHealthView.as_view()),
]
