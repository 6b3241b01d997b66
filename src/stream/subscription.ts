import { AlertStream, type OpenSource } from "./alert-stream";
import { Ledger } from "./ledger";

/**
 * A stream whose source is looked for first. It can be chained and iterated at once, which looks for the source then; or
 * awaited, which looks for it now and gives a plain stream: that a topic is absent shows in the line that asked.
 * The source is looked for once; after a failure, again at the next use.
 *
 * @example
 * for await (const alert of subscribe("ztf-stream")) console.log(alert);
 * const night = await subscribe("ztf-stream", { from: "latest" }); // what is published after this line
 */
export class Subscription<T> extends AlertStream<T> implements PromiseLike<AlertStream<T>> {
  private constructor(
    private readonly find: () => Promise<OpenSource<T>>,
    limit: number,
  ) {
    super(
      async (ledger) => (await (await find())(ledger)) as AsyncIterable<T>,
      [],
      limit,
      {},
      { latest: new Ledger() },
    );
  }

  /**
   * @param find looks for the source
   * @param limit of items; default none
   */
  static to<T>(find: () => Promise<OpenSource<T>>, limit = Number.POSITIVE_INFINITY): Subscription<T> {
    let found: Promise<OpenSource<T>> | undefined;
    const findOnce = () => {
      found ??= find().catch((error) => {
        found = undefined;
        throw error;
      });
      return found;
    };
    return new Subscription<T>(findOnce, limit);
  }

  // biome-ignore lint/suspicious/noThenProperty: `await subscribe(…)` is the form in which errors show at once
  then<Y = AlertStream<T>, N = never>(
    found?: ((stream: AlertStream<T>) => Y | PromiseLike<Y>) | null,
    failed?: ((error: unknown) => N | PromiseLike<N>) | null,
  ): Promise<Y | N> {
    return this.find()
      .then(() => this.plain())
      .then(found, failed);
  }
}
