"""POST /api/workflows: every shape there is, in JSON and as files; and what cannot be taken."""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.workflows.models import Workflow, WorkflowVersion
from apps.workflows.samples import sample, sample_text
from tests.workflows.api.test_workflows import n8n

STEP = {"id": "s", "type": "sms", "name": "SMS", "attributes": {"body": "Hello"}}
HIGHLEVEL = {"_id": "h1", "name": "Raw", "status": "draft", "workflowData": {"templates": [STEP]}}
FLOW = [
    {"id": "t", "type": "tab", "label": "Home"},
    {"id": "i", "type": "inject", "z": "t", "wires": [[]]},
]
MODULE = {"id": 1, "module": "http:ActionSendData", "version": 3, "mapper": {}, "metadata": {}}
BLUEPRINT = {"name": "Scenario", "flow": [MODULE], "metadata": {"scenario": {}}}


def post(person, body):
    return person.client.post("/api/workflows", body, format="json")


def upload(person, *files, **more):
    body = {"file": [SimpleUploadedFile(name, data) for name, data in files], **more}
    return person.client.post("/api/workflows", body, format="multipart")


def zipped(files) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            text = content if isinstance(content, str) else json.dumps(content)
            archive.writestr(name, text)
    return stream.getvalue()


SHAPES = {
    "exporter envelope": (sample("medium"), 1, "highlevel"),
    "raw HighLevel document": (HIGHLEVEL, 1, "highlevel"),
    "combined export": ({"workflows": [HIGHLEVEL, sample("medium")]}, 2, "highlevel"),
    "account bundle": ({"workflows": [sample("medium")], "tags": [], "users": []}, 1, "highlevel"),
    "list of exports": ([sample("medium"), sample("healthy")], 2, "highlevel"),
    "n8n workflow": (n8n("One"), 1, "n8n"),
    "n8n list": ([n8n("One"), n8n("Two")], 2, "n8n"),
    "n8n API answer": ({"data": [n8n("One"), n8n("Two")], "nextCursor": None}, 2, "n8n"),
    "n8n template": ({"workflow": {"name": "T", "workflow": n8n("")}}, 1, "n8n"),
    "Node-RED flow file": (FLOW, 1, "node-red"),
    "Node-RED API answer": ({"rev": "1", "flows": FLOW}, 1, "node-red"),
    "Make blueprint": (BLUEPRINT, 1, "make"),
    "Make API answer": ({"response": {"blueprint": BLUEPRINT}}, 1, "make"),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("way", ["JSON", "file", "ZIP"])
def test_every_shape_is_taken_once(alice, shape, way):
    definition, count, platform = SHAPES[shape]

    def send():
        if way == "JSON":
            return post(alice, {"definition": definition})
        text = json.dumps(definition)
        data = text.encode() if way == "file" else zipped({"folder/any.json": text})
        return upload(alice, ("export", data))

    answer = send()
    assert answer.status_code == 201, answer.content
    data = answer.json()["data"]
    assert (data["imported"], data["unchanged"], data["errors"]) == (count, 0, [])
    assert [row["platform"] for row in data["workflows"]] == [platform] * count
    assert all(row["hasDefinition"] for row in data["workflows"])
    again = send()
    assert again.status_code == 200
    assert (again.json()["data"]["imported"], again.json()["data"]["unchanged"]) == (0, count)
    assert WorkflowVersion.objects.count() == count


@pytest.mark.parametrize("shape", SHAPES)
def test_what_was_taken_can_be_looked_at_and_analysed(alice, pro, shape):
    rows = post(alice, {"definition": SHAPES[shape][0]}).json()["data"]["workflows"]
    for row in rows:
        assert alice.client.get(f"/api/workflows/{row['id']}/structure").status_code == 200
        definition = alice.client.get(f"/api/workflows/{row['id']}").json()["data"]["definition"]
        again = post(alice, {"definition": definition, "name": row["name"]})
        assert again.json()["data"]["workflows"][0]["platform"] == row["platform"]


def test_an_exporters_folder_is_read_as_it_is_meant(alice):
    files = {
        "export/_index.json": [{"id": "h1"}],
        "export/one/workflow.json": HIGHLEVEL,
        "export/one/trigger.json": [{"id": "t1", "type": "contact_tag", "name": "Tag"}],
        "export/two.json": n8n("Two"),
    }
    answer = upload(alice, ("bundle.zip", zipped(files)))
    assert answer.status_code == 201
    assert answer.json()["data"]["imported"] == 2
    pk = Workflow.objects.get(platform="highlevel").pk
    data = alice.client.get(f"/api/workflows/{pk}").json()["data"]
    assert data["definition"]["triggers"][0]["id"] == "t1"


def test_several_files_are_taken_together(alice):
    answer = upload(
        alice, ("a.json", sample_text("medium").encode()), ("b.json", json.dumps(FLOW).encode())
    )
    assert answer.json()["data"]["imported"] == 2


def test_many_small_bombs_are_no_way_around_the_limit_of_one(alice):
    bomb = zipped({"a.json": "[" + "1," * 900_000 + "1]"})
    answer = upload(alice, *((f"{number}.zip", bomb) for number in range(3)))
    codes = [row["code"] for row in answer.json()["error"]["details"]]
    assert codes == ["unsupported_definition", "payload_too_large", "payload_too_large"]


def test_a_file_leaves_as_it_came(alice):
    text = sample_text("medium").replace('"status"', '"x": 1.10, "x": 1E2, "status"', 1)
    data = upload(alice, ("m.json", b"\xef\xbb\xbf" + text.encode())).json()["data"]
    answer = alice.client.get(f"/api/workflows/{data['workflows'][0]['id']}")
    assert f'"definition":{text}}}'.encode() in answer.content


def test_broken_files_are_listed_and_the_rest_is_kept(alice):
    files = {"bad.json": "{", "good.json": sample("medium"), "other.json": {"hello": 1}}
    answer = upload(alice, ("bundle.zip", zipped(files)))
    assert answer.status_code == 201
    data = answer.json()["data"]
    assert data["imported"] == 1
    assert [(row["name"], row["code"]) for row in data["errors"]] == [
        ("bundle.zip/bad.json", "malformed_json"),
        ("bundle.zip/other.json", "unsupported_definition"),
    ]
    assert all(row["message"] for row in data["errors"])


def test_a_name_is_given_to_a_single_workflow_only(alice):
    data = post(alice, {"definition": BLUEPRINT, "name": "Mine"}).json()["data"]
    assert [row["name"] for row in data["workflows"]] == ["Mine"]
    answer = post(alice, {"definition": [n8n("a"), n8n("b")], "name": "Ours"})
    assert answer.status_code == 400
    assert answer.json()["error"]["details"][0]["field"] == "name"


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({}, 400, "validation_error", "definition"),
        ({"definition": "x"}, 400, "validation_error", "definition"),
        ({"definition": None}, 400, "validation_error", "definition"),
        ([], 400, "validation_error", ""),
        ({"definition": {}}, 422, "unsupported_definition", "definition"),
        ({"definition": []}, 422, "unsupported_definition", "definition"),
        ({"definition": {"workflows": []}}, 422, "unsupported_definition", "definition"),
        ({"definition": BLUEPRINT, "platform": "n8n"}, 422, "unsupported_definition", "definition"),
        ({"definition": BLUEPRINT, "platform": "zapier"}, 400, "validation_error", "platform"),
        ({"definition": BLUEPRINT, "name": "x" * 501}, 400, "validation_error", "name"),
        ({"definition": BLUEPRINT, "name": {}}, 400, "validation_error", "name"),
    ],
)
def test_a_wrong_request_says_what_and_where(alice, body, status, code, field):
    answer = post(alice, body)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert (error["code"], error["details"][0]["field"]) == (code, field)
    assert not Workflow.objects.exists()


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 400, "malformed_json"),
        (b"{", 400, "malformed_json"),
        (b"\x89PNG\r\n", 400, "malformed_json"),
        (b'{"nodes": [1e999], "connections": {}}', 400, "malformed_json"),
        (b"[" * 5_000 + b"]" * 5_000, 400, "malformed_json"),
        (b'{"hello": 1}', 422, "unsupported_definition"),
        (b"PK\x03\x04 no archive", 422, "unsupported_definition"),
        (zipped({}), 422, "unsupported_definition"),
        (zipped({"readme.txt": "hello"}), 422, "unsupported_definition"),
        (zipped({"../../etc/x.json": {}}), 422, "unsupported_definition"),
        (zipped({"a.json": "{", "b.json": {"x": 1}}), 422, "unsupported_definition"),
        (zipped({f"{n}.json": " " * 16_000_000 for n in range(5)}), 413, "payload_too_large"),
    ],
)
def test_a_file_with_nothing_to_take_is_refused(alice, data, status, code):
    answer = upload(alice, ("any.name", data))
    assert answer.status_code == status, answer.content
    error = answer.json()["error"]
    assert error["code"] == code
    assert error["details"][0]["field"].startswith("any.name")
    assert not Workflow.objects.exists()


