import { BootcampError, isBootcampError } from "../errors";
import { expectArgument } from "../expect";
import { SchemaRegistry } from "./registry";
import type { WireOptions } from "./wire";

/** A registry as options name it: its address, or a client with credentials. */
export type RegistryChoice = string | SchemaRegistry | undefined;

/**
 * The schema registry to ask: the one given, else what `SCHEMA_REGISTRY_URL` names, else none. `SCHEMA_REGISTRY_USERNAME`
 * and `SCHEMA_REGISTRY_PASSWORD`, or `SCHEMA_REGISTRY_TOKEN`, log in where the address carries no name of its own; when
 * `SCHEMA_REGISTRY_URL` is set they are for its scheme, host and port only.
 *
 * @throws USAGE for an address that is not http or https, or a user name without its password
 * @example
 * const night = await subscribe("alerts", { registry: chooseRegistry("https://registry.example.org") });
 */
export function chooseRegistry(choice?: RegistryChoice, env = process.env): SchemaRegistry | undefined {
  if (choice instanceof SchemaRegistry) return choice;
  const usual = env["SCHEMA_REGISTRY_URL"]?.trim() || undefined;
  const url = choice ?? usual;
  if (url === undefined) return undefined;
  expectArgument("text", url, "the address of a schema registry");
  const isElsewhere = usual !== undefined && originOf(usual) !== originOf(url);
  if (isElsewhere || (URL.canParse(url) && new URL(url).username !== "")) return new SchemaRegistry(url);
  const username = env["SCHEMA_REGISTRY_USERNAME"] || undefined;
  const password = env["SCHEMA_REGISTRY_PASSWORD"] || undefined;
  if ((username === undefined) !== (password === undefined)) {
    const expected = "Expected SCHEMA_REGISTRY_USERNAME and SCHEMA_REGISTRY_PASSWORD, got only one of them";
    throw new BootcampError("USAGE", expected, { remedy: "see .env.example for the settings" });
  }
  return new SchemaRegistry(url, {
    ...(username === undefined ? {} : { username, password }),
    token: env["SCHEMA_REGISTRY_TOKEN"] || undefined,
  });
}

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : url);

/**
 * Fetches the schema that a message will be read with, where only the registry has it. What went wrong is not thrown
 * here: decoding the message says it, so that it is counted with the message's place.
 *
 * @throws ABORTED
 */
export async function findSchema(
  message: Buffer | null | undefined,
  options: Pick<WireOptions, "schema" | "form" | "key"> & {
    registry: SchemaRegistry | undefined;
    signal?: AbortSignal;
  },
): Promise<void> {
  const { registry, signal } = options;
  if (!registry || !message) return;
  try {
    await registry.prepare(message, signal, options);
  } catch (error) {
    if (!isBootcampError(error) || error.code === "ABORTED") throw error;
  }
}
