/** The few calls of GitHub's REST API that the pipeline makes (https://docs.github.com/rest, version 2022-11-28). */
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { Failure, type World } from "./world.ts";

const Settings = z.object({
  GITHUB_API_URL: z.url().default("https://api.github.com"),
  GITHUB_SERVER_URL: z.url().default("https://github.com"),
  GITHUB_REPOSITORY: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  GITHUB_TOKEN: z.string().min(1),
  GITHUB_RUN_ID: z.string().regex(/^\d+$/).optional(),
});

/** Tries of a call that may be repeated, and milliseconds between them. */
const tries = 3;
const pause = 1000;
const perPage = 100;
/** A repository with more pages than this is not listed to its end, but refused. */
const mostPages = 50;

const Problem = z.object({ message: z.string() });

/** What a call answered. */
interface Answer {
  status: number;
  body: unknown;
}

/** A client for one repository. */
export class GitHub {
  readonly #settings: z.infer<typeof Settings>;

  /** @throws Failure when the surroundings do not name the repository and a token. */
  constructor({ env }: World) {
    const result = Settings.safeParse(env);
    if (!result.success) {
      const name = String(result.error.issues[0]?.path[0]);
      throw new Failure(
        `${name} is not set, or not as it must be: set it (GITHUB_REPOSITORY=owner/name, GITHUB_TOKEN=...)`,
      );
    }
    this.#settings = result.data;
  }

  /** The page of the running workflow; the repository's on a laptop. */
  get runUrl(): string {
    const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = this.#settings;
    return id === undefined ? `${server}/${repository}` : `${server}/${repository}/actions/runs/${id}`;
  }

  /** @throws Failure */
  async get<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
    return this.#checked(schema, await this.#call("GET", path), path);
  }

  /** Undefined for what is not there (404), which is also what a token without the right sees. @throws Failure */
  async find<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S> | undefined> {
    const answer = await this.#call("GET", path, undefined, [404]);
    return answer.status === 404 ? undefined : this.#checked(schema, answer, path);
  }

  /** All pages of a list. @throws Failure */
  async list<S extends z.ZodType>(path: string, item: S): Promise<z.output<S>[]> {
    const all: z.output<S>[] = [];
    for (let page = 1; page <= mostPages; page += 1) {
      const joint = path.includes("?") ? "&" : "?";
      const items = await this.get(`${path}${joint}per_page=${perPage}&page=${page}`, z.array(item));
      all.push(...items);
      if (items.length < perPage) return all;
    }
    throw new Failure(
      `GitHub lists more than ${mostPages * perPage} entries at ${path}: delete what is not needed`,
    );
  }

  /** @throws Failure */
  async send<S extends z.ZodType>(
    method: "POST" | "PATCH",
    path: string,
    body: object,
    schema: S,
  ): Promise<z.output<S>> {
    return this.#checked(schema, await this.#call(method, path, body), path);
  }

  #checked<S extends z.ZodType>(schema: S, { body }: Answer, path: string): z.output<S> {
    const result = schema.safeParse(body);
    if (result.success) return result.data;
    throw new Failure(
      `GitHub's answer to ${path} is not as documented (${result.error.issues[0]?.path.join(".")})`,
    );
  }

  async #call(method: string, path: string, body?: object, fine: readonly number[] = []): Promise<Answer> {
    // A POST that was answered badly may have been carried out: it is not repeated.
    const most = method === "POST" ? 1 : tries;
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#once(method, path, body);
      const passing = answer.status === 0 || answer.status === 429 || answer.status >= 500;
      if (passing && attempt < most) {
        await sleep(pause);
        continue;
      }
      if ((answer.status >= 200 && answer.status < 300) || fine.includes(answer.status)) return answer;
      const said = Problem.safeParse(answer.body);
      const reason = said.success ? said.data.message : "no reason given";
      const status = answer.status === 0 ? "did not answer" : `answered ${answer.status}`;
      throw new Failure(
        `GitHub ${status} to ${method} ${path} (${reason}): look at the token's permissions, then run this again`,
      );
    }
  }

  async #once(method: string, path: string, body?: object): Promise<Answer> {
    const { GITHUB_API_URL: api, GITHUB_REPOSITORY: repository, GITHUB_TOKEN: token } = this.#settings;
    try {
      const response = await fetch(`${api}/repos/${repository}${path}`, {
        method,
        headers: {
          accept: "application/vnd.github+json",
          authorization: `Bearer ${token}`,
          "content-type": "application/json",
          "user-agent": "jwt-secret",
          "x-github-api-version": "2022-11-28",
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // A redirect would take the token to another host.
        redirect: "error",
      });
      const text = await response.text();
      return { status: response.status, body: text === "" ? undefined : parsed(text) };
    } catch (error) {
      return { status: 0, body: { message: error instanceof Error ? error.message : String(error) } };
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Who wrote a comment or an issue. */
export const Author = z.object({ login: z.string() }).nullish();

/** As whom the workflows write: their token's account. Only what this account wrote is ever changed. */
export const workflowAuthor = "github-actions[bot]";
