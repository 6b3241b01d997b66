import type { Alert } from "../alert/alert";
import type { Visit } from "../alert/types";
import { compareTimes } from "../alert/visits";
import { chooseRegistry, findSchema } from "../avro/find-schema";
import { BootcampError } from "../errors";
import { AlertStream } from "../stream/alert-stream";
import type { Ledger } from "../stream/ledger";
import { decodeMember } from "./decode-member";
import { withDefaults } from "./limits";
import { members } from "./members";
import { checkedPaths, FailureReport, type OpenedOptions, type ReadOptions } from "./read-alerts";
import { Spool } from "./spool";

/** Where the alerts of one visit lie: pairs of member number and record number, flat to keep a night's index small. */
interface Indexed {
  id: string;
  mjdUtc: number;
  field: Visit["field"];
  places: number[];
}

/**
 * Reads alerts visit by visit, in the order in which they were observed, holding one visit in memory at a time.
 *
 * Two passes: the first notes which visit each alert belongs to, the second reads one visit after the other. Files in
 * folders are read again by name; members of archives are kept in a temporary file meanwhile, which needs disk for the
 * unpacked night (in TMPDIR) and is gone afterwards, also after an interrupt. An alert costs about 150 bytes of memory.
 *
 * @param paths as for {@link readAlerts}; `limit` counts visits
 * @returns visits by time; in the stream's ledger `read` counts visits and what could not be read
 * @throws BootcampError as {@link readAlerts}; FILE_ACCESS when the temporary file does not fit on its disk
 * @example
 * for await (const visit of files.readVisits("data/20181129")) console.log(visit.mjdUtc, visit.alerts.length);
 */
export function readVisits(paths: string | readonly string[], options: ReadOptions = {}): AlertStream<Visit<Alert>> {
  const list = checkedPaths(paths);
  const opened = { ...options, registry: chooseRegistry(options.registry) };
  const stream = AlertStream.from<Visit<Alert>>((ledger) => visitsIn(list, opened, ledger));
  return options.limit === undefined ? stream : stream.take(options.limit);
}

async function* visitsIn(
  paths: readonly string[],
  options: OpenedOptions,
  ledger: Ledger,
): AsyncGenerator<Visit<Alert>> {
  const spool = new Spool(withDefaults(options));
  const failures = new FailureReport(ledger, options);
  try {
    const visits = await indexVisits(paths, options, spool, failures);
    for (const visit of visits) {
      const alerts: Alert[] = [];
      for (let i = 0; i < visit.places.length; i += 2) {
        if (options.signal?.aborted) throw new BootcampError("ABORTED", "Reading was stopped on request");
        const number = visit.places[i]!;
        try {
          alerts.push(await alertAt(spool, number, visit.places[i + 1]!, options));
        } catch (error) {
          const path = spool.pathOf(number);
          failures.add({ file: path, path }, error);
        }
      }
      const { id, mjdUtc, field } = visit;
      if (alerts.length > 0) yield { id, mjdUtc, field, alerts, of: visits.length };
    }
  } finally {
    await spool.close();
  }
}

async function indexVisits(
  paths: readonly string[],
  options: OpenedOptions,
  spool: Spool,
  failures: FailureReport,
): Promise<Indexed[]> {
  const visits = new Map<string, Indexed>();
  for await (const member of members(paths, { ...options, except: options.setAside })) {
    let number: number | undefined;
    let record = 0;
    await findSchema(member.bytes, options);
    try {
      for (const alert of decodeMember(member, options)) {
        const { visitId: id, mjdUtc, field } = alert;
        number ??= await spool.add(member);
        const visit = visits.get(id);
        if (visit) visit.places.push(number, record);
        else visits.set(id, { id, mjdUtc, field, places: [number, record] });
        record++;
        failures.alertRead();
      }
      if (record === 0) failures.empty(member.path);
    } catch (error) {
      failures.add(member, error);
    }
  }
  await failures.setAside();
  failures.end(paths);
  return [...visits.values()].sort((a, b) => compareTimes(a.mjdUtc, b.mjdUtc));
}

/** The member read last, decoded: in a container of a whole visit the next alert is in the same one. */
const lastRead = new WeakMap<Spool, { number: number; alerts: Alert[] }>();

async function alertAt(spool: Spool, number: number, record: number, options: OpenedOptions): Promise<Alert> {
  let last = lastRead.get(spool);
  if (last?.number !== number) {
    const alerts: Alert[] = [];
    const member = await spool.read(number);
    try {
      for (const alert of decodeMember(member, options)) alerts.push(alert);
    } catch (error) {
      if (alerts.length === 0) throw error; // damage behind whole alerts was reported in the first pass
    }
    last = { number, alerts };
    lastRead.set(spool, last);
  }
  const alert = last.alerts[record];
  if (!alert)
    throw new BootcampError(
      "AVRO_CORRUPT",
      `${spool.pathOf(number)}: Expected alert ${record + 1} again, the file has changed`,
      {
        where: spool.pathOf(number),
      },
    );
  return alert;
}
