"""What becomes of a stored delivery: effects once, evidence of every failure, nothing lost."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.ops.jobs import Job
from apps.ops.jobs.running import run
from apps.webhooks import registry, services
from apps.webhooks.alerts import webhook_backlog, webhook_parked
from apps.webhooks.models import Delivery, DeliveryCount
from apps.webhooks.processing import delivery_process
from apps.webhooks.sources import Message
from apps.webhooks.tasks import ATTEMPTS
from tests.webhooks import kinds
from tests.webhooks.signing import committed, configure

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_done_yet():
    kinds.done.clear()
    kinds.known.clear()


def store(kind: str, n: object = 1, event_id: str = "evt_1") -> Delivery:
    """Stores an event; without a broker its job runs at once."""
    body = f'{{"type": "{kind}", "n": "{n}"}}'
    message = Message(event_id, kind, timezone.now(), body)
    with committed():
        services.delivery_store(source="stripe", message=message)
    return Delivery.objects.get(event_id=event_id)


def again(delivery: Delivery) -> Delivery:
    """Runs the job that waits for its next try, as the clock would."""
    job = Job.objects.get(kind="webhooks.process", payload={"delivery": delivery.pk})
    Job.objects.filter(pk=job.pk).update(run_at=timezone.now())
    run(job.pk)
    delivery.refresh_from_db()
    return delivery


def test_delivery_is_processed_once_and_belongs_to_an_account():
    delivery = store("test.note")
    assert (delivery.state, delivery.attempts, delivery.error) == ("processed", 1, "")
    assert delivery.processed_at
    assert delivery.account_id == kinds.ACCOUNT
    delivery_process(delivery_id=delivery.pk)
    assert kinds.done == ["1"]


def test_duplicate_has_no_effect():
    store("test.note")
    store("test.note")
    assert kinds.done == ["1"]


def test_event_nobody_asked_for_is_ignored():
    delivery = store("customer.tax_id.updated")
    assert delivery.state == "ignored"
    assert Job.objects.get().state == "done"


def test_failure_undoes_every_effect_leaves_evidence_and_is_tried_again():
    delivery = store("test.half")
    assert (delivery.state, delivery.attempts) == ("failed", 1)
    assert "did not work" in delivery.error
    assert "sk_live" not in delivery.error
    assert not DeliveryCount.objects.exists()
    assert Job.objects.get().state == "failed"
    assert again(delivery).attempts == 2
    assert kinds.done == ["tried", "tried"]


def test_last_try_parks_the_delivery():
    delivery = store("test.fails")
    Job.objects.update(attempts=ATTEMPTS - 1)
    assert again(delivery).state == "parked"


def test_permanent_error_parks_at_once():
    delivery = store("test.refuses")
    assert (delivery.state, delivery.attempts) == ("parked", 1)
    assert "It cannot be meant" in delivery.error


def test_absent_service_is_asked_again_later():
    assert store("test.away").state == "failed"


def test_worker_that_died_in_the_middle_leaves_it_open():
    delivery = store("test.fails")
    Delivery.objects.update(state="processing", type="test.note")
    assert again(delivery).state == "processed"


@pytest.mark.django_db(transaction=True)
def test_question_is_put_outside_the_transaction_and_the_handler_begins_anew():
    assert store("test.asks").state == "processed"
    assert kinds.done == ["begins", "begins", False, "begins", False, "blue"]


def test_handler_that_asks_without_end_fails():
    assert store("test.asks_on").state == "failed"
    assert len(kinds.done) < 10


def test_event_about_nobody_we_know_is_taken_up_when_we_do():
    first, second = store("test.about", "cus_1", "a"), store("test.about", "cus_2", "b")
    assert (first.state, first.subject) == ("ignored", "cus_1")
    kinds.known.add("cus_1")
    with committed():
        services.deliveries_claim(source="stripe", subject="cus_1")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.subject, second.state) == ("processed", "", "ignored")
    assert kinds.done == ["cus_1"]


def test_event_whose_subject_became_known_meanwhile_is_not_lost(monkeypatch):
    def settle(delivery: Delivery, **changes: object) -> None:
        services.delivery_settle(delivery, **changes)  # type: ignore[arg-type]
        kinds.known.add("cus_1")

    monkeypatch.setattr("apps.webhooks.processing.delivery_settle", settle)
    assert store("test.about", "cus_1").state == "processed"


def test_replay_begins_anew_what_failed_and_never_what_was_processed(capsys):
    processed = store("test.note", 1, "a")
    parked = store("test.refuses", 2, "b")
    ignored = store("test.unknown", 3, "c")
    Delivery.objects.filter(event_id="b").update(type="test.note")
    call_command("replay_deliveries", "--dry-run")
    assert "1 would be processed anew" in capsys.readouterr().out
    with committed():
        call_command("replay_deliveries")
    assert "1 will be processed anew" in capsys.readouterr().out
    for each in (processed, parked, ignored):
        each.refresh_from_db()
    assert [each.state for each in (processed, parked, ignored)] == [
        "processed",
        "processed",
        "ignored",
    ]
    assert kinds.done == ["1", "2"]
    with committed():
        call_command("replay_deliveries", "a", "c", "--source", "stripe", "--hours", "1")
    assert kinds.done == ["1", "2"]


def test_staff_replay_from_the_admin(staff):
    parked = store("test.refuses")
    Delivery.objects.update(type="test.note")
    page = "/admin/webhooks/delivery/"
    assert staff.get(page).status_code == 200
    assert staff.get(f"{page}{parked.pk}/change/").status_code == 200
    assert staff.get(f"{page}add/").status_code == 403
    act = {"action": "delivery_replay", "_selected_action": [parked.pk]}
    with committed():
        staff.post(page, {**act, "reason": "the account is known now"})
    parked.refresh_from_db()
    assert parked.state == "processed"


def test_open_delivery_without_a_job_gets_one_again():
    delivery = store("test.fails")
    Job.objects.all().delete()
    Delivery.objects.update(type="test.note")
    assert services.deliveries_sweep() == 0
    Delivery.objects.update(received_at=timezone.now() - datetime.timedelta(minutes=16))
    with committed():
        assert services.deliveries_sweep() == 1
    delivery.refresh_from_db()
    assert delivery.state == "processed"


def test_delivery_that_kills_its_workers_is_parked():
    delivery = store("test.fails")
    Job.objects.all().delete()
    old = timezone.now() - datetime.timedelta(minutes=16)
    Delivery.objects.update(received_at=old, attempts=services.MOST_ATTEMPTS)
    assert services.deliveries_sweep() == 0
    delivery.refresh_from_db()
    assert delivery.state == "parked"


def test_old_deliveries_go_and_their_number_stays():
    now = timezone.now()
    for n, (kind, days) in enumerate(
        [("test.note", 91), ("test.note", 91), ("test.note", 89), ("x", 91), ("test.refuses", 91)]
    ):
        delivery = store(kind, n, f"evt_{n}")
        Delivery.objects.filter(pk=delivery.pk).update(
            received_at=now - datetime.timedelta(days=days)
        )
    assert services.deliveries_prune() == 3
    assert services.deliveries_prune() == 0
    assert set(Delivery.objects.values_list("event_id", flat=True)) == {"evt_2", "evt_4"}
    counts = {each.type: (each.state, each.count) for each in DeliveryCount.objects.all()}
    assert counts == {"test.note": ("processed", 2), "x": ("ignored", 1)}
    Delivery.objects.filter(event_id="evt_2").update(received_at=now - datetime.timedelta(days=91))
    services.deliveries_prune()
    assert DeliveryCount.objects.get(type="test.note").count == 3


def test_deliveries_about_an_erased_account_go_with_it():
    store("test.note", 1, "a")
    store("test.about", "cus_1", "b")
    store("test.unknown", 1, "c")
    assert services.deliveries_erase(account_id=kinds.ACCOUNT, subjects=["cus_1", ""]) == 2
    assert Delivery.objects.get().event_id == "c"


def test_handlers_are_registered_once_and_only_for_known_senders():
    registry.on("stripe", "test.note")(kinds.note)
    assert registry.handlers("stripe", "test.note") == [kinds.note]
    assert registry.handlers("highlevel", "test.note") == []
    with pytest.raises(ValueError, match="paypal"):
        registry.on("paypal", "x")


def test_health_tells_each_sender_apart(client):
    store("test.note", 1, "a")
    store("test.refuses", 2, "b")
    store("test.fails", 3, "c")
    found = client.get("/webhooks/health").json()
    assert (found["stripe"]["backlog"], found["stripe"]["failed"]) == (1, 2)
    assert found["stripe"]["lastReceivedAt"].endswith("Z")
    assert found["stripe"]["lastProcessedAt"].endswith("Z")
    assert found["highlevel"] == {
        "lastReceivedAt": None, "lastProcessedAt": None, "backlog": 0, "failed": 0,
    }  # fmt: skip


def test_people_are_told_of_a_backlog_and_of_what_is_parked(settings):
    configure(settings, alert_webhook_backlog=1)
    assert (webhook_backlog(), webhook_parked()) == (None, None)
    for n in range(2):
        store("test.fails", n, f"evt_{n}")
    store("test.refuses", 3, "evt_3")
    assert webhook_backlog() == "Deliveries wait, more than 1: 2 of stripe."
    assert webhook_parked() == "Parked, for a person to look at: 1 of stripe."
