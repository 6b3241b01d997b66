import { BootcampError } from "../errors";

/** Usage error whose "got" is a phrase rather than a value: `got "a" twice`. */
export function refuse(expected: string, got: string, remedy?: string): BootcampError {
  return new BootcampError("USAGE", `Expected ${expected}, got ${got}`, remedy === undefined ? {} : { remedy });
}
