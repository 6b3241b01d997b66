/**
 * What a terminal would obey: OSC 52 (writes the clipboard), a title, a cleared screen, a C1 introducer, marks that turn
 * the direction of text, a line that looks like the command's own.
 */
export const hostileText =
  "\u001b]52;c;aGFja2Vk\u0007\u001b]0;title\u0007\u001b[2J\u009b31m\u202egolf\u2066\u200b\r\nread 9, failed 0";

/** The parts of an output that a terminal would obey; line ends aside. */
export const obeyed = (text: string): string[] =>
  text.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu)?.filter((c) => c !== "\n") ?? [];
