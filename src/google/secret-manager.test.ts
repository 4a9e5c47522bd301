/** What Secret Manager may answer, told by a server that answers in a row. */
import { createServer } from "node:http";
import { expect, test } from "vitest";
import { crc32c } from "./crc32c.ts";
import { accessVersion } from "./secret-manager.ts";
import { readVersionName } from "./version-name.ts";

const version = readVersionName("projects/demo/secrets/key/versions/3");
const bytes = Buffer.from("some bytes");
const good = {
  name: "projects/123456/secrets/key/versions/3",
  payload: { data: bytes.toString("base64"), dataCrc32c: String(crc32c(bytes)) },
};

/** Reads the version from a server that gives these answers, the last one for ever. */
async function access(answers: [number, object][], headers: Record<string, string> = {}) {
  if (version === undefined) throw new Error("not a version");
  const calls: { url: string | undefined; authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const [status, body] = answers[Math.min(calls.length, answers.length - 1)] ?? [500, {}];
    calls.push({ url: request.url, authorization: request.headers.authorization });
    response.writeHead(status, { location: "/elsewhere" }).end(JSON.stringify(body));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  try {
    const options = { endpoint: { url, standIn: true }, headers, pauses: [1, 1] };
    return { calls, result: await accessVersion(version, options).catch((error: Error) => error.message) };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test("the bytes come as they are, asked for once, as the caller", async () => {
  const { calls, result } = await access([[200, good]], { authorization: "Bearer x" });
  expect(result).toEqual(bytes);
  const url = "/v1/projects/demo/secrets/key/versions/3:access";
  expect(calls).toEqual([{ url, authorization: "Bearer x" }]);
});

test("what passes is tried again, twice", async () => {
  expect(
    (
      await access([
        [503, {}],
        [429, {}],
        [200, good],
      ])
    ).result,
  ).toEqual(bytes);
  const { calls, result } = await access([[503, {}]]);
  expect(calls).toHaveLength(3);
  expect(result).toContain("Secret Manager answers 503");
});

test("a refusal is not", async () => {
  const refusal = { error: { code: 403, status: "PERMISSION_DENIED", message: "No." } };
  const { calls, result } = await access([[403, refusal]]);
  expect(calls).toHaveLength(1);
  expect(result).toContain("you may not read projects/demo/secrets/key/versions/3 (No)");
});

const wrong: [string, [number, object], string][] = [
  ["a redirect, which is not followed", [302, {}], "answers 302"],
  ["credentials that are nobody's", [401, {}], "takes your credentials for nobody's"],
  ["another version", [200, { ...good, name: "projects/1/secrets/key/versions/4" }], "is about projects/1"],
  ["another secret", [200, { ...good, name: "projects/1/secrets/other/versions/3" }], "is about projects/1"],
  ["nothing", [200, { ...good, payload: { data: "", dataCrc32c: "0" } }], "is empty"],
  ["no checksum", [200, { ...good, payload: { data: good.payload.data } }], "does not match its checksum"],
];
test.each(wrong)("%s", async (_, answer, said) => {
  expect((await access([answer])).result).toContain(said);
});
