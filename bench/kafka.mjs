// Alerts through a Kafka on this machine, against librdkafka (confluent-kafka in Python), fastavro and franz-go (Go) on the same
// broker, topics and minutes: reading and deciding, publishing, the first alert, a hundred filters.
//   npm run build && BOOTCAMP_TEST_DATA=folder node bench/kafka.mjs [--alerts 10000] [options of report.mjs]
// franz-go is left out where there is no Go or it cannot be fetched.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { openHome } from "./own-home.mjs";
import { median, openBench, ratios } from "./report.mjs";

const { options, report, finish } = openBench({ alerts: { type: "string", default: "10000" } });
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const data = process.env.BOOTCAMP_TEST_DATA;
if (!data) {
  console.log("needs BOOTCAMP_TEST_DATA: a folder with real alerts in ztf/");
  process.exit(0);
}
const [alerts, runs] = [Number(options.alerts), options.runs];
const folder = join(data, "ztf");
const { home, end } = openHome();
const bootcamp = createRequire(import.meta.url)(join(root, "dist/index.js"));
const { bootstrap } = await bootcamp.engine.start({ engine: "local", port: 0 });

function run(program, ...args) {
  const done = spawnSync(program, args.map(String), { encoding: "utf8", maxBuffer: 1e8 });
  if (done.status !== 0) throw new Error(`${program} ${args.join(" ")}: ${done.error ?? done.stderr}`);
  return JSON.parse(done.stdout.trim().split("\n").at(-1));
}
const ours = (task, topic, count, more = "") =>
  run(process.execPath, join(root, "bench/peers/bootcamp.mjs"), task, bootstrap, topic, count, more);
const librdkafka = (task, topic, count, more) =>
  run(join(root, ".bootcamp/venv/bin/python"), join(root, "bench/peers/kafka.py"), task, bootstrap, topic, count, more);
const franz = join(home, "franz-go");
const hasFranz = spawnSync("go", ["build", "-o", franz, "."], { cwd: join(root, "bench/peers/franz-go") }).status === 0;

async function freshTopics(...topics) {
  for (const topic of topics) await bootcamp.kafka.createTopic(topic, { bootstrap, partitions: 4 });
}
const drop = (topic) => bootcamp.kafka.deleteTopic(topic, { bootstrap });

