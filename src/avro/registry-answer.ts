import { BootcampError, messageOf } from "../errors";

/** Rubin's schemas have 120 kB with their documentation. */
const maxAnswerBytes = 16 * 1024 * 1024;

/** The schema in an answer `{"schema": "…", "schemaType": "AVRO"}`; the type is left out for Avro. */
export function readAnswer(text: string, url: string, id: number): string {
  let answer: { schema?: unknown; schemaType?: unknown; references?: unknown } | null = null;
  try {
    answer = JSON.parse(text);
  } catch {
    // said below
  }
  if (typeof answer?.schema !== "string") {
    throw new BootcampError("REMOTE", `Expected {"schema": …} for id ${id}, got ${JSON.stringify(text.slice(0, 60))}`, {
      where: url,
      remedy: "check the registry's address: its path is often missing, e.g. /apis/ccompat/v7",
    });
  }
  const { schemaType = "AVRO", references } = answer;
  if (schemaType !== "AVRO") {
    throw new BootcampError("SCHEMA_INVALID", `Expected an Avro schema for id ${id}, got ${schemaType}`, {
      where: url,
    });
  }
  if (Array.isArray(references) && references.length > 0) {
    throw new BootcampError(
      "SCHEMA_INVALID",
      `Expected the whole schema of id ${id}, got one with references to others`,
      {
        where: url,
        remedy: "put it together and register it: avro.registerSchema(id, schema)",
      },
    );
  }
  return answer.schema;
}

/** The text of an answer, as long as it is one. */
export async function limitedText(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > maxAnswerBytes) throw new Error(`the answer has more than ${maxAnswerBytes} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}

/** fetch says "fetch failed" and puts the reason inside. */
export function deepest(error: unknown): string {
  let link = error as { cause?: unknown } | undefined;
  while (link?.cause instanceof Error) link = link.cause;
  return messageOf(link);
}
