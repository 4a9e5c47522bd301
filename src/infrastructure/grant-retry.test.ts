import { expect, test } from "vitest";
import { type GrantRetry, grantRetry, grantSettle } from "./grant-retry.ts";

const refused =
  "googleapi: Error 400: Permission denied on secret: projects/1/secrets/s/versions/1 for Revision service account " +
  "a@p.iam.gserviceaccount.com.";

/** Plays failures one after the other and returns the answers, with the milliseconds waited in all. */
async function play(retry: GrantRetry, failures: string[], each = 0) {
  let time = 0;
  const clock = {
    now: () => time,
    pause: async (milliseconds: number) => {
      time += milliseconds + each;
    },
  };
  const hook = grantRetry(retry, clock);
  const answers: boolean[] = [];
  for (let i = 1; i <= failures.length; i++) {
    const errors = failures.slice(0, i).reverse();
    answers.push(await hook({ urn: "", id: "", name: "", type: "", failedOperation: "create", errors }));
  }
  return { answers, waited: time };
}

test("a refused grant is tried again until the time is up", async () => {
  const { answers, waited } = await play({ settle: 0, timeout: 20, pause: 5 }, Array(6).fill(refused));
  expect(answers).toEqual([true, true, true, true, false, false]);
  expect(waited).toBe(20_000);
});

test("time spent deploying counts", async () => {
  const { answers } = await play({ settle: 0, timeout: 20, pause: 5 }, Array(3).fill(refused), 5000);
  expect(answers).toEqual([true, true, false]);
});

test("any other error is not tried again, nor is one that follows a refusal", async () => {
  const missing = "Secret projects/1/secrets/s/versions/9 was not found";
  expect(await play({ settle: 0, timeout: 20, pause: 5 }, [missing])).toEqual({
    answers: [false],
    waited: 0,
  });
  const { answers } = await play({ settle: 0, timeout: 20, pause: 5 }, [refused, "already exists"]);
  expect(answers).toEqual([true, false]);
});

test("the engine never reaches its own limit of tries", async () => {
  const { answers } = await play({ settle: 0, timeout: 100_000, pause: 1 }, Array(100).fill(refused));
  expect(answers.lastIndexOf(true)).toBe(97);
});

test("a later operation starts a time of its own", async () => {
  let time = 0;
  const hook = grantRetry(
    { settle: 0, timeout: 10, pause: 10 },
    { now: () => time, pause: async () => undefined },
  );
  const failure = { urn: "", id: "", name: "", type: "", failedOperation: "update", errors: [refused] };
  expect(await hook(failure)).toBe(true);
  time = 1_000_000;
  expect(await hook(failure)).toBe(true);
});

test("a creation that left its service behind is not tried again: the engine would forget that service", async () => {
  const waiting = `Error waiting to create Service: Error code 9, message: ${refused}`;
  expect(await play({ settle: 0, timeout: 20, pause: 5 }, [waiting])).toEqual({
    answers: [false],
    waited: 0,
  });
});

test("a new grant is given the time it takes to work, and that is said", async () => {
  const said: string[] = [];
  let waited = 0;
  const clock = {
    now: () => 0,
    pause: async (milliseconds: number) => {
      waited += milliseconds;
    },
  };
  const args = { urn: "", id: "", name: "auth-accessor", type: "" };
  await grantSettle({ settle: 60, timeout: 0, pause: 1 }, (message) => said.push(message), clock)(args);
  expect(waited).toBe(60_000);
  expect(said).toEqual(["auth-accessor: waiting 60 s, the time a new grant takes to work on Google Cloud"]);
  await grantSettle({ settle: 0, timeout: 0, pause: 1 }, (message) => said.push(message), clock)(args);
  expect(waited).toBe(60_000);
});
