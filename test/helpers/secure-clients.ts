import { readFileSync } from "node:fs";
import { CompressionCodecs, Kafka, type KafkaConfig, logLevel, type SASLOptions } from "kafkajs";
import { expandBatch } from "../../src/kafka/client/codecs";
import { runPython } from "./python";

export type Settings = Record<string, string>;

/** The settings of a profile without its prefix: `BOOTSTRAP`, `CA_FILE` and so on. */
export function settingsOf(env: Settings, prefix: string): Settings {
  const names = Object.keys(env).filter((name) => name.startsWith(`${prefix}_`));
  return Object.fromEntries(names.map((name) => [name.slice(prefix.length + 1), env[name]!]));
}

/** A kafkajs client made from a profile by hand, so that the engine is tested without the code that reads profiles. */
export function kafkajsClient(settings: Settings, more: Partial<KafkaConfig> = {}): Kafka {
  // it has gzip only
  for (const n of [2, 3, 4] as const)
    CompressionCodecs[n] = () => ({ decompress: (batch: Buffer) => expandBatch(n, batch) });
  const file = (name: string) => (settings[name] ? readFileSync(settings[name], "utf8") : undefined);
  const [ca, cert, key] = [file("CA_FILE"), file("CERT_FILE"), file("KEY_FILE")];
  return new Kafka({
    brokers: [settings["BOOTSTRAP"]!],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 100, retries: 1 },
    ssl: { ...(ca && { ca: [ca] }), ...(cert && { cert, key: key! }) },
    ...(settings["SASL_MECHANISM"] && { sasl: loginOf(settings) }),
    ...more,
  });
}

function loginOf(settings: Settings): SASLOptions {
  const mechanism = settings["SASL_MECHANISM"] as "plain";
  if ((mechanism as string) !== "oauthbearer") {
    return { mechanism, username: settings["USERNAME"]!, password: settings["PASSWORD"]! };
  }
  return { mechanism: "oauthbearer", oauthBearerProvider: async () => ({ value: await askForToken(settings) }) };
}

/** A token as any OAuth client asks for it. */
export async function askForToken(settings: Settings): Promise<string> {
  const login = Buffer.from(`${settings["OAUTH_CLIENT_ID"]}:${settings["OAUTH_CLIENT_SECRET"]}`).toString("base64");
  const answer = await fetch(settings["OAUTH_TOKEN_URL"]!, {
    method: "POST",
    headers: { authorization: `Basic ${login}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** Reads `count` messages in a group; rejects with what the consumer ended by. */
export async function readWithKafkajs(kafka: Kafka, topic: string, groupId: string, count: number) {
  const consumer = kafka.consumer({ groupId });
  const seen: { value: Buffer; headers: string[] }[] = [];
  try {
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      consumer.on("consumer.crash", ({ payload }) => reject(payload.error));
      consumer
        .run({
          eachMessage: async ({ message }) => {
            seen.push({ value: message.value!, headers: Object.keys(message.headers ?? {}) });
            if (seen.length === count) resolve();
          },
        })
        .catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return seen;
}

export interface RdkafkaCase {
  settings: Settings;
  topic: string;
  group: string;
  count: number;
  /** Write one message instead of reading. */
  write?: boolean;
  /** Go on after an error until everything is read: librdkafka reports what it mends itself, such as a lost connection. */
  goesOn?: boolean;
  /** The same until this error is reported. */
  awaits?: string;
  /** Log in by this token instead of asking for one. */
  token?: string;
}

export interface RdkafkaAnswer {
  read: number;
  /** SHA-256 of all values, sorted. */
  digest: string;
  headers: string[];
  /** Name of the error it ended by, as librdkafka has it; "" for none. */
  error: string;
}

/** What librdkafka, another implementation altogether, makes of the same settings. */
export function askRdkafka(cases: readonly RdkafkaCase[]): RdkafkaAnswer[] {
  return JSON.parse(runPython(script, [], JSON.stringify(cases))) as RdkafkaAnswer[];
}

const script = `
import hashlib, json, sys, time
from concurrent.futures import ThreadPoolExecutor
from confluent_kafka import Consumer, Producer

def config(s, token):
    c = {"bootstrap.servers": s["BOOTSTRAP"], "security.protocol": "SASL_SSL" if "SASL_MECHANISM" in s else "SSL", "log_level": 0}
    for name, key in [("CA_FILE", "ssl.ca.location"), ("CERT_FILE", "ssl.certificate.location"), ("KEY_FILE", "ssl.key.location"),
                      ("USERNAME", "sasl.username"), ("PASSWORD", "sasl.password")]:
        if name in s: c[key] = s[name]
    if "SASL_MECHANISM" in s: c["sasl.mechanism"] = s["SASL_MECHANISM"].upper()
    if token: c["oauth_cb"] = lambda _: (token, time.time() + 300)
    elif "OAUTH_TOKEN_URL" in s:
        c.update({"sasl.oauthbearer.method": "oidc", "sasl.oauthbearer.token.endpoint.url": s["OAUTH_TOKEN_URL"],
                  "sasl.oauthbearer.client.id": s["OAUTH_CLIENT_ID"], "sasl.oauthbearer.client.secret": s["OAUTH_CLIENT_SECRET"]})
    return c

def run(case):
    errors, values, headers = [], [], set()
    c = {**config(case["settings"], case.get("token")), "error_cb": lambda e: errors.append(e.name())}
    goes_on, awaits = case.get("goesOn", False), case.get("awaits")
    end = time.time() + (60 if goes_on or awaits else 20)
    ended = lambda: awaits in errors if awaits else errors and not goes_on
    if case.get("write"):
        producer = Producer(c)
        producer.produce(case["topic"], b"x", on_delivery=lambda e, m: errors.append(e.name() if e else ""))
        while not errors and time.time() < end: producer.poll(0.1)
    else:
        consumer = Consumer({**c, "group.id": case["group"], "auto.offset.reset": "earliest"})
        consumer.subscribe([case["topic"]])
        while len(values) < case["count"] and not ended() and time.time() < end:
            message = consumer.poll(0.1)
            if message is None: continue
            if message.error(): errors.append(message.error().name())
            else:
                values.append(hashlib.sha256(message.value()).hexdigest())
                headers.update(name for name, _ in message.headers() or [])
        consumer.close()
    digest = hashlib.sha256("".join(sorted(values)).encode()).hexdigest()
    error = awaits if awaits in errors else errors[0] if errors and not (goes_on and len(values) == case["count"]) else ""
    return {"read": len(values), "digest": digest, "headers": sorted(headers), "error": error}

print(json.dumps(list(ThreadPoolExecutor(4).map(run, json.load(sys.stdin)))))
`;
