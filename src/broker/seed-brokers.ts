import { connect, isIP } from "node:net";
import { connect as connectTls } from "node:tls";
import type { ISocketFactory, KafkaConfig } from "kafkajs";
import { addresses, hostAndPort } from "./address";

/** kafkajs divides an address at its first colon, which an IPv6 one has within: such a host goes under this name. */
const ALIAS = /^ipv6-([0-9a-f]+)\.invalid$/;
const keepAliveMs = 60_000;

/**
 * The address of a cluster as kafkajs takes it.
 *
 * @throws USAGE for one that is none
 */
export function seedBrokers(bootstrap: string): Pick<KafkaConfig, "brokers" | "socketFactory"> {
  const all = addresses(bootstrap);
  if (!all.some((address) => address.startsWith("["))) return { brokers: all };
  return { brokers: all.map(aliased), socketFactory: toIpv6 };
}

function aliased(address: string): string {
  const { host, port } = hostAndPort(address);
  return host.includes(":") ? `ipv6-${Buffer.from(host).toString("hex")}.invalid:${port}` : address;
}

/** kafkajs's own, with the names of before in place of the aliases. */
const toIpv6: ISocketFactory = ({ host: name, port, ssl, onConnect }) => {
  const hex = ALIAS.exec(name)?.[1];
  const host = hex === undefined ? name : Buffer.from(hex, "hex").toString();
  const socket = ssl
    ? connectTls({ host, port, ...(!isIP(host) && { servername: host }), ...ssl }, onConnect)
    : connect({ host, port }, onConnect);
  return socket.setKeepAlive(true, keepAliveMs);
};
