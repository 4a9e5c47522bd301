/** With the real library, and a metadata server of our own as Google machines have one. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { callerHeaders, identityToken } from "./credentials.ts";

const google = { url: "https://secretmanager.googleapis.com", standIn: false };
const saved = { ...process.env };
/** The library asks gcloud where there is one, and gcloud writes settings and logs into the home it is given. */
const home = mkdtempSync(join(tmpdir(), "jwt-secret-home-"));
const server = createServer((request, response) => {
  const token = request.url?.includes("/identity")
    ? "an.identity.token"
    : JSON.stringify({ access_token: "an-access-token", expires_in: 3600, token_type: "Bearer" });
  response.writeHead(200, { "metadata-flavor": "Google", "content-type": "application/json" }).end(token);
});

beforeAll(async () => {
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  delete process.env.GOOGLE_APPLICATION_CREDENTIALS;
  Object.assign(process.env, {
    GCE_METADATA_HOST: `127.0.0.1:${address.port}`,
    METADATA_SERVER_DETECTION: "assume-present",
    HOME: home,
  });
});
afterAll(() => {
  for (const name of ["GCE_METADATA_HOST", "METADATA_SERVER_DETECTION"]) delete process.env[name];
  Object.assign(process.env, saved);
  server.closeAllConnections();
  server.close();
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

test("Google is called as whoever the machine is", async () => {
  expect(await callerHeaders(google, {})).toMatchObject({ authorization: "Bearer an-access-token" });
  expect(await identityToken("https://backend.example.com")).toBe("an.identity.token");
});

test("a stand-in never sees a Google credential", async () => {
  const standIn = { url: "http://127.0.0.1:4000", standIn: true };
  expect(await callerHeaders(standIn, {})).toEqual({});
  const env = { SANDBOX_MEMBER: "user:eve@example.com" };
  expect(await callerHeaders(standIn, env)).toEqual({ authorization: "Bearer member:user:eve@example.com" });
});
