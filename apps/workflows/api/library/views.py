"""GET and POST /api/workflows, one workflow, and its structure."""

from __future__ import annotations

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.access import HasAccount, account_of, user_of
from apps.ops.envelope import Verbatim
from apps.workflows.api.library.serializers import (
    ImportedSerializer,
    ImportSerializer,
    StructureSerializer,
    UploadSerializer,
    WorkflowRowSerializer,
    WorkflowSerializer,
    WorkflowsQuerySerializer,
)
from apps.workflows.api.library.structure import structure_to_wire
from apps.workflows.api.library.uploads import (
    fault_to_wire,
    read_documents,
    refuse_if_nothing,
)
from apps.workflows.api.pages import kept_page
from apps.workflows.api.parsers import DefinitionParser
from apps.workflows.models import Workflow
from apps.workflows.selectors import (
    graph_of,
    newest_version_of,
    rows_of,
    version_row,
    versions_of,
    workflow_find,
    workflow_row,
    workflows_filtered,
    workflows_tag,
)
from apps.workflows.services import workflow_import

#: A write drops it at once; this is for what nobody thought of.
KEPT_SECONDS = 300


class WorkflowsView(viewsets.GenericViewSet[Workflow]):
    permission_classes = [HasAccount]
    parser_classes = [DefinitionParser, MultiPartParser]
    extra_failures = {"POST": (402, 422)}

    @extend_schema(
        operation_id="workflows",
        parameters=[WorkflowsQuerySerializer],
        responses={200: WorkflowRowSerializer(many=True)},
    )
    def list(self, request: Request) -> Response:
        """The account's workflows with their last score."""
        query = WorkflowsQuerySerializer.read(request.query_params)
        account = account_of(request)
        return kept_page(
            self,
            lambda: workflows_filtered(account, **query),
            workflow_row,
            tag=workflows_tag(account.pk),
            seconds=KEPT_SECONDS,
            depends=query,
        )

    @extend_schema(
        operation_id="workflow_import",
        request={"application/json": ImportSerializer, "multipart/form-data": UploadSerializer},
        responses={200: ImportedSerializer, 201: ImportedSerializer},
    )
    def create(self, request: Request) -> Response:
        """Import workflows of any platform: a definition, an export of several, a ZIP of them.

        200 when all of it was known already. Where the plan has no room for all, none is taken.
        """
        account = account_of(request)
        found, said = read_documents(request)
        done = workflow_import(account=account, user=user_of(request), documents=found, **said)
        refuse_if_nothing(done)
        data = {
            "workflows": rows_of(account, done.workflows),
            "imported": done.imported,
            "unchanged": done.unchanged,
            "errors": [fault_to_wire(fault) for fault in done.errors],
        }
        return Response(data, status=201 if done.imported else 200)


class WorkflowView(viewsets.GenericViewSet[Workflow]):
    permission_classes = [HasAccount]

    @extend_schema(operation_id="workflow_retrieve", responses={200: WorkflowSerializer})
    def retrieve(self, request: Request, pk: UUID) -> Response:
        """A workflow, its versions, and its newest definition as it came."""
        workflow = workflow_find(account_of(request), pk)
        newest = newest_version_of(workflow)
        data = {
            **workflow_row(workflow),
            "versions": [version_row(version) for version in versions_of(workflow)],
            "definition": Verbatim(newest.definition) if newest else None,
        }
        return Response(data)


class StructureView(viewsets.GenericViewSet[Workflow]):
    permission_classes = [HasAccount]
    extra_failures = (409,)

    @extend_schema(operation_id="workflow_structure", responses={200: StructureSerializer})
    def retrieve(self, request: Request, pk: UUID) -> Response:
        """The canonical graph of a workflow, the same for every platform.

        409 for one known only from a list.
        """
        return Response(structure_to_wire(graph_of(workflow_find(account_of(request), pk))))
