/** What a notebook shows of a value, by MIME type; the front end takes the best form it knows. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** The method by which a value says how it is shown as the last line of a cell; Deno's kernel knows it as well. */
export const DISPLAY: unique symbol = Symbol.for("Jupyter.display");

const forms = new Map<string, (value: any) => MimeBundle>();

/** Says how values of a kind are drawn: by `plot`, which the rooms that make them do not know. */
export function drawKind<T>(kind: string, draw: (value: T) => MimeBundle): void {
  forms.set(kind, draw);
}

/** The forms of a value of that kind; its text alone where nothing draws it. */
export function displayOf(kind: string, value: object): MimeBundle {
  const text = { "text/plain": String(value) };
  try {
    return { ...text, ...forms.get(kind)?.(value) };
  } catch {
    return text; // damaged stamps are no reason to show nothing
  }
}
