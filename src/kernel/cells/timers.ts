import { inspect } from "node:util";
import { cellContext } from "./cell-context";

/** Callbacks of timers are of the cell that set them; intervals end with an interrupt of it. */
export function followTimers(): void {
  const follow = (name: "setTimeout" | "setInterval" | "setImmediate") => {
    const original = globalThis[name] as (...args: any[]) => any;
    const own = (callback: (...args: unknown[]) => void, ...args: unknown[]) => {
      const cell = cellContext.current();
      if (!cell || typeof callback !== "function") return original(callback, ...args);
      const timer = original((...values: unknown[]) => cellContext.run(cell, () => callback(...values)), ...args);
      return name === "setInterval" ? cell.ticks(timer) : timer;
    };
    // util.promisify looks for properties of the function
    const value = Object.defineProperties(own, Object.getOwnPropertyDescriptors(original));
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  };
  follow("setTimeout");
  follow("setInterval");
  follow("setImmediate");
}

/** A timer as the value of a cell in one line; Node shows a dozen of its inner fields. */
export function showTimers(): void {
  const show = (timer: object, name: (fields: Record<string, unknown>) => string) => {
    Object.defineProperty(Object.getPrototypeOf(timer), inspect.custom, {
      value(this: Record<string, unknown>) {
        return `${name(this)}${this["_destroyed"] ? ", ended" : ""}`;
      },
      configurable: true,
    });
  };
  const timeout = setTimeout(() => {});
  show(timeout, ({ _repeat: every, _idleTimeout: ms }) =>
    every === null ? `Timeout (${ms} ms)` : `Interval (every ${every} ms; clearInterval ends it)`,
  );
  clearTimeout(timeout);
  const immediate = setImmediate(() => {});
  show(immediate, () => "Immediate");
  clearImmediate(immediate);
}
