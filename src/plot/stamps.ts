import type { AlertView, Stamp, StampKind } from "../alert/types";
import { expectArgument } from "../expect";
import { type Figure, makeFigure, plain } from "./figure";
import { pixelScaleArcsec } from "./orient";
import { type Oriented, orientStamp } from "./orient-stamp";
import { drawPanel, type Panel, significant } from "./stamp-panel";
import { type StretchOptions, stretch } from "./stretch";

/** Options of {@link plotStamps}. */
export interface StampsOptions extends StretchOptions {
  /** Default: survey and object of the alert. */
  title?: string;
  /** Turn to north up, east left, where the orientation is known. Default true. */
  northUp?: boolean;
  /** Add a panel of the difference image over its own noise, where the survey sends a variance. Default false. */
  signalToNoise?: boolean;
}

/** What {@link plotStamps} needs of an alert. */
export type StampsSource = Pick<AlertView, "stamps" | "survey" | "objectId" | "alertId">;

const KINDS: readonly StampKind[] = ["science", "template", "difference"];

/** Range of the S/N panel: beyond ±10 sigma there is nothing left to judge by eye. */
const SN_LIMIT = 10;

/**
 * The cutouts side by side: science, template, difference, in grey, each stretched by itself; the title names the
 * stretch, the words above each panel its range of pixel values. Axes are arcseconds from the centre where the pixel
 * scale is known (ZTF 1.01″, Rubin 0.2″ or from the header), else pixels. A stamp that was not sent or cannot be read
 * leaves its panel empty, with the reason in it.
 *
 * @example
 * show(plot.stamps(alert, { stretch: "linear", limits: "zscale" }));
 */
export function plotStamps(alert: StampsSource, options: StampsOptions = {}): Figure {
  expectArgument("object", alert?.stamps, "an alert with stamps");
  const { northUp: turn = true, signalToNoise = false, title } = options;
  const { survey } = alert;
  const oriented = KINDS.map((kind) => orientStamp(() => alert.stamps[kind], survey, turn));
  let words = "";
  const panels = oriented.map(({ stamp, step, isUp, reason }, index): Panel => {
    const name = nameOf(KINDS[index]!, stamp);
    if (!stamp) return emptyPanel(name, reason);
    const { values, low, high, name: how } = stretch(stamp.pixels, options);
    words = how;
    const range = `${significant(low)} to ${significant(high)}${stamp.unit && ` ${stamp.unit}`}`;
    const scale = pixelScaleArcsec(stamp, survey) * step;
    return { name, stamp, scale, step, isUp, shown: stamp.pixels, unit: stamp.unit, grey: values, note: range };
  });
  if (signalToNoise) panels.push(signalPanel(oriented[2]!, survey));

  const drawn = panels.map((panel, index) => drawPanel(panel, index, panels.length));
  const known = panels.find((panel) => panel.stamp !== null);
  const remarks = [
    words && `${words} stretch`,
    known?.isUp && "north up, east left",
    known && Number.isFinite(known.scale) && `${(known.scale / known.step).toFixed(2)}″ per pixel`,
    known && known.step > 1 && `mean of ${known.step} × ${known.step} pixels`,
  ];
  return makeFigure(
    drawn.flatMap((panel) => panel.traces),
    {
      title: plain(title ?? `${survey.toUpperCase()} ${alert.objectId ?? alert.alertId ?? ""}`.trim()),
      subtitle: remarks.filter(Boolean).join(" · "),
      height: 430,
      more: {
        ...Object.assign({}, ...drawn.map((panel) => panel.axes)),
        annotations: drawn.flatMap((panel) => panel.annotations),
        showlegend: false,
        plot_bgcolor: "#f2f2f2",
      },
    },
  );
}

/** ZTF turns the difference round where the source has faded, and says so in nothing but the file name. */
function nameOf(kind: StampKind, stamp: Stamp | null): string {
  return kind === "difference" && /_refmsci\b/.test(stamp?.fileName ?? "") ? "template − science" : kind;
}

function emptyPanel(name: string, reason: string): Panel {
  return { name, stamp: null, scale: Number.NaN, step: 1, isUp: false, shown: [], unit: "", grey: [], note: reason };
}

function signalPanel(difference: Oriented, survey: string): Panel {
  const { stamp, step, isUp } = difference;
  const name = "difference S/N";
  const variance = stamp?.variance;
  if (!stamp || !variance) return emptyPanel(name, "no variance sent");
  const shown = Float64Array.from(stamp.pixels, (value, i) =>
    variance[i]! > 0 ? value / Math.sqrt(variance[i]!) : Number.NaN,
  );
  const grey = stretch(shown, { stretch: "linear", limits: [-SN_LIMIT, SN_LIMIT] }).values;
  const range = `−${SN_LIMIT} to ${SN_LIMIT} σ, linear`;
  const scale = pixelScaleArcsec(stamp, survey) * step;
  return { name, stamp, scale, step, isUp, shown, unit: "σ", grey, note: range };
}
