"""Facts per version, spot-checked against n8n's packages: outputs, credentials, versions."""

import json
from pathlib import Path

import pytest

from apps.workflows.analysis.graph import UNKNOWN_TYPE
from apps.workflows.platforms.n8n import facts
from apps.workflows.platforms.n8n.types import (
    deprecated,
    newest_version,
    output_count,
    required_credentials,
    step_type,
)

BASE, AI = "n8n-nodes-base.", "@n8n/n8n-nodes-langchain."


def needs(name, version, **params):
    return required_credentials(name if name.startswith("@") else BASE + name, version, params)


def found(name):
    known = facts.find(name)
    assert known is not None
    return known


# -- outputs -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "version", "params", "count"),
    [
        ("set", 3.4, {}, 1),
        ("if", 2.3, {}, 2),
        ("filter", 2.2, {}, 1),
        ("stopAndError", 1, {}, 0),
        ("compareDatasets", 2.3, {}, 4),
        ("splitInBatches", 1, {}, 1),
        ("splitInBatches", 3, {}, 2),
        ("switch", 1, {}, 4),
        ("switch", 2, {}, 0),
        ("switch", 3.2, {}, 1),
        ("switch", 3.2, {"rules": {"values": [{}, {}]}}, 2),
        ("switch", 3.2, {"rules": "={{ 1 }}"}, None),
        ("switch", 3.2, {"mode": "expression"}, 4),
        ("switch", 3.2, {"mode": "expression", "numberOutputs": 1e400}, None),
        ("webhook", 2, {"multipleMethods": True}, 2),
        ("respondToWebhook", 1.1, {}, 1),
        ("respondToWebhook", 1.3, {}, 2),
        ("respondToWebhook", 1.4, {}, 1),
        (AI + "agent", 1.6, {}, 1),
        (AI + "lmChatOpenAi", 1, {}, 0),
        (AI + "guardrails", 2, {}, 2),
        (AI + "guardrails", 2, {"operation": "sanitize"}, 1),
        (AI + "vectorStoreQdrant", 1, {}, 0),
        (AI + "vectorStoreQdrant", 1, {"mode": "load"}, 1),
        ("gmailTool", 2.1, {}, 0),
        ("evaluation", 4.7, {"operation": "checkIfEvaluating"}, 2),
        # Nobody knows these versions, so nothing is known about their outputs.
        ("if", 9, {}, None),
        ("switch", 9, {}, None),
        ("openAi", 1.8, {}, None),
        ("n8n-nodes-acme.acme", 1, {}, None),
    ],
)
def test_number_of_outputs(name, version, params, count):
    full = name if "." in name else BASE + name
    assert output_count(full, version, params) == count


def test_node_without_version_is_known_as_far_as_all_versions_agree():
    assert output_count(BASE + "set", 0, {}) == 1
    assert output_count(BASE + "splitInBatches", 0, {}) is None


# -- credentials -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "version", "params", "expected"),
    [
        ("postgres", 2.5, {}, ("postgres",)),
        ("set", 3.4, {}, ()),
        ("slack", 2.2, {}, ("slackApi",)),
        ("slack", 2.2, {"authentication": "oAuth2"}, ("slackOAuth2Api",)),
        ("slack", 2.2, {"authentication": "={{ $json.how }}"}, ()),
        ("googleDrive", 1, {}, ("googleApi",)),
        ("googleDrive", 3, {}, ("googleDriveOAuth2Api",)),
        ("webhook", 2, {}, ()),
        ("webhook", 2, {"authentication": "headerAuth"}, ("httpHeaderAuth",)),
        ("httpRequest", 4.2, {}, ()),
        ("httpRequest", 1, {"authentication": "headerAuth"}, ("httpHeaderAuth",)),
        ("httpRequest", 4.2, {"authentication": "headerAuth"}, ()),
        (
            "httpRequest",
            4.2,
            {"authentication": "genericCredentialType", "genericAuthType": "httpHeaderAuth"},
            ("httpHeaderAuth",),
        ),
        (
            "httpRequest",
            4.2,
            {
                "authentication": "predefinedCredentialType",
                "nodeCredentialType": "airtableTokenApi",
            },
            ("airtableTokenApi",),
        ),
        ("httpRequest", 4.2, {"authentication": "predefinedCredentialType"}, ()),
        ("httpRequest", 4.2, {"nodeCredentialType": "airtableTokenApi"}, ()),
        ("httpRequest", 4.2, {"provideSslCertificates": True}, ("httpSslAuth",)),
        ("jira", 1, {}, ("jiraSoftwareCloudApi",)),
        ("wait", 1.1, {"incomingAuthentication": "basicAuth"}, ()),
        (
            "wait",
            1.1,
            {"incomingAuthentication": "basicAuth", "resume": "form"},
            ("httpBasicAuth",),
        ),
        (AI + "agent", 1.6, {}, ()),
        (AI + "agent", 1.6, {"agent": "sqlAgent"}, ("postgres",)),
        (AI + "lmChatOpenAi", 1.2, {}, ("openAiApi",)),
        ("gmailTool", 2.1, {}, ("gmailOAuth2",)),
        ("slack", 9, {}, ()),
        ("n8n-nodes-acme.acme", 1, {}, ()),
    ],
)
def test_credentials_a_node_cannot_run_without(name, version, params, expected):
    assert needs(name if "acme" not in name else "@acme/x", version, **params) == expected