def test_a_table_of_contents_alone_is_refused(alice):
    answer = upload(alice, ("index.zip", zipped({"export/_index.json": [{"id": "h1"}]})))
    assert answer.status_code == 422
    assert answer.json()["error"]["message"] == "There is no workflow in this."


@pytest.mark.parametrize(
    "name", ["../../x.json", "a\x00b.json", "é😀.json", "x" * 5_000, "<script>.json", "'; DROP"]
)
def test_the_name_of_a_file_does_no_harm(alice, name):
    answer = upload(alice, (name, b"{"), ("good.json", sample_text("medium").encode()))
    assert answer.status_code == 201
    [fault] = answer.json()["data"]["errors"]
    assert ".." not in fault["name"]
    assert len(fault["name"]) <= 200


@pytest.mark.parametrize("name", ["", " ", "\x00", "\ud800", "<img src=x>", "名" * 600, "‮"])
def test_the_name_of_a_workflow_does_no_harm(alice, name):
    body = json.dumps({"definition": {**HIGHLEVEL, "name": name}})
    answer = alice.client.generic("POST", "/api/workflows", body, content_type="application/json")
    assert answer.status_code == 201
    [row] = answer.json()["data"]["workflows"]
    assert 0 < len(row["name"]) <= 500
    assert alice.client.get("/api/workflows").status_code == 200


