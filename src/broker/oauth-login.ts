import type { AuthenticationProviderArgs, Mechanism } from "kafkajs";
import type { TokenSource } from "./oauth-token";

/** Ends each part of the message (RFC 7628, section 3.1). */
const END = "\x01";
/** Bytes before an answer that say how long it is. */
const sizeBytes = 4;

/**
 * Login by token, for kafkajs, in place of its own: that one does not look at the answer. A broker that refuses a token
 * says so in an answer with content and waits (RFC 7628, section 3.2.2); kafkajs takes this for success, and the first
 * request ends with "Closed connection".
 */
export function oauthLogin(source: TokenSource): Mechanism {
  const authenticationProvider = ({ saslAuthenticate }: AuthenticationProviderArgs) => ({
    authenticate: async () => {
      const message = Buffer.from(`n,,${END}auth=Bearer ${await source.token()}${END}${END}`);
      const size = Buffer.alloc(sizeBytes);
      size.writeInt32BE(message.length);
      const answer = await saslAuthenticate<Buffer>({
        request: { encode: () => Buffer.concat([size, message]) },
        response: { decode: (bytes) => bytes, parse: (bytes) => bytes },
      });
      if ((answer?.length ?? 0) <= sizeBytes) return;
      source.forget(); // it may have been withdrawn
      const { KafkaJSSASLAuthenticationError } = require("kafkajs") as typeof import("kafkajs");
      // its typings know of no message
      throw new (KafkaJSSASLAuthenticationError as new (message: string) => Error)("the token is not accepted");
    },
  });
  return { mechanism: "oauthbearer", authenticationProvider };
}
