import { readFileSync } from "node:fs";
import { DISPLAY } from "../../display";
import { bundleOf } from "./bundle";
import { comms, publish } from "./comm";

type Displayable = { [DISPLAY](): Record<string, unknown> };

const asForm =
  (mime: string) =>
  (strings: TemplateStringsArray, ...values: unknown[]): Displayable => {
    const text = String.raw({ raw: strings }, ...values);
    return { [DISPLAY]: () => ({ [mime]: text }) };
  };

/** Kinds of pictures by their first bytes. */
const mimeOf = (bytes: Uint8Array): string => (bytes[0] === 0xff && bytes[1] === 0xd8 ? "image/jpeg" : "image/png");

/**
 * The global `jupyter`: what Deno's kernel offers as `Deno.jupyter`, so that cells written for it run here, and comms as
 * JupyterLab has them.
 */
export const jupyter = {
  $display: DISPLAY,
  html: asForm("text/html"),
  md: asForm("text/markdown"),
  svg: asForm("image/svg+xml"),
  image(picture: string | Uint8Array): Displayable {
    const bytes = typeof picture === "string" ? readFileSync(picture) : picture;
    return { [DISPLAY]: () => ({ [mimeOf(bytes)]: bytes }) };
  },
  format: (value: unknown) => bundleOf(value),
  async display(
    value: unknown,
    { raw, update, display_id }: { raw?: boolean; update?: boolean; display_id?: string } = {},
  ) {
    const data = raw ? value : await bundleOf(value);
    const transient = display_id === undefined ? {} : { display_id };
    publish(update ? "update_display_data" : "display_data", { data, metadata: {}, transient });
  },
  async broadcast(
    type: string,
    content: object,
    { metadata = {}, buffers = [] }: { metadata?: object; buffers?: Uint8Array[] } = {},
  ) {
    publish(type, content, metadata, buffers);
  },
  ...comms,
};