def test_what_is_no_json_and_no_upload_is_415(alice):
    for kind in ("text/plain", "application/zip", "application/x-www-form-urlencoded"):
        answer = alice.client.generic("POST", "/api/workflows", b"PK", content_type=kind)
        assert answer.status_code == 415


def test_a_form_without_a_file_says_so(alice):
    answer = alice.client.post("/api/workflows", {"name": "x"}, format="multipart")
    assert answer.status_code == 400
    assert answer.json()["error"]["details"][0]["field"] == "file"
    answer = alice.client.post("/api/workflows", {"file": "text"}, format="multipart")
    assert answer.status_code == 400


def test_a_broken_form_is_a_failure_of_the_caller(alice):
    kind = "multipart/form-data; boundary=b"
    for body in (b"", b"--b", b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--"):
        answer = alice.client.generic("POST", "/api/workflows", body, content_type=kind)
        assert answer.status_code == 400
    answer = alice.client.generic(
        "POST", "/api/workflows", b"x", content_type="multipart/form-data"
    )
    assert answer.status_code == 400


def test_a_body_beyond_ten_megabytes_is_413(alice):
    answer = upload(alice, ("big.json", b" " * (10 * 1024 * 1024)))
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "payload_too_large"


def test_the_free_plan_has_room_for_ten_and_takes_all_or_nothing(alice):
    assert post(alice, {"definition": [n8n(f"w{n}") for n in range(9)]}).status_code == 201
    answer = post(alice, {"definition": [n8n("w9"), n8n("w10")]})
    assert answer.status_code == 402
    [detail] = answer.json()["error"]["details"]
    assert (detail["field"], detail["allowed"], detail["used"]) == ("workflows", 10, 9)
    assert Workflow.objects.count() == 9
    assert post(alice, {"definition": n8n("w9")}).status_code == 201
    assert post(alice, {"definition": n8n("w10")}).status_code == 402
    assert post(alice, {"definition": n8n("w9")}).status_code == 200
    changed = n8n("w9", active=True)
    assert post(alice, {"definition": changed}).status_code == 201


def test_where_there_is_no_room_an_analysis_is_answered_but_not_kept(alice):
    post(alice, {"definition": [n8n(f"w{n}") for n in range(10)]})
    answer = alice.client.post("/api/analyze", {"definition": sample("medium")}, format="json")
    assert answer.status_code == 200
    assert answer.json()["data"]["workflow"]["id"] is None
    assert Workflow.objects.count() == 10
    [row] = alice.client.get("/api/history").json()["data"]
    assert row["workflow"]["name"] == sample("medium")["workflow"]["name"]
