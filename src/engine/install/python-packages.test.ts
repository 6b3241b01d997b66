import { expect, it } from "vitest";
import { uvSettings } from "./python-packages";

it("tells uv what pip was told about where packages come from", () => {
  const listed = [
    ":env:.cert='/etc/ssl/ca.pem'",
    ":env:.default-timeout='180'",
    ":env:.index-url='https://nearer.example/simple'",
    "global.index-url='https://mirror.example/simple'",
    "global.extra-index-url='\\nhttps://one.example/simple\\nhttps://two.example/simple'",
    "site.trusted-host='mirror.example'",
  ].join("\n");
  expect(uvSettings(listed)).toEqual({
    SSL_CERT_FILE: "/etc/ssl/ca.pem",
    UV_DEFAULT_INDEX: "https://nearer.example/simple",
    UV_INDEX: "https://one.example/simple https://two.example/simple",
  });
  expect(uvSettings("")).toEqual({});
});
