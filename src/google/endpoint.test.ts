import { describe, expect, test } from "vitest";
import { endpointFrom } from "./endpoint.ts";

describe("Secret Manager", () => {
  test("is Google's when nothing else is said", () => {
    const google = { url: "https://secretmanager.googleapis.com", standIn: false };
    expect(endpointFrom({})).toEqual(google);
    expect(endpointFrom({ SECRET_MANAGER_ENDPOINT: "" })).toEqual(google);
  });

  test.each([
    "http://127.0.0.1:4000/",
    "http://127.9.9.9:4000",
    "http://localhost:4000",
    "http://[::1]:4000",
  ])("may be stood in for by %s", (address) => {
    const found = endpointFrom({ CLOUDSDK_API_ENDPOINT_OVERRIDES_SECRETMANAGER: address });
    expect(found).toEqual({ url: address.replace(/\/$/u, ""), standIn: true });
  });

  test.each([
    "https://example.com",
    "http://127.0.0.1.example.com",
    "http://localhost.example.com",
    "http://127.0.0.1@example.com",
    "http://10.0.0.1",
    "ftp://127.0.0.1",
    "127.0.0.1:4000",
  ])("may not be stood in for by %s", (address) => {
    expect(() => endpointFrom({ SECRET_MANAGER_ENDPOINT: address })).toThrow("must be on this machine");
  });
});
