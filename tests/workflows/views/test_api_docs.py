"""The API documentation as a page."""

from drf_spectacular.generators import SchemaGenerator

from apps.workflows.views.api_docs import METHODS


def test_page_shows_every_operation_of_the_schema(visitor):
    page = visitor.get("/api/docs").content.decode()
    document = SchemaGenerator().get_schema(request=None, public=True)
    ids = [
        operation["operationId"]
        for methods in document["paths"].values()
        for method, operation in methods.items()
        if method in METHODS
    ]
    assert ids
    assert [each for each in ids if f'id="{each}"' not in page] == []


def test_page_shows_the_examples_that_are_run(visitor):
    page = visitor.get("/api/docs").content.decode()
    assert "Appointment reminder" in page
    assert "curl -X POST &quot;$BASE/api/analyze&quot;" in page


def test_page_is_light(visitor):
    assert len(visitor.get("/api/docs").content) < 200_000


def test_explorer_is_there_too(visitor):
    assert b"swagger-ui" in visitor.get("/api/explorer").content
