"""How Django finds our admin instead of its own."""

from django.contrib.admin.apps import AdminConfig


class StaffAdminConfig(AdminConfig):
    default_site = "apps.ops.staff.site.StaffSite"
