"""The channels of an account on a page."""

import pytest

from apps.ops.notifications.channels import channel_url
from apps.ops.notifications.models import Channel

HERE = "/settings/notifications"
SLACK = "https://hooks.slack.com/services/T00000000/B00000000/abcdefghijklmnopqrstuvwx"


def add(client, **said):
    body = {"name": "Team", "url": SLACK, "frequency": "daily", "kinds": ["new_critical"]}
    return client.post(HERE, {**body, **said})


def test_channel_is_kept_and_its_address_shown_only_in_part(owner, pro):
    assert add(owner).status_code == 302
    channel = Channel.objects.get()
    assert (channel.type, channel.frequency, channel.kinds) == ("slack", "daily", ["new_critical"])
    page = owner.get(HERE).content.decode()
    assert "Team" in page
    assert "abcdefghijklmnopqrstuvwx" not in page


def test_second_channel_leaves_the_first_as_it_is(owner, pro, alice):
    add(owner)
    address = channel_url(Channel.objects.get())
    add(owner, name="Mail", url=f"mailto:{alice.user.email}")
    assert Channel.objects.count() == 2
    assert channel_url(Channel.objects.get(name="Team")) == address


def test_channel_is_changed_without_naming_its_address_again(owner, pro):
    add(owner)
    channel = Channel.objects.get()
    address = channel_url(channel)
    said = {"channel": str(channel.pk), "name": "Other", "kinds": ["payment_failed"], "url": ""}
    assert add(owner, **said).status_code == 302
    channel.refresh_from_db()
    assert (channel.name, channel.kinds, channel.enabled) == ("Other", ["payment_failed"], False)
    assert channel_url(channel) == address


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": ""}, {"url": "nonsense"}, {"url": "file:///etc/passwd"},
        {"url": "json://127.0.0.1/x"}, {"url": "mailto:stranger@example.org"},
        {"name": ""}, {"kinds": []}, {"kinds": ["nonsense"]}, {"frequency": "always"},
        {"channel": "x"}, {"channel": "00000000-0000-4000-8000-000000000000"},
    ],
)  # fmt: skip
def test_wrong_input_is_explained_and_nothing_kept(owner, pro, wrong):
    answer = add(owner, **wrong)
    assert answer.status_code in (400, 404)
    page = answer.content.decode()
    assert 'role="alert"' in page
    assert "channels[" not in page
    assert not Channel.objects.exists()


def test_channel_is_removed(owner, pro):
    add(owner)
    page = owner.post(f"{HERE}/{Channel.objects.get().pk}", {"action": "remove"}, follow=True)
    assert "The channel is removed" in page.content.decode()
    assert not Channel.objects.exists()


def test_free_plan_has_no_channels_and_says_so(owner):
    assert add(owner).status_code == 402
    assert "Part of the Pro plan" in owner.get(HERE).content.decode()


def test_channel_of_another_account_is_not_found(owner, stranger, pro):
    add(owner)
    channel = Channel.objects.get()
    assert stranger.post(f"{HERE}/{channel.pk}", {"action": "remove"}).status_code == 404
    assert Channel.objects.exists()
