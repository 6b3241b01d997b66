import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { allBrokersFolder, brokerFolder, dataFolderOf } from "../../broker/engine-state";
import { usageError } from "../../errors";

/** The brokers that the data here were written by. */
export interface DataLayout {
  /** How many: copies of a topic lie on each, and none can be used without a majority of them. */
  brokers: number;
  /** Port of each as it was last, in the order of their ids; undefined for one whose configuration is gone. */
  ports: (number | undefined)[];
}

/** What the folders of the engine `local` say; undefined when they hold no data. */
export function dataLayout(): DataLayout | undefined {
  const ids = (existsSync(allBrokersFolder()) ? readdirSync(allBrokersFolder()) : [])
    .map((name) => Number(/^broker-(\d+)$/.exec(name)?.[1]))
    .filter((id) => existsSync(join(dataFolderOf(id), "meta.properties")));
  if (ids.length === 0) return undefined;
  // a start that was interrupted may have prepared one of three
  const voters = ids.map((id) => /^controller\.quorum\.voters=(.*)$/m.exec(configOf(id))?.[1]?.split(",").length ?? 1);
  const brokers = Math.max(...ids, ...voters);
  const ports = Array.from({ length: brokers }, (_, i) => {
    const port = /^listeners=PLAINTEXT:\/\/[^,:]+:(\d+)/m.exec(configOf(i + 1))?.[1];
    return port === undefined ? undefined : Number(port);
  });
  return { brokers, ports };
}

/**
 * How many brokers to start: those of the data, where there are data.
 *
 * @param asked as it was asked for; undefined leaves it to the data, or one
 * @throws USAGE when the data are of another number
 */
export function brokersFor(data: DataLayout | undefined, asked: number | undefined): number {
  if (data === undefined || asked === undefined || asked === data.brokers) return data?.brokers ?? asked ?? 1;
  const number = data.brokers === 1 ? "1 broker" : `${data.brokers} brokers`;
  throw usageError(
    `${number}, as the data in ${allBrokersFolder()} are of`,
    asked,
    `go on with them: npx alerts up --brokers ${data.brokers}; or start empty: npx alerts up --brokers ${asked} --reset`,
  );
}

function configOf(id: number): string {
  const file = join(brokerFolder(id), "server.properties");
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
