/** Types of what every cell has besides Node's own globals. */
export const GLOBALS = `
/** Asks whoever reads the notebook for a line of text. */
declare function input(prompt?: string, options?: { /** Do not show what is typed. */ password?: boolean }): Promise<string>;
/** Asks for a line of text and returns it; nothing else runs meanwhile. */
declare function prompt(message?: string, initial?: string): string;
/** Asks a question; true for an answer that begins with y. */
declare function confirm(message?: string): boolean;
/** Waits until Enter is pressed. */
declare function alert(message?: string): void;

/** What the notebook shows, and channels to programs in the front end. */
interface Jupyter {
  /** The method by which a value says how it is shown: a bundle of forms by MIME type. */
  readonly $display: unique symbol;
  /** Shows HTML. @example jupyter.html\`<b>\${name}</b>\` */
  html(strings: TemplateStringsArray, ...values: unknown[]): object;
  /** Shows Markdown. */
  md(strings: TemplateStringsArray, ...values: unknown[]): object;
  /** Shows a drawing. */
  svg(strings: TemplateStringsArray, ...values: unknown[]): object;
  /** Shows a PNG or JPEG: a file, or its bytes. */
  image(picture: string | Uint8Array): object;
  /** All forms of a value, by MIME type. */
  format(value: unknown): Promise<Record<string, unknown>>;
  /** Shows a value before the cell ends. @param options raw: it is a bundle of forms; update: replaces what has that display_id */
  display(value: unknown, options?: { raw?: boolean; update?: boolean; display_id?: string }): Promise<void>;
  /** Sends a message of Jupyter's protocol to the front ends. */
  broadcast(type: string, content: object, extra?: { metadata?: object; buffers?: Uint8Array[] }): Promise<void>;
  /** A channel to a program in the front end that answers to this name; it is opened by open(). */
  createComm(targetName: string, commId?: string): JupyterComm;
  /** Answers programs in the front end that open a channel of this name. */
  registerCommTarget(targetName: string, opened: (comm: JupyterComm, message: JupyterCommMessage) => void): void;
  removeCommTarget(targetName: string): void;
}
declare const jupyter: Jupyter;
/** What cells written for Deno's kernel show; the rest of Deno is not here. */
interface DenoInNotebooks {
  readonly jupyter: Jupyter;
}
interface JupyterCommMessage {
  readonly content: { readonly comm_id: string; readonly data: any };
  readonly metadata: Record<string, unknown>;
  readonly buffers: readonly Uint8Array[];
}
interface JupyterComm {
  readonly commId: string;
  readonly targetName: string;
  readonly isDisposed: boolean;
  /** Called with what the other end sends. */
  onMsg: (message: JupyterCommMessage) => void;
  /** Called when the other end has closed. */
  onClose: (message: JupyterCommMessage) => void;
  open(data?: Record<string, unknown>, metadata?: Record<string, unknown>, buffers?: readonly Uint8Array[]): void;
  send(data: Record<string, unknown>, metadata?: Record<string, unknown>, buffers?: readonly Uint8Array[]): void;
  close(data?: Record<string, unknown>, metadata?: Record<string, unknown>, buffers?: readonly Uint8Array[]): void;
}
`;

/**
 * Names that a notebook begins with as if a cell had declared them. `Deno` is one of them and no global: libraries look for it
 * to learn where they run.
 */
export const PRELUDE = "export declare const Deno: DenoInNotebooks;";
export const PRELUDE_MODULE = "cell-prelude";
export const preludeNames = ["Deno"];
