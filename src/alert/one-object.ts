import { BootcampError, usageError } from "../errors";
import { separationArcsec } from "./sphere";
import type { AlertView, Detection } from "./types";

/**
 * Points of one object lie nearer to each other than this, arcseconds: above the pixels of any alert survey (Evryscope: 13″)
 * and the proper motion of any star over ten years but Barnard's, below the distance of two sources that are worth telling apart.
 */
const widestObjectArcsec = 30;

/**
 * The designation that several alerts share: then they are of one moving object, wherever they are and whatever `objectId`
 * each place has. Undefined when they are of something fixed, and for a single alert, which brings the history of its place.
 */
export function sharedDesignation(alerts: readonly AlertView[]): string | undefined {
  const designation = alerts[0]?.designation;
  return designation && alerts.length > 1 && alerts.every((alert) => alert.designation === designation)
    ? designation
    : undefined;
}

/**
 * Refuses alerts that are not of one fixed object: other ids, or places that lie farther apart than an object can.
 *
 * @throws USAGE with both ids, or both places
 */
export function checkSameId(alerts: readonly AlertView[]): void {
  const first = alerts[0]!;
  const other = alerts.find((alert) => String(alert.objectId) !== String(first.objectId));
  if (other === undefined) return;
  throw usageError(`alerts of one object (${first.objectId})`, other.objectId, "group the alerts by objectId first");
}

/** As {@link checkSameId}, by the places of all points: an id may name something larger, such as a field. */
export function checkSamePlace(objectId: AlertView["objectId"], points: readonly Detection[]): void {
  const placed = points.filter(({ ra, dec }) => Number.isFinite(ra) && Number.isFinite(dec));
  const first = placed[0];
  if (first === undefined) return;
  const far = placed.find((point) => separationArcsec(first, point) > widestObjectArcsec);
  if (far === undefined) return;
  const [here, there] = [first, far].map(({ ra, dec }) => `RA ${ra.toFixed(5)}° Dec ${dec.toFixed(5)}°`);
  const away = separationArcsec(first, far).toFixed(0);
  throw new BootcampError(
    "USAGE",
    `Expected points of one object (${objectId}) within ${widestObjectArcsec}″, got ${here} and ${there}, ${away}″ apart`,
    { remedy: "the id names more than one object: group the alerts by their places, or by designation if they move" },
  );
}
