/** Tokens signed before an adoption, held against the running services while they are adopted. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { homeIn } from "../../sandbox/home.ts";
import { type Control, handshake, readRunning, startSupervisor } from "../../sandbox/runtime/index.ts";
import { Adopted } from "./adoption/adopted.ts";
import { healthy, mismatched, project } from "./adoption/environments.ts";

const Token = z.looseObject({ access_token: z.string() });

/** Services that run in a sandbox, and a token that their auth signed. */
class Running {
  readonly adopted = new Adopted();
  #control: Control | undefined;
  token = "";

  async start(files: readonly string[]): Promise<void> {
    await this.adopted.seed(files);
    this.#control = await startSupervisor(homeIn(this.adopted.sandbox.home));
    const response = await fetch(`${this.address("auth")}/token`, { method: "POST", body: "{}" });
    this.token = Token.parse(await response.json()).access_token;
  }

  address(role: string): string {
    const { services = [] } = readRunning(this.adopted.sandbox.home) ?? {};
    const found = services.find(({ name }) => name.split("/").at(-1)?.split("-").includes(role));
    if (found === undefined) throw new Error(`${role} does not run`);
    return found.address;
  }

  async answer(): Promise<number> {
    return (await handshake(this.address("backend"), { token: this.token })).status;
  }

  /** The answers of backend to the token while `work` goes on, in order. */
  async during(work: () => Promise<unknown>): Promise<number[]> {
    const answers: number[] = [];
    let going = true;
    const asking = (async () => {
      while (going) {
        answers.push(await this.answer());
        await sleep(20);
      }
    })();
    try {
      await work();
    } finally {
      going = false;
      await asking;
    }
    return answers;
  }

  async remove(): Promise<void> {
    await this.#control?.stop();
    this.adopted.remove();
  }
}

describe("a healthy pair", () => {
  const running = new Running();
  let files: string[] = [];
  beforeAll(async () => {
    files = [
      running.adopted.put("auth.json", healthy.auth),
      running.adopted.put("backend.json", healthy.backend),
    ];
    await running.start(files);
  });
  afterAll(() => running.remove());

  test("goes on accepting a token from before, all the time", async () => {
    expect(await running.answer()).toBe(101);
    await running.adopted.adopt(files);
    const answers = await running.during(async () => {
      await running.adopted.import();
      await running.adopted.run(["up"]);
    });
    expect([...new Set([...answers, await running.answer()])]).toEqual([101]);
  });
});

describe("two services with two keys", () => {
  const running = new Running();
  let examples: string[] = [];
  beforeAll(async () => {
    examples = ["auth.json", "backend.json", "versions.json"].map((name) => running.adopted.example(name));
    const versions = examples.filter((file) => file.includes("versions"));
    await running.start([
      running.adopted.put("auth.v2.json", mismatched.auth),
      running.adopted.put("backend.v2.json", mismatched.backend),
      ...versions,
    ]);
  });
  afterAll(() => running.remove());

  test("come to accept a token that was refused before, and never refuse it again", async () => {
    expect(await running.answer()).toBe(403);
    await running.adopted.adopt(examples, ["--project", project]);
    await running.adopted.import();
    const meanwhile = await running.during(() => running.adopted.run(["up"]));
    const answers = [...meanwhile, await running.answer()];
    const first = answers.indexOf(101);
    expect([...new Set(answers.slice(0, first))]).toEqual([403]);
    expect([...new Set(answers.slice(first))]).toEqual([101]);
  });
});
