"""What fastavro and astropy need for the same records and stamps, and Rubin packets with history to measure on.

    decode.py make SCHEMA COUNT ROWS OUT   COUNT bare records of random values with ROWS earlier detections each
    decode.py time TASKS                   seconds per pass over each of the tasks of a JSON file

Records lie one behind the other in a file, each with its length as a 32-bit integer in front.
"""

import gzip
import io
import json
import random
import struct
import sys
import time

import fastavro

fastavro.read.LOGICAL_READERS.clear()  # times as the integers they are, as on the other side


def value(kind, name, rows):
    if isinstance(kind, list):
        # Rubin leaves 3 of 100 nullable fields of a real source empty; of the arrays the history is filled
        return None if name == "null" else value(kind[1], name, rows)
    if isinstance(kind, dict):
        if kind["type"] == "record":
            return {f["name"]: value(f["type"], f["name"], rows) for f in kind["fields"]}
        if kind["type"] == "array":
            count = {"prvDiaSources": rows, "prvDiaForcedSources": 2 * rows}.get(name, 0)
            return [value(kind["items"], name + "[]", 0) for _ in range(count)]
        kind = kind["type"]
    return {
        "long": lambda: random.randrange(2**60),
        "int": lambda: random.randrange(1000),
        "float": random.random,
        "double": lambda: 360 * random.random(),
        "boolean": lambda: random.random() < 0.5,
        "string": lambda: "r",
        "bytes": lambda: bytes(35_000),
    }[kind]()


def resolve(kind, known):
    """Named references in place, so that value() needs no look-up."""
    if isinstance(kind, str):
        return known.get(kind, kind)
    if isinstance(kind, list):
        return [resolve(each, known) for each in kind]
    if kind["type"] == "record":
        for field in kind["fields"]:
            field["type"] = resolve(field["type"], known)
        known[kind["name"]] = kind
    elif kind["type"] == "array":
        kind["items"] = resolve(kind["items"], known)
    return kind


def make(schema_file, count, rows, out):
    with open(schema_file) as f:
        text = f.read()
    schema, shape = fastavro.parse_schema(json.loads(text)), resolve(json.loads(text), {})
    random.seed(11)
    with open(out, "wb") as f:
        for _ in range(count):
            record = io.BytesIO()
            fastavro.schemaless_writer(record, schema, value(shape, "", rows))
            f.write(struct.pack("<I", len(record.getvalue())) + record.getvalue())


def records(path):
    with open(path, "rb") as f:
        data = f.read()
    at, found = 0, []
    while at < len(data):
        (length,) = struct.unpack_from("<I", data, at)
        found.append(data[at + 4 : at + 4 + length])
        at += 4 + length
    return found


def bare(task):
    writer = fastavro.parse_schema(json.loads(task["schema"]))
    reader = fastavro.parse_schema(json.loads(task["reader"])) if "reader" in task else None
    data = records(task["records"])
    return len(data), lambda: [fastavro.schemaless_reader(io.BytesIO(d), writer, reader) for d in data]


def files(task):
    data = []
    for path in task["files"]:
        with gzip.open(path) if path.endswith(".gz") else open(path, "rb") as f:
            data.append(f.read())
    return len(data), lambda: [list(fastavro.reader(io.BytesIO(d))) for d in data]


def stamps(task):
    data = records(task["stamps"])
    if task["by"] == "gunzip":
        return len(data), lambda: [gzip.decompress(d) for d in data]
    from astropy.io import fits

    def pixels(d):
        with fits.open(io.BytesIO(gzip.decompress(d))) as units:
            return units[0].data

    return len(data), lambda: [pixels(d) for d in data]


def time_tasks(path):
    with open(path) as f:
        tasks = json.load(f)
    results = {}
    for task in tasks:
        count, work = (files if "files" in task else stamps if "stamps" in task else bare)(task)
        work()
        passes, start = 0, time.perf_counter()
        while time.perf_counter() - start < 1:
            work()
            passes += 1
        results[task["name"]] = (time.perf_counter() - start) / (passes * count)
    print(json.dumps(results))


if sys.argv[1] == "make":
    make(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5])
else:
    time_tasks(sys.argv[2])
