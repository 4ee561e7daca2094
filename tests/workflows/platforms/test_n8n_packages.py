"""The facts about n8n are held against its packages: nothing that differs goes unsaid."""

import json

import pytest

from tests.n8n_packages import differences, main, read

SLACK = {
    "displayName": "Slack",
    "name": "slack",
    "version": [1, 2],
    "outputs": ["main"],
    "credentials": [
        {"name": "slackApi", "required": True, "displayOptions": {"show": {"auth": ["token"]}}},
        {"name": "slackOld", "required": True, "displayOptions": {"show": {"@version": [1]}}},
        {"name": "optional", "displayOptions": {}},
    ],
}
SWITCH = {
    "displayName": "Switch",
    "name": "n8n-nodes-base.switch",
    "version": 1,
    "outputs": ["main", "main", {"type": "main"}, "ai_tool"],
}
KNOWN = {
    "types": {
        "n8n-nodes-base.slack": {
            "label": "Slack",
            "newest": 2,
            "eras": [
                {"v": [1], "creds": {"slackApi": {"auth": ["token"]}, "slackOld": {}}},
                {"v": [2], "creds": {"slackApi": {"auth": ["token"]}}},
            ],
        },
        "n8n-nodes-base.switch": {"label": "Switch", "newest": 1, "eras": [{"v": [1], "out": 3}]},
    }
}


def compared(*descriptions, tmp_path, known=KNOWN):
    folder = tmp_path / "n8n-nodes-base" / "dist"
    folder.mkdir(parents=True)
    (folder / "nodes.json").write_text(json.dumps(descriptions))
    return list(differences(known, read(tmp_path)))


def test_facts_that_agree_say_nothing(tmp_path):
    assert compared(SLACK, SWITCH, tmp_path=tmp_path) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": [1, 2, 2.1]}, "versions 1, 2, in the packages 1, 2, 2.1"),
        ({"displayName": "Slack 2"}, "label “Slack”, in the packages “Slack 2”"),
        ({"defaultVersion": 1}, "newest version 2, in the packages 1"),
        ({"outputs": []}, "version 1: 1 outputs, in the packages 0"),
        ({"credentials": []}, "version 2: credentials"),
        ({"name": "slacker"}, "slacker: a new type, in versions 1, 2"),
        ({"name": "slacker"}, "slack: no longer in the packages"),
    ],
)
def test_whatever_differs_is_said(tmp_path, change, said):
    lines = compared({**SLACK, **change}, SWITCH, tmp_path=tmp_path)
    assert any(said in line for line in lines)


@pytest.mark.parametrize(
    ("rule", "needed"),
    [
        ({"_cnd": {"gte": 2}}, [2]),
        ({"_cnd": {"lt": 2}}, [1]),
        ({"_cnd": {"between": {"from": 1, "to": 1.5}}}, [1]),
        ({"_cnd": {"not": 1}}, [2]),
        (2, [2]),
    ],
)
def test_credentials_of_some_versions_only_are_told_apart(tmp_path, rule, needed):
    show = {"show": {"@version": [rule]}}
    description = {**SLACK, "credentials": [
        {"name": "key", "required": True, "displayOptions": show}]}  # fmt: skip
    eras = [{"v": [each], "creds": {"key": {}} if each in needed else {}} for each in (1, 2)]
    known = {"types": {"n8n-nodes-base.slack": {"label": "Slack", "newest": 2, "eras": eras}}}
    assert compared(description, tmp_path=tmp_path, known=known) == []


def test_a_wrong_call_is_told_how(tmp_path, capsys):
    assert main([]) == main([str(tmp_path / "gone")]) == main([str(tmp_path)]) == 2
    assert "There is no nodes.json below" in capsys.readouterr().err
