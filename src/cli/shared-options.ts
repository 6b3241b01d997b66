import { usageError } from "../errors";
import { count, folder, parsed, text, under } from "./option";
import { readSchemaFile } from "./schema-file";

/** Which Kafka, for all commands that talk to one. */
export const broker = under("Broker", {
  bootstrap: text(
    "-b, --bootstrap <host:port>",
    "address of the broker (default: KAFKA_BOOTSTRAP, else the Kafka started here)",
  ),
  profile: text(
    "--profile <name>",
    "broker and login by name, from .env (see .env.example); practice is the one of alerts up --secure",
  ),
});

/** Schemas of alerts that come without one, for all commands that read alerts. */
export const schemas = under("Schemas", {
  schema: parsed(
    "--schema <file>",
    "Avro schema (.avsc) of alerts that come without one; separate several files by commas",
    readSchemaFile,
  ),
  registry: text(
    "--registry <url>",
    "schema registry that knows the ids of the messages (default: SCHEMA_REGISTRY_URL); for its login see .env.example",
  ),
});

/** What else may be done with a single alert. */
export const outputs = under("Output", {
  save: text("--save <path>", "save the alert as an Avro container: FILE.avro, or <alertId>.avro in a folder"),
  stamps: folder("--stamps <folder>", "save its cutouts as FITS"),
  plot: parsed("--plot <file>", "save its light curve: .html (one page, needs no network) or .svg", (path) => {
    if (!/\.(html?|svg)$/i.test(path)) throw usageError("--plot FILE.html or FILE.svg", path);
    return path;
  }),
});

export const group = text("-g, --group <name>", "read as this consumer group, from where it stopped last");
export const limit = count("-n, --limit <n>", "stop after this many alerts");
export const setAside = folder(
  "--set-aside <folder>",
  "copy what cannot be read there, with the reasons; the originals stay",
);
