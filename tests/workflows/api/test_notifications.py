"""GET and PUT /api/settings/notifications, and the test of a channel."""

import dataclasses
import uuid

import pytest

from tests.players.server import Player, Reply, serving

URL = "/api/settings/notifications"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#general"
ROW = {"name": "Team", "url": SLACK, "kinds": ["new_critical", "scan_finished"]}


class Hook(Player):
    def answer(self, request):
        return Reply(200, {})


@pytest.fixture
def hook(settings):
    settings.ENVIRONMENT = dataclasses.replace(settings.ENVIRONMENT, allow_private_addresses=True)
    player = Hook()
    with serving(player):
        yield player


def put(person, *rows):
    return person.client.put(URL, {"channels": list(rows)}, format="json")


def test_channels_are_kept_and_read_back_without_secrets(alice, bob, pro):
    answer = put(alice, ROW)
    assert answer.status_code == 200
    [channel] = bob.client.get(URL).json()["data"]["channels"]
    assert channel == answer.json()["data"]["channels"][0]
    assert (channel["type"], channel["frequency"], channel["enabled"]) == (
        "slack",
        "immediately",
        True,
    )
    assert "TIiajkdnlazkcOXrIdevi7FQ" not in answer.content.decode()
    again = put(alice, {**ROW, "id": channel["id"], "url": channel["url"], "frequency": "daily"})
    assert again.json()["data"]["channels"][0]["frequency"] == "daily"


def test_free_plan_may_look_but_not_set(alice):
    assert alice.client.get(URL).status_code == 200
    answer = put(alice, ROW)
    assert (answer.status_code, answer.json()["error"]["code"]) == (402, "plan_limit")


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "json://127.0.0.1/x"}, {"url": "file:///etc/passwd"}, {"url": ""}, {"url": 5},
        {"name": ""}, {"kinds": ["no_such"]}, {"kinds": "new_critical"}, {"frequency": "never"},
        {"enabled": "perhaps"}, {"id": "x"}, {"url": "mailto:stranger@example.org"},
    ],
)  # fmt: skip
def test_wrong_channel_is_refused_with_its_place(alice, pro, wrong):
    answer = put(alice, ROW, {**ROW, **wrong})
    assert answer.status_code == 400
    assert answer.json()["error"]["details"][0]["field"].startswith("channels[1].")
    assert alice.client.get(URL).json()["data"]["channels"] == []


@pytest.mark.parametrize("body", [{}, [], {"channels": {}}, {"channels": [1]}, {"channels": None}])
def test_body_of_another_shape_is_refused(alice, pro, body):
    assert alice.client.put(URL, body, format="json").status_code == 400


def test_more_channels_than_anyone_needs_are_refused(alice, pro):
    assert put(alice, *[ROW] * 21).status_code == 400


def test_one_call_tests_a_channel_that_is_kept(alice, pro, hook):
    [channel] = put(alice, {**ROW, "url": hook.url}).json()["data"]["channels"]
    answer = alice.client.post(f"{URL}/test", {"channelId": channel["id"]}, format="json")
    assert answer.json()["data"] == {"delivered": True, "type": "webhook"}
    assert hook.requests[0].json()["title"]


def test_one_call_tests_an_address_before_it_is_kept(alice, pro, hook):
    answer = alice.client.post(f"{URL}/test", {"url": f"{hook.url}/new"}, format="json")
    assert answer.status_code == 200
    assert hook.requests[0].path == "/new"


def test_channel_that_takes_no_message_is_told(alice, pro, hook):
    hook.always = Reply(500)
    answer = alice.client.post(f"{URL}/test", {"url": hook.url}, format="json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (502, "upstream_unavailable")


def test_channel_of_another_account_is_not_found(alice, pro, charlie):
    [channel] = put(alice, ROW).json()["data"]["channels"]
    from apps.billing.models import Subscription

    Subscription.objects.create(account=charlie.account, plan="pro", state="active")
    body = {"channelId": channel["id"]}
    assert charlie.client.post(f"{URL}/test", body, format="json").status_code == 404
    assert charlie.client.get(URL).json()["data"]["channels"] == []
    assert put(charlie, {**ROW, "id": channel["id"]}).status_code == 400


@pytest.mark.parametrize(
    "body", [{}, {"channelId": str(uuid.uuid4()), "url": SLACK}, {"url": "json://10.0.0.1"}]
)
def test_test_of_nothing_or_of_a_private_address_is_refused(alice, pro, body):
    assert alice.client.post(f"{URL}/test", body, format="json").status_code == 400