@pytest.mark.parametrize("junk", [5, None, [], {"a": 1}, 1.5, True])
def test_parameters_of_a_wrong_type_count_as_left_out(junk):
    assert needs("slack", 2.2, resource=junk, operation=junk) == ("slackApi",)
    assert step_type(BASE + "slack", 2.2, {"operation": junk}).channel == "slack"


def test_answers_do_not_hang_on_what_was_asked_before():
    asked = [1, True, False, 1.0, True, 0]
    found = [needs("httpRequest", 4.2, provideSslCertificates=value) for value in asked]
    assert found == [(), ("httpSslAuth",), (), (), ("httpSslAuth",), ()]


# -- versions and retired types ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("if", 2.3),
        ("switch", 3.4),
        ("httpRequest", 4.5),
        ("set", 3.5),
        ("webhook", 2.1),
        ("splitInBatches", 3),
        ("merge", 3.2),
        ("code", 2),
        ("executeWorkflow", 1.4),
        ("highLevel", 2),
        ("kafkaTrigger", 1.3),  # 2 is there, but new nodes do not get it yet
        ("gmailTool", 2.2),
    ],
)
def test_newest_version(name, version):
    assert newest_version(BASE + name) == version


def test_newest_version_of_an_unknown_type_is_not_known():
    assert newest_version("n8n-nodes-acme.acme") is None


_RETIRED = (
    "cron interval function functionItem htmlExtract iCal itemLists line moveBinaryData openAi "
    "orbit readBinaryFile readBinaryFiles readPDF spreadsheetFile writeBinaryFile workflowTrigger "
    "start spontit"
)
#: Hidden from n8n's panel for other reasons than age, or not hidden at all.
_CURRENT = "aiTransform messageAnAgent databricksTrigger httpRequest set"


@pytest.mark.parametrize("name", _RETIRED.split())
def test_retired_types_say_what_to_use_instead(name):
    assert deprecated(BASE + name)
    assert step_type(BASE + name, 1, {}).deprecated == deprecated(BASE + name)


@pytest.mark.parametrize("name", _CURRENT.split())
def test_other_types_are_not_called_retired(name):
    assert deprecated(BASE + name) == ""
    assert deprecated("n8n-nodes-acme.acme") == deprecated(AI + "code") == ""


# -- the file of facts -------------------------------------------------------------------------


def test_facts_are_small_and_every_type_in_them_can_be_read():
    path = Path(facts.__file__).with_name("facts.json")
    assert path.stat().st_size < 200_000
    types = json.loads(path.read_text("utf-8"))["types"]
    assert len(types) > 500
    for name in types:
        for version, _ in found(name).versions:
            spec = step_type(name, version, {})
            assert spec.label
            assert spec is not UNKNOWN_TYPE
            output_count(name, version, {})


def test_tools_are_made_only_from_types_that_n8n_makes_them_from():
    assert found(BASE + "gmailTool").label == "Gmail Tool"
    assert step_type(BASE + "ifTool", 1, {}) is UNKNOWN_TYPE
