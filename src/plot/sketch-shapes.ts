import type { Box, Panel } from "./sketch-axes";
import { css } from "./sketch-color";
import { dashes } from "./sketch-scatter";
import { round, words } from "./sketch-words";

type Options = Readonly<Record<string, any>>;
const ink = "#222";
/** Shapes, and annotations, of one picture. */
const most = 1000;

/** Shapes and annotations of a layout; what cannot be drawn is added to `remarks`. */
export function shapesAndNotes(layout: Options, panels: readonly Panel[], area: Box, remarks: string[]): string {
  const place = placesOn(panels, area);
  const shapes = listed(layout["shapes"]).map((shape) => {
    const drawn = drawShape(shape, place);
    if (drawn === null && !remarks.includes("some shapes not drawn")) remarks.push("some shapes not drawn");
    return drawn ?? "";
  });
  const notes = listed(layout["annotations"]).map((note) => drawNote(note, place));
  return [...shapes, ...notes].join("");
}

const listed = (value: unknown): Options[] =>
  (Array.isArray(value) ? value : [])
    .slice(0, most)
    .filter((item) => item && typeof item === "object" && item.visible !== false);

type Place = (ref: unknown, value: unknown, letter: "x" | "y") => number;

/** Pixels of a value on the paper, on an axis, or in the domain of one. */
function placesOn(panels: readonly Panel[], area: Box): Place {
  const inside = (box: Box, share: number, letter: "x" | "y") =>
    letter === "x" ? box.left + share * box.width : box.top + (1 - share) * box.height;
  return (ref, value, letter) => {
    if (ref === "paper") return inside(area, Number(value), letter);
    const [id, domain] = String(ref ?? letter).split(" ");
    const panel = panels.find((each) => each[letter].id === id) ?? panels[0]!;
    if (domain === "domain") return inside(panel.box, Number(value), letter);
    const axis = panel[letter];
    return axis.pixel(axis.value(value));
  };
}

function drawShape(shape: Options, place: Place): string | null {
  const type = shape["type"] ?? "rect";
  const [x0, x1] = ["x0", "x1"].map((name) => place(shape["xref"], shape[name], "x")) as [number, number];
  const [y0, y1] = ["y0", "y1"].map((name) => place(shape["yref"], shape[name], "y")) as [number, number];
  if (![x0, x1, y0, y1].every(Number.isFinite) || shape["xsizemode"] === "pixel" || shape["ysizemode"] === "pixel")
    return null;
  const width = Number(shape["line"]?.width ?? 2) || 0;
  const stroke = `stroke="${css(shape["line"]?.color, "#444")}" stroke-width="${width}"${dashes(shape["line"]?.dash, width)}`;
  const paint = `fill="${css(shape["fillcolor"], "none")}" ${stroke} opacity="${Number(shape["opacity"] ?? 1) || 0}"`;
  const [left, top] = [Math.min(x0, x1), Math.min(y0, y1)];
  const [w, h] = [Math.abs(x1 - x0), Math.abs(y1 - y0)];
  const text = words(shape["label"]?.text);
  // upright lines carry their label above the end, where it does not cover what they cross
  const at =
    type === "line" ? `x="${round(x0)}" y="${round(top - 4)}"` : `x="${round(left + w / 2)}" y="${round(top + h / 2)}"`;
  const label = text && `<text ${at} text-anchor="middle">${text}</text>`;
  if (type === "line") return `<path d="M${round(x0)} ${round(y0)}L${round(x1)} ${round(y1)}" ${paint}/>${label}`;
  if (type === "rect")
    return `<rect x="${round(left)}" y="${round(top)}" width="${round(w)}" height="${round(h)}" ${paint}/>${label}`;
  if (type !== "circle") return null;
  const middle = `cx="${round(left + w / 2)}" cy="${round(top + h / 2)}" rx="${round(w / 2)}" ry="${round(h / 2)}"`;
  return `<ellipse ${middle} ${paint}/>${label}`;
}

function drawNote(note: Options, place: Place): string {
  const [x, y] = [place(note["xref"], note["x"], "x"), place(note["yref"], note["y"], "y")];
  if (!Number.isFinite(x) || !Number.isFinite(y)) return "";
  const isArrow = note["showarrow"] !== false;
  const [ax, ay] = isArrow ? [Number(note["ax"] ?? -10) || 0, Number(note["ay"] ?? -30) || 0] : [0, 0];
  const arrow = isArrow
    ? `<path d="M${round(x + ax)} ${round(y + ay)}L${round(x)} ${round(y)}" stroke="${css(note["arrowcolor"], "#444")}"/>`
    : "";
  const anchor = { left: "start", right: "end" }[note["xanchor"] as "left" | "right"] ?? "middle";
  const drop = { top: 12, bottom: -3 }[note["yanchor"] as "top" | "bottom"] ?? (isArrow ? -4 : 4);
  const size = Number(note["font"]?.size ?? 12) || 12;
  const look = `font-size="${size}" fill="${css(note["font"]?.color, ink)}"`;
  const at = `x="${round(x + ax)}" y="${round(y + ay + drop)}"`;
  return `${arrow}<text ${at} text-anchor="${anchor}" ${look}>${words(note["text"])}</text>`;
}
