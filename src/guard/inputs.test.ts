import * as pulumi from "@pulumi/pulumi";
import { unknown } from "@pulumi/pulumi/output.js";
import { unknownValue } from "@pulumi/pulumi/runtime/rpc.js";
import { expect, test } from "vitest";
import { readInputs } from "./inputs.ts";

const counts = (name: string) => name.startsWith("JWT_SECRET");
const reference = (secret: unknown) => ({ valueSource: { secretKeyRef: { secret, version: "1" } } });
const service = (...envs: unknown[]) => ({ name: "auth", template: { containers: [{ image: "x", envs }] } });
const read = async (props: unknown) => (await readInputs(props, counts)).inputs;
const carried = (...envs: unknown[]) => ({ name: "auth", template: { containers: [{ envs }] } });

test("JWT variables are read, and others are not even waited for", async () => {
  const never = pulumi.output(new Promise<string>(() => {}));
  const props = {
    ...service({ name: "JWT_SECRET", ...reference("s") }, { name: "URL", value: never }),
    labels: never,
  };
  expect(await read(props)).toEqual(carried({ name: "JWT_SECRET", ...reference("s") }));
});

test.each([
  ["an Output", (value: unknown) => pulumi.output(value)],
  ["a promise", (value: unknown) => Promise.resolve(value)],
  ["a secret", (value: unknown) => pulumi.secret(value)],
  ["a secret as the engine sends it", (value: unknown) => rpcSecret(value)],
])("what lies in %s is read, at any depth", async (_, within) => {
  const variable = { name: "JWT_SECRET", ...reference("s") };
  const expected = carried(variable);
  expect(await read(service({ name: within("JWT_SECRET"), ...reference(within("s")) }))).toEqual(expected);
  expect(await read({ name: "auth", template: within({ containers: [{ envs: [variable] }] }) })).toEqual(
    expected,
  );
  expect(
    await read({ name: "auth", template: { containers: within([{ envs: within([variable]) }]) } }),
  ).toEqual(expected);
});

function rpcSecret(value: unknown): unknown {
  return { [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig, value };
}

test("what is not known is the sentinel, and so is what is computed from it", async () => {
  const from = pulumi.output(unknown);
  const computed = from.apply((text) => `${String(text)}!`);
  expect(await read(service({ name: "JWT_SECRET", ...reference(from) }))).toEqual(
    carried({ name: "JWT_SECRET", ...reference(unknownValue) }),
  );
  expect(await read(service({ name: "JWT_SECRET", ...reference(computed) }))).toEqual(
    carried({ name: "JWT_SECRET", ...reference(unknownValue) }),
  );
});

test("a variable whose name is not known stays", async () => {
  expect(await read(service({ name: pulumi.output(unknown), value: "x" }))).toEqual(
    carried({ name: unknownValue, value: "x" }),
  );
});

test("jobs and v1 services are read where their containers are", async () => {
  const containers = [{ envs: [{ name: "JWT_SECRET", value: "x" }] }];
  const job = { template: { template: { containers } } };
  const v1 = { template: { metadata: { annotations: { a: "b" } }, spec: { containers } } };
  expect(await read(job)).toEqual(job);
  expect(await read(v1)).toEqual(v1);
});

test("nothing is waited for that may not be", async () => {
  const value = pulumi.output("x");
  const refuse = () => {
    throw new Error("no");
  };
  await expect(readInputs(service({ name: "JWT_SECRET", value }), counts, refuse)).rejects.toThrow("no");
  await expect(readInputs(service({ name: "URL", value }), counts, refuse)).resolves.toBeDefined();
});

test("of a volume it is told what kind it is, and what it holds only where that may be a secret", async () => {
  const never = pulumi.output(new Promise<string>(() => {}));
  const volumes = [
    { name: "sql", cloudSqlInstance: { instances: [never] } },
    { name: "tmp", emptyDir: {}, nfs: undefined },
    { name: "bucket", csi: { driver: pulumi.output("gcsfuse.run.googleapis.com"), volumeAttributes: never } },
    { name: "key", secret: { secret: pulumi.output("s"), items: [] } },
  ];
  expect(await read({ name: "auth", template: { containers: [], volumes } })).toEqual({
    name: "auth",
    template: {
      containers: [],
      volumes: [
        { name: "sql", cloudSqlInstance: {} },
        { name: "tmp", emptyDir: {} },
        { name: "bucket", csi: { driver: "gcsfuse.run.googleapis.com" } },
        { name: "key", secret: { secret: "s", items: [] } },
      ],
    },
  });
});
