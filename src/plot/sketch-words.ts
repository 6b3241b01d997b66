/** A number of pixels, short. */
export const round = (value: number): string => String(Math.round(value * 10) / 10);

/** Titles and labels carry entities already; of their markup a plain picture keeps the words. */
export function words(text: unknown): string {
  return (
    String(text ?? "")
      .slice(0, 1000)
      .replace(/<[^>]*>/g, "")
      // characters that XML does not allow would make the whole picture unreadable
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "\ufffd")
      .replaceAll(/&(?!(amp|lt|gt|quot|#39);)/g, "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
  );
}