try {
  const write = { ours: [], librdkafka: [] };
  for (let n = 0; n < runs; n++) {
    await freshTopics("ours", "theirs");
    write.ours.push(ours("publish", "ours", alerts, folder).seconds);
    write.librdkafka.push(librdkafka("publish", "theirs", alerts, folder).seconds);
    if (n < runs - 1) for (const topic of ["ours", "theirs"]) await drop(topic);
  }
  await drop("theirs");
  report("publish, against librdkafka", ratios(write.librdkafka, write.ours), { floor: 0.9, goal: 1.5, unit: "×" });
  report(`publish ${alerts}`, write.ours, { floor: 4, goal: 2, sign: -1, unit: " s" });

  const read = {
    ours: [],
    first: [],
    sockets: [],
    none: [],
    large: [],
    reader: [],
    full: [],
    franz: [],
    memory: [],
    cpu: [],
  };
  /** Of the passes after the first one. */
  const later = (values) => median(values.slice(1));
  for (let n = 0; n < runs; n++) {
    const mine = ours("read", "ours", alerts);
    read.ours.push(later(mine.passes));
    read.first.push(mine.passes[0]);
    read.memory.push(mine.memoryMB);
    read.cpu.push((later(mine.cpuSeconds) / alerts) * 1e6);
    read.sockets.push(
      later(run(process.execPath, join(root, "bench/peers/sockets.mjs"), bootstrap, "ours", alerts).passes),
    );
    for (const how of ["none", "large"]) read[how].push(librdkafka("read", "ours", alerts, how).seconds);
    if (hasFranz) read.franz.push(run(franz, bootstrap, "ours", alerts).seconds);
    for (const how of ["reader", "full"]) {
      const theirs = librdkafka("read", "ours", alerts, how);
      if (theirs.selected !== mine.selected) throw new Error(`${theirs.selected} selected, we ${mine.selected}`);
      read[how].push(theirs.seconds);
    }
  }
  const against = (peer) => ratios(read[peer], read.ours);
  report("purity cut, against bare sockets in Node that check nothing", against("sockets"), { floor: 0.8, unit: "×" });
  const why =
    "bare sockets in Node, which check nothing, come no nearer (the first row): librdkafka moves bytes in threads of its own and " +
    "leaves checksums out (check.crcs); here one thread of JavaScript fetches, checks, opens and decides";
  report("… against librdkafka, bytes only", against("none"), { floor: 1.6, goal: 2.5, unit: "×", why });
  report("… against librdkafka with large fetches, bytes only", against("large"), { unit: "×" });
  if (hasFranz)
    report("… against franz-go, bytes only", against("franz"), {
      floor: 0.4,
      goal: 0.7,
      unit: "×",
      why: "opening and deciding take 0.6 s of CPU for 10,000 alerts, whatever fetches them; franz-go's fetch alone takes 0.3 s",
    });
  const half = "half of the time fetches the bytes, as fast as Node's sockets give them (the first row)";
  report("… against fastavro with a reader schema", against("reader"), { floor: 5.5, goal: 8, unit: "×", why: half });
  report("… against fastavro in full", against("full"), { floor: 8, goal: 12, unit: "×", why: half });
  report("… processor time per alert", read.cpu, { sign: -1, unit: " µs" });
  report("… first pass of a new process, against the later ones", ratios(read.ours, read.first), { unit: "×" });
  report("resident memory of subscribe with a cut", read.memory, {
    floor: 220,
    goal: 160,
    sign: -1,
    unit: " MB",
    why: "Node with the library takes 67 MB before it reads, and fetched answers up to 70 MB until they are collected",
  });

  await freshTopics("small");
  ours("publish", "small", 10, folder);
  const first = Array.from({ length: runs }, () => ours("first", "small", 1).seconds);
  report("first alert of a small topic", first, { floor: 0.2, goal: 0.1, sign: -1, unit: " s" });

  const jobs = { one: [], made: [], ready: [], memory: [] };
  const outputs = ["ours.dead", ...Array.from({ length: 100 }, (_, n) => `ours.f${String(n).padStart(3, "0")}`)];
  const clear = async () => {
    for (const topic of outputs) await drop(topic).catch(() => {}); // those that are there
  };
  for (let n = 0; n < runs; n++) {
    const one = ours("filter", "ours", alerts, 1);
    jobs.one.push(one.seconds);
    jobs.memory.push(one.memoryMB);
    await clear();
    jobs.made.push(ours("filter", "ours", alerts, 100).seconds);
    jobs.ready.push(ours("filter", "ours", alerts, 100).seconds);
    await clear();
  }
  report(`a hundred filters over ${alerts}, 20 selected by each`, jobs.ready, {
    floor: 5.28,
    goal: 3,
    sign: -1,
    unit: " s",
  });
  report("… with the topics made", jobs.made, { floor: 21.7, goal: 8, sign: -1, unit: " s" });
  report("one filter, exactly once, against reading alone", ratios(read.first, jobs.one), {
    floor: 0.6,
    goal: 0.8,
    unit: "×",
    why:
      "both in a new process: the job makes its machine code too, joins its group (0.2 s), and guards the filters of each 8 MB " +
      "against endless loops by a thread (0.2 s in all)",
  });
  report("resident memory of a filter job", jobs.memory, {
    floor: 300,
    goal: 200,
    sign: -1,
    unit: " MB",
    why: "Node with the library takes 67 MB before it reads, and fetched answers up to 110 MB until they are collected",
  });
} finally {
  await end();
}
finish(`${alerts} alerts of 72 kB in 4 partitions, the broker on the same machine`);
