"""Real Celery workers on a real Redis and a real RabbitMQ, killed, cut off and poisoned."""

import json
import socket
import time
import uuid

from apps.ops.jobs import Job
from apps.ops.jobs.selectors import workers_report
from tests.ops.jobs.workers import Workers, effect_count, workers_on
from tests.servers import OwnRedis, until

JOBS = 2000


def unfinished() -> int:
    return Job.objects.filter(state__in=Job.UNFINISHED).count()


def lines_of(workers: Workers) -> list[dict[str, str]]:
    lines = workers.log.read_text().splitlines()
    return [json.loads(line) for line in lines if line.startswith("{")]


def test_workers_killed_over_and_over_do_every_job_once(workers):
    workers.start()
    workers.start()
    workers.enqueue("test.effect", JOBS)
    for done in range(200, JOBS, 300):
        until(lambda done=done: effect_count()[0] >= done, 60)
        # More than one worker can have: the one that is killed is at work.
        until(lambda: Job.objects.filter(state="running").count() > 2, 30)
        workers.kill(workers.running[0])
        workers.start()
    until(lambda: not unfinished(), 60)
    assert effect_count() == (JOBS, JOBS)
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}
    # The proof proves something: jobs were cut off in the middle.
    assert Job.objects.filter(attempts__gt=1).exists()


def test_poison_parks_and_blocks_nobody_and_ids_reach_the_log(workers):
    identity = str(uuid.uuid4())
    workers.start()
    workers.enqueue("test.poison", 3)
    workers.enqueue("test.effect", 50, identity)
    until(lambda: effect_count() == (50, 50), 30)
    until(lambda: not unfinished(), 60)
    poisoned = Job.objects.filter(kind="test.poison")
    assert set(poisoned.values_list("state", "attempts")) == {("dead", 2)}
    assert workers_report()["workers"]["names"] == ["w1@here"]
    said = [line for line in lines_of(workers) if line["message"].startswith("effect ")]
    assert len(said) == 50
    assert {line["requestId"] for line in said} == {identity}
    assert len({line["job"] for line in said}) == 50


def test_broker_that_is_stopped_and_flushed_loses_nothing(own_redis: OwnRedis, effects):
    with workers_on(own_redis.url) as workers:
        workers.enqueue("test.effect", 200)
        own_redis.kill()
        own_redis.lose_data()
        # Nobody waits for a broker that is away.
        started = time.monotonic()
        workers.enqueue("test.effect_later", 200)
        assert time.monotonic() - started < 15
        assert unfinished() == 400
        workers.start()
        own_redis.start()
        until(lambda: not unfinished(), 45)
    assert effect_count() == (400, 400)


def test_worker_goes_on_when_its_broker_comes_back(own_redis: OwnRedis, effects):
    with workers_on(own_redis.url) as workers:
        workers.start()
        workers.enqueue("test.effect", 100)
        until(lambda: effect_count()[0] > 10, 30)
        own_redis.kill()
        own_redis.lose_data()
        own_redis.start()
        until(lambda: not unfinished(), 45)
    assert effect_count() == (100, 100)


def test_broker_that_takes_connections_and_says_nothing_holds_nobody_up(effects):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        for broker in (f"redis://127.0.0.1:{port}/0", f"amqp://guest:guest@127.0.0.1:{port}//"):
            with workers_on(broker) as workers:
                started = time.monotonic()
                workers.enqueue("test.effect", 1000)
                assert time.monotonic() - started < 30
    assert unfinished() == 2000
