import { type PublishReport, publish, type VisitReport } from "../../src/kafka/publish/publish";
import { pause } from "../../src/pause";
import { makeAlert } from "../helpers/alerts";

/** Publishes numbered small alerts, visit after visit, until told to end; says how far it has come. */
export class Sending {
  /** Visits that are acknowledged, and the alerts in them. */
  visits = 0;
  acknowledged = 0;
  readonly report: Promise<PublishReport>;
  private ending = false;

  constructor(
    private readonly options: {
      bootstrap: string;
      topic: string;
      perVisit: number;
      secondsPerVisit?: number;
      fast?: boolean;
      /** Further bytes of each alert. */
      padding?: number;
    },
  ) {
    const onVisit = ({ alerts }: VisitReport) => {
      this.visits++;
      this.acknowledged += alerts;
    };
    this.report = publish(this.source(), { ...options, onVisit });
    this.report.catch(() => {}); // whoever waits for it hears of it
  }

  /** Resolves when `count` more visits are acknowledged; an error of publish ends the wait. */
  async more(count: number): Promise<void> {
    const wanted = this.visits + count;
    let failure: unknown;
    this.report.catch((error) => {
      failure = error;
    });
    while (this.visits < wanted) {
      if (failure) throw failure;
      await pause(20);
    }
  }

  /** No further visits; what publish reports. */
  end(): Promise<PublishReport> {
    this.ending = true;
    return this.report;
  }

  private async *source() {
    const { perVisit, padding } = this.options;
    for (let visit = 0; !this.ending; visit++) yield visitOf(visit, perVisit, padding);
  }
}

/** Visit `number` of alerts whose objectId is their running number. */
export function visitOf(number: number, perVisit: number, padding = 10) {
  const alerts = Array.from({ length: perVisit }, (_, i) => {
    const n = number * perVisit + i;
    return makeAlert(n, { objectId: `n${n}`, mag: 15 + (n % 8), jd: 2460000.5 + number / 86400, padding });
  });
  return { id: `visit-${number}`, mjdUtc: alerts[0]!.mjdUtc, field: 500, alerts };
}

/** The names of alerts 0 to count - 1 as {@link visitOf} gives them. */
export const namesOf = (count: number): string[] => Array.from({ length: count }, (_, n) => `n${n}`);
