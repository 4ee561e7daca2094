"""How the REST framework and the OpenAPI document are set up; a part of the settings."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.accounts.authentication.BearerTokenAuthentication",
        "apps.ops.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["apps.ops.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["apps.ops.responses.EnvelopeRenderer"],
    "DEFAULT_METADATA_CLASS": "apps.ops.responses.MethodsMetadata",
    "DEFAULT_PAGINATION_CLASS": "apps.ops.responses.EnvelopePagination",
    "PAGE_SIZE": 20,
    "DEFAULT_VERSIONING_CLASS": "rest_framework.versioning.AcceptHeaderVersioning",
    "DEFAULT_VERSION": "1",
    "ALLOWED_VERSIONS": ["1"],
    "DEFAULT_SCHEMA_CLASS": "apps.ops.schema.EnvelopeSchema",
    "EXCEPTION_HANDLER": "apps.ops.errors.exception_handler",
    # `?format=` belongs to the report endpoint.
    "URL_FORMAT_OVERRIDE": None,
    # The renderer writes times, with milliseconds and Z.
    "DATETIME_FORMAT": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Workflow Debugger",
    "DESCRIPTION": "A linter for automation workflows.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "GradeEnum": "apps.workflows.api.serializers.GRADE_NAMES",
        "SampleNameEnum": "apps.workflows.samples.NAMES",
        "WorkflowStatusEnum": "apps.workflows.models.Workflow.Status",
        "ConnectionStateEnum": "apps.accounts.api.serializers.STATES",
        "ProviderEnum": "apps.accounts.api.serializers.PROVIDERS",
        "NoticeKindEnum": "apps.workflows.api.notifications.serializers.KINDS",
        "ConnectableEnum": "apps.accounts.api.serializers.CONNECTABLE",
    },
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "apps.ops.schema_probes.describe_probes",
        "apps.webhooks.schema.describe_inbox",
        "config.examples.add_examples",
    ],
}
