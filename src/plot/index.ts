export { type Arrivals, type ArrivalsOptions, arrivals } from "./arrivals";
export type { BandStyle } from "./bands";
export { type ClassesOptions, type ClassTally, plotClasses as classes } from "./classes";
export { plotComparison as comparison } from "./comparison";
export type { Figure, Trace } from "./figure";
export { type FunnelBar, plotFunnel as funnel } from "./funnel";
export { type GridOptions, plotGrid as grid } from "./grid";
export { type HistogramOptions, plotHistogram as histogram } from "./histogram";
export { type PageItem, saveHtml } from "./html";
export {
  type DrawablePoint,
  type LightCurveOptions,
  type LightCurvePoints,
  plotLightCurve as lightCurve,
} from "./light-curve";
export { type LiveModel, type LiveOptions, type LivePlot, live } from "./live";
export { type MonitorPoint, type PlotMonitorOptions, plotMonitor as monitor } from "./monitor";
export type { SkyProjection } from "./projection";
export type { Quantity } from "./quantity";
export { plotRate as rate, type RateOptions, type RateRow } from "./rate";
export { type SaveFigureOptions, saveFigure as save } from "./save-figure";
export { plotScatter as scatter, type ScatterOptions } from "./scatter";
export {
  type ChancePoint,
  plotChanceRate as chanceRate,
  plotSeparations as separations,
  type SeparationsOptions,
} from "./separations";
export { sketchSvg as sketch } from "./sketch";
export { plotSky as sky, type SkyOptions, type SkyPoint } from "./sky";
export { plotStampWall as stampWall, type StampWallOptions, type WallSource } from "./stamp-wall";
export { plotStamps as stamps, type StampsOptions, type StampsSource } from "./stamps";
export type { Stretched, StretchKind, StretchLimits, StretchOptions } from "./stretch";
export type { AlertTable, TableField, TableOptions } from "./table";
export { type Theme, themed } from "./theme";
export type { ZscaleOptions } from "./zscale";
