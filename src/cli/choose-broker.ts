import { addresses } from "../broker/address";
import { DEFAULT_PROFILE, prefixOf, profileVariables, valuesOf } from "../broker/profile-variables";
import type { Values } from "./option";
import type { broker } from "./shared-options";

/** What was given of the options that all commands share which talk to Kafka. */
export type BrokerChoice = Partial<Values<typeof broker>>;

/**
 * Sends all that this process does, and the programs it starts, to the broker of `-b` and `--profile`. With an address
 * alone a login is used only when it belongs to that broker: a password must not go to whichever one is tried.
 *
 * @throws USAGE for what is no address, or no name of a profile
 */
export function chooseBroker({ bootstrap, profile }: BrokerChoice, env: NodeJS.ProcessEnv = process.env): void {
  if (profile !== undefined) env.KAFKA_PROFILE = profile;
  if (bootstrap === undefined) return;
  const wanted = addresses(bootstrap);
  const chosen = env.KAFKA_PROFILE?.trim() || DEFAULT_PROFILE;
  const values = valuesOf(chosen, env);
  const own = values.BOOTSTRAP === undefined ? [] : addresses(values.BOOTSTRAP);
  const keepsLogin = profile !== undefined || wanted.every((address) => own.includes(address));
  const prefix = prefixOf(keepsLogin ? chosen : DEFAULT_PROFILE);
  if (!keepsLogin) delete env.KAFKA_PROFILE;
  for (const variable of profileVariables) {
    // those of the practice broker come from a file, which is not asked once there is an address
    const value = keepsLogin ? values[variable] : undefined;
    if (value === undefined) delete env[prefix + variable];
    else env[prefix + variable] = value;
  }
  env[`${prefix}BOOTSTRAP`] = wanted.join(",");
}
