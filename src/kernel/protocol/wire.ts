import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** Version of Jupyter's messaging protocol that is spoken here. */
export const PROTOCOL = "5.4";

export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date: string;
  readonly version: string;
}

export interface Message {
  /** Routing prefix: whom an answer goes to. */
  readonly identities: readonly Buffer[];
  readonly header: Header;
  readonly parent: Header | Record<string, never>;
  readonly metadata: Record<string, unknown>;
  readonly content: Record<string, any>;
  readonly buffers: readonly Buffer[];
}

export interface Outgoing {
  readonly identities?: readonly (Buffer | string)[];
  readonly type: string;
  readonly parent?: Header | undefined;
  readonly content: object;
  readonly metadata?: object;
  readonly buffers?: readonly Buffer[];
}

const DELIMITER = "<IDS|MSG>";
/** How many signatures are remembered, so that a message that was overheard cannot be sent again. */
const REMEMBERED = 65_536;

/** Signs what goes out and checks what comes in, with the key of the connection file. */
export class Wire {
  private readonly session = randomUUID();
  private readonly seen = new Set<string>();

  constructor(private readonly key: string) {}

  pack({ identities = [], type, parent, content, metadata = {}, buffers = [] }: Outgoing): (Buffer | string)[] {
    const header: Header = {
      msg_id: randomUUID(),
      msg_type: type,
      session: this.session,
      username: "kernel",
      date: new Date().toISOString(),
      version: PROTOCOL,
    };
    const parts = [header, parent ?? {}, metadata, content].map((part) => JSON.stringify(part));
    return [...identities, DELIMITER, this.sign(parts), ...parts, ...buffers];
  }

  /** Undefined for what is not signed with the key, was sent before, or is no message at all. */
  unpack(frames: readonly Buffer[]): Message | undefined {
    const at = frames.findIndex((frame) => frame.equals(delimiter));
    const parts = frames.slice(at + 2, at + 6);
    if (at < 0 || parts.length < 4) return undefined;
    const signature = frames[at + 1]!;
    const wanted = Buffer.from(this.sign(parts));
    if (signature.length !== wanted.length || !timingSafeEqual(signature, wanted)) return undefined;
    const name = signature.toString();
    if (this.seen.has(name)) return undefined;
    this.seen.add(name);
    if (this.seen.size > REMEMBERED) this.seen.delete(this.seen.values().next().value!);
    try {
      const [header, parent, metadata, content] = parts.map((part) => JSON.parse(part.toString()));
      if (typeof header?.msg_type !== "string" || typeof header.msg_id !== "string") return undefined;
      const buffers = frames.slice(at + 6);
      return { identities: frames.slice(0, at), header, parent, metadata, content: content ?? {}, buffers };
    } catch {
      return undefined;
    }
  }

  private sign(parts: readonly (string | Buffer)[]): string {
    const hash = createHmac("sha256", this.key);
    for (const part of parts) hash.update(part);
    return hash.digest("hex");
  }
}

const delimiter = Buffer.from(DELIMITER);
