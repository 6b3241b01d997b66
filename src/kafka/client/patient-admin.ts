import type { Admin } from "kafkajs";
import { pause } from "../../pause";

/** What a coordinator says while it loads its groups after a start, or has moved: it passes by itself, and nothing was done. */
const passing = new Set([
  "GROUP_LOAD_IN_PROGRESS",
  "GROUP_COORDINATOR_NOT_AVAILABLE",
  "NOT_COORDINATOR_FOR_GROUP",
  "CONCURRENT_TRANSACTIONS",
]);
const limitMs = 15_000;
const askAgainMs = 200;

/** An admin client that asks again while the coordinator of a group is not ready, for 15 s at most. */
export function patientAdmin(admin: Admin): Admin {
  return new Proxy(admin, {
    get(target, name) {
      const method = target[name as keyof Admin] as unknown;
      if (typeof method !== "function") return method;
      return (...args: unknown[]) => {
        const result: unknown = Reflect.apply(method, target, args);
        if (!(result instanceof Promise)) return result;
        const deadline = performance.now() + limitMs;
        const again = async (error: unknown): Promise<unknown> => {
          if (!isPassing(error) || performance.now() > deadline) throw error;
          await pause(askAgainMs);
          return (Reflect.apply(method, target, args) as Promise<unknown>).catch(again);
        };
        return result.catch(again);
      };
    },
  });
}

function isPassing(error: unknown): boolean {
  for (let link = error, depth = 0; link && depth < 8; depth++) {
    const { type, cause, groups } = link as { type?: string; cause?: unknown; groups?: { errorCode?: number }[] };
    if (passing.has(type ?? "")) return true;
    if (groups?.some(({ errorCode = 0 }) => errorCode >= 14 && errorCode <= 16)) return true; // of deleteGroups
    link = cause;
  }
  return false;
}
