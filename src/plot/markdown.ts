interface MarkdownIt {
  render(text: string): string;
}

let parser: MarkdownIt | undefined;

/** Markdown as HTML, by CommonMark and tables. HTML inside of it stays text, and so does a link that runs something. */
export function markdownHtml(text: string): string {
  // loaded when a page has text
  parser ??= (require("markdown-it") as (options: object) => MarkdownIt)({ html: false, typographer: false });
  return parser.render(text);
}
