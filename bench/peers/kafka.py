"""confluent-kafka (librdkafka) on the topics of kafka.mjs. Prints one line of JSON.

    kafka.py read BOOTSTRAP TOPIC COUNT none|large|reader|full   fetch, and what of each alert fastavro decodes; none and large
                                                                 decode nothing, none with librdkafka's own settings
    kafka.py publish BOOTSTRAP TOPIC COUNT FOLDER          all replicas acknowledge, large batches
"""

import io
import json
import os
import sys
import time

import fastavro
from confluent_kafka import Consumer, Producer, TopicPartition

fastavro.read.LOGICAL_READERS.clear()  # times as the integers they are, as on the other side
task, bootstrap, topic, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])

# the fields of the purity cut
FIELDS = [("rb", "float"), ("nbad", "int"), ("fwhm", "float"), ("elong", "float"), ("magdiff", "float")]
READER = {
    "type": "record",
    "name": "alert",
    "namespace": "ztf",
    "fields": [
        {
            "name": "candidate",
            "type": {
                "type": "record",
                "name": "candidate",
                "fields": [{"name": n, "type": ["null", t], "default": None} for n, t in FIELDS],
            },
        }
    ],
}


def passes(c):
    return (
        (c["rb"] or 0) >= 0.65
        and c["nbad"] == 0
        and c["fwhm"] <= 5
        and c["elong"] <= 1.2
        and abs(c["magdiff"] or 0) <= 0.1
    )


def read(how):
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": "bench",
            "enable.auto.commit": False,
            **({} if how == "none" else {"fetch.message.max.bytes": 8_000_000, "queued.max.messages.kbytes": 200_000}),
        }
    )
    started = time.perf_counter()
    partitions = consumer.list_topics(topic, timeout=20).topics[topic].partitions
    consumer.assign([TopicPartition(topic, p, 0) for p in partitions])
    seen = selected = 0
    while seen < count:
        for message in consumer.consume(500, 20):
            seen += 1
            if how in ("none", "large"):
                continue
            alerts = fastavro.reader(io.BytesIO(message.value()), READER if how == "reader" else None)
            selected += passes(next(alerts)["candidate"])
    return {"seconds": time.perf_counter() - started, "selected": selected}


def publish(folder):
    names = sorted(name for name in os.listdir(folder) if name.endswith(".avro"))
    values = [open(os.path.join(folder, name), "rb").read() for name in names]
    producer = Producer(
        {
            "bootstrap.servers": bootstrap,
            "acks": "all",
            "enable.idempotence": True,
            "message.max.bytes": 10_000_000,
            "batch.size": 1_000_000,
            "linger.ms": 5,
            "queue.buffering.max.kbytes": 2_000_000,
        }
    )
    failed = []
    started = time.perf_counter()
    for n in range(count):
        producer.produce(
            topic,
            values[n % len(values)],
            str(n % 4096),
            on_delivery=lambda error, _: failed.append(error) if error else None,
        )
        if n % 500 == 0:
            producer.poll(0)
    left = producer.flush(120)
    assert not failed and left == 0, (failed[:1], left)
    return {"seconds": time.perf_counter() - started}


print(json.dumps(read(sys.argv[5]) if task == "read" else publish(sys.argv[5])))
