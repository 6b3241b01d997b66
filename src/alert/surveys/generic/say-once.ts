import { say } from "../../../terminal";

const said = new Set<string>();
/** Each packet format has one or two things to say; a stream of forged schemas shall not fill the memory. */
const maxSentences = 100;

/**
 * Says on stderr what a reader of alerts has to know about how a packet is read: once in a process, since it holds for
 * millions of alerts alike.
 *
 * @param sentence without the values of a single alert beyond an example
 */
export function sayOnce(sentence: string): void {
  if (said.has(sentence) || said.size >= maxSentences) return;
  said.add(sentence);
  say(sentence);
}
