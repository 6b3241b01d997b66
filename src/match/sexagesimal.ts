const sexagesimal = /^([+\-−])?\s*(\d{1,3})[\s:hd°]+(\d{1,2})(?:[\s:m'′]+(\d{1,2}(?:\.\d*)?))?[\s"″s]*$/;
const minutesWithFraction = /^([+\-−])?\s*(\d{1,3})[\s:hd°]+(\d{1,2}\.\d+)[\s'′m]*$/;

/**
 * Reads `hh:mm:ss.s`, `hh mm ss`, `±dd:mm:ss`, `12h30m45s`, `-00d30m` or `hh mm.m` as a decimal number of hours or
 * degrees. The sign is that of the whole, so −00:30:00 is −0.5. NaN for anything else, and for 60 or more minutes or
 * seconds (60 seconds exactly is let through: older tables round to it).
 *
 * @example
 * parseSexagesimal("-05:23:28"); // -5.39111…
 */
export function parseSexagesimal(text: string): number {
  const parts = sexagesimal.exec(text.trim()) ?? minutesWithFraction.exec(text.trim());
  if (parts === null) return Number.NaN;
  const minutes = Number(parts[3]);
  const seconds = Number(parts[4] ?? 0);
  if (minutes >= 60 || seconds > 60) return Number.NaN;
  const value = Number(parts[2]) + minutes / 60 + seconds / 3600;
  return parts[1] === undefined || parts[1] === "+" ? value : -value;
}
