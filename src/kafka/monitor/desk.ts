import { pause } from "../../pause";
import { addressOf, type ConnectionOptions, kafkaClient, kafkaError, Sockets } from "../client/connection";
import { groupState } from "../client/describe-group";
import { patientAdmin } from "../client/patient-admin";
import type { Admin } from "../client/types";
import { type Measured, measure, type Wanted } from "./offsets";

/** A broker that has not answered after so long is reported as silent, while its answer may still come. */
const patienceMs = 5000;
/** A client that is closed may take so long to say goodbye; then its sockets are closed. */
const graceMs = 1000;

/** Between the list of topics and the question for its offsets a topic may be deleted; kafkajs then fails for all of them. */
const attempts = 4;

interface Failure {
  problem: string;
  /** Nobody answers, as against an answer that says no. */
  isAway: boolean;
  /** Asking again at once is of no use. */
  isFinal: boolean;
}

/** Asks for offsets again and again over one connection, and makes a new one when something went wrong. */
export class OffsetDesk {
  #admin: Admin | undefined;
  #sockets: Sockets | undefined;

  constructor(
    private readonly options: ConnectionOptions,
    private readonly wanted: Wanted,
    private readonly signal: AbortSignal | undefined,
  ) {}

  async ask(): Promise<Measured | Failure> {
    for (let attempt = 1; ; attempt++) {
      const isNew = this.#admin === undefined;
      const answer = await this.#askOnce();
      if (!("problem" in answer) || answer.isFinal || attempt === attempts) return answer;
      // an old connection may have been closed meanwhile
      if (isNew && answer.isAway) return answer;
    }
  }

  async close(): Promise<void> {
    const [admin, sockets] = [this.#admin, this.#sockets];
    this.#admin = this.#sockets = undefined;
    if (!admin) return;
    const isClosed = new AbortController();
    await Promise.race([admin.disconnect().catch(() => {}), pause(graceMs, isClosed.signal)]);
    isClosed.abort();
    sockets?.close();
  }

  async #askOnce(): Promise<Measured | Failure> {
    let timer: NodeJS.Timeout | undefined;
    let stop: (() => void) | undefined;
    const silence = new Promise<"silence">((resolve) => {
      timer = setTimeout(() => resolve("silence"), patienceMs);
      stop = () => resolve("silence");
      this.signal?.addEventListener("abort", stop, { once: true });
    });
    const question = this.#question();
    try {
      const answer = await Promise.race([question, silence]);
      if (answer !== "silence") return answer;
      void this.#abandon(question);
      const problem = `Expected ${addressOf(this.options)} to answer within ${patienceMs / 1000} s, it did not`;
      return { problem, isAway: true, isFinal: true };
    } catch (error) {
      void this.close();
      const { code, message } = await kafkaError(error, this.options);
      return { problem: message, isAway: code === "KAFKA_UNREACHABLE", isFinal: this.signal?.aborted === true };
    } finally {
      clearTimeout(timer);
      if (stop) this.signal?.removeEventListener("abort", stop);
    }
  }

  /** Lets go of a question that nobody waits for: what it still asks would open the connection again. */
  async #abandon(question: Promise<Measured>): Promise<void> {
    question.catch(() => {});
    await this.close();
  }

  async #question(): Promise<Measured> {
    if (!this.#admin) {
      this.#sockets = new Sockets();
      this.#admin = patientAdmin(kafkaClient(this.options, false, this.#sockets).admin());
      await this.#admin.connect();
    }
    return measure(this.#admin, this.wanted, (group) => groupState(group, this.options));
  }
}
