"""Bytes that are honest, broken or hostile: parsed, or refused with a code and a place."""

import io
import json
import zipfile

import pytest

from apps.workflows.platforms.base import DefinitionError, MalformedJson, TooLarge
from apps.workflows.platforms.loading import MAX_FILE, Room, documents, parse, scrub

WORKFLOW = {"name": "A", "status": "published", "workflowData": {"templates": []}}


def zipped(files: dict[str, bytes], **options) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_every_unicode_encoding_is_understood(encoding: str):
    assert parse(json.dumps({"name": "Grüße"}, ensure_ascii=False).encode(encoding)) == {
        "name": "Grüße"
    }


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b'{"a": 1', "line 1, column 8"),
        (b'{"a": 1,\n "b": }', "line 2, column 7"),
        (b"{'a': 1}", "line 1, column 2"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "-Infinity"),
        (b'{"a": "\xff"}', "byte 7"),
        (b"\xff\xfe\x00", "byte"),
        (b"[" * 10_000, "200 levels"),
        (b"[" * 10_000 + b"]" * 10_000, "200 levels"),
        (b'{"a":' * 300 + b"1" + b"}" * 300, "200 levels"),
        (b"1" * 5000, "Not valid JSON"),
        (b'"\x01"', "line 1, column 2"),
    ],
)
def test_malformed_json_is_refused_with_what_and_where(data: bytes, says: str):
    with pytest.raises(MalformedJson, match=says) as refused:
        parse(data)
    assert refused.value.code == "malformed_json"


def test_too_deep_nesting_is_placed():
    with pytest.raises(MalformedJson) as refused:
        parse(b'{"a": "[[[",\n"b": ' + b"[" * 300 + b"]" * 300 + b"}")
    assert refused.value.place == "line 2, column 205"


def test_nesting_within_the_limit_is_fine():
    assert parse(b"[" * 200 + b"]" * 200)


def test_lone_surrogates_and_nul_are_replaced_in_keys_and_values():
    assert parse(rb'{"a\ud800": "x\udfffy", "b": "\u0000", "c": "\ud83d\ude00"}') == {
        "a\ufffd": "x\ufffdy",
        "b": "\ufffd",
        "c": "\U0001f600",
    }
    assert scrub([{"é\ud800": 1}]) == [{"é\ufffd": 1}]


def test_a_file_beyond_the_limit_is_refused():
    with pytest.raises(TooLarge):
        parse(b" " * (MAX_FILE + 1))


def test_a_zip_gives_its_json_files_in_order():
    data = zipped(
        {
            "b.workflow.json": b'{"b": 1}',
            "a.workflow.json": b'{"a": 1}',
            "_index.json": b"{}",
            "readme.txt": b"no",
            "__MACOSX/._a.json": b"no",
        }
    )
    found = documents(data, "export.zip")
    assert [(d.name, d.content) for d in found] == [
        ("export.zip/a.workflow.json", {"a": 1}),
        ("export.zip/b.workflow.json", {"b": 1}),
    ]


def test_one_broken_file_in_a_zip_does_not_hide_the_others():
    found = documents(zipped({"a.json": b"{", "b.json": b"[]"}), "x.zip")
    assert [bool(d.error) for d in found] == [True, False]


def test_a_folder_with_workflow_and_trigger_file_is_one_document():
    data = zipped(
        {
            "lead/workflow.json": json.dumps(WORKFLOW).encode(),
            "lead/trigger.json": b'[{"id": "t1", "type": "contact_created"}]',
            "other/trigger.json": b"[]",
        }
    )
    found = documents(data, "x.zip")
    assert [d.name for d in found] == ["x.zip/lead/workflow.json", "x.zip/other/trigger.json"]
    assert "t1" in json.dumps(found[0].content)


@pytest.mark.parametrize("name", ["../evil.json", "a/../../evil.json", "/etc/x.json", "C:\\x.json"])
def test_a_zip_with_a_name_that_climbs_out_is_refused(name: str):
    [document] = documents(zipped({name: b"{}"}), "x.zip")
    assert document.error is not None
    assert document.error.code == "unsupported_definition"
    assert "unsafe name" in document.error.message


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(8):
            archive.writestr(f"{number}.json", b"[" + b" " * (16 << 20) + b"]")
    [document] = documents(out.getvalue(), "x.zip")
    assert document.error is not None
    assert document.error.code == "payload_too_large"


def test_a_zip_that_lies_about_its_sizes_is_cut_off():
    data = bytearray(zipped({"a.json": b"[" + b" " * (MAX_FILE + 9) + b"]"}))
    start = data.index(b"PK\x01\x02")
    data[start + 24 : start + 28] = (10).to_bytes(4, "little")
    [document] = documents(bytes(data), "x.zip")
    assert document.error is not None


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x05\x06", b"PK\x03\x04" + b"x" * 500])
def test_a_broken_zip_is_an_error_and_no_exception(data: bytes):
    [document] = documents(data, "x.zip")
    assert isinstance(document.error, DefinitionError)


@pytest.mark.parametrize("data", [b"null", b"5", b"true", b'"x"'])
def test_a_file_that_is_one_scalar_is_parsed_and_left_to_the_platforms(data: bytes):
    assert parse(data) == json.loads(data)


def test_values_without_end_are_refused_in_a_file_and_in_a_zip():
    many = b"[" + b"{}," * 800_000 + b"{}]"
    with pytest.raises(TooLarge, match="values"):
        parse(many)
    found = documents(
        zipped({"a.json": b"[" + b"1," * 900_000 + b"1]", "b.json": many[:1_500_000] + b"{}]"}), "x"
    )
    assert [d.error.code if d.error else None for d in found] == [None, "payload_too_large"]


@pytest.mark.parametrize(
    "bomb",
    [b"[" + b"1," * 900_000 + b"1]", b"[" + b" " * (25 << 20) + b"]"],
    ids=["values", "size"],
)
def test_files_that_come_together_share_one_limit(bomb: bytes):
    room, data = Room(), zipped({"a.json": bomb})
    found = [each for name in "abc" for each in documents(data, name, room)]
    assert found[0].error is None
    assert found[2].error is not None
    assert found[2].error.code == "payload_too_large"


def test_a_zip_without_json_says_so():
    [document] = documents(zipped({"a.txt": b"x"}), "x.zip")
    assert document.error is not None
    assert "no .json" in document.error.message


def test_an_encrypted_entry_is_an_error():
    data = bytearray(zipped({"a.json": b"{}"}))
    start = data.index(b"PK\x01\x02")
    data[start + 8] |= 1
    data[6] |= 1
    [document] = documents(bytes(data), "x.zip")
    assert document.error is not None
