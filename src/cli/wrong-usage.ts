import { BootcampError, type ErrorCode, isBootcampError } from "../errors";

/**
 * Makes errors of the given codes wrong usage: what the command line names is not there, and nothing was done (exit code 2).
 */
export async function asUsage<T>(codes: readonly ErrorCode[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isBootcampError(error) || !codes.includes(error.code)) throw error;
    const { message, remedy, where } = error;
    throw new BootcampError("USAGE", message, {
      cause: error,
      ...(remedy === undefined ? {} : { remedy }),
      ...(where === undefined ? {} : { where }),
    });
  }
}
