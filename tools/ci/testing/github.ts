/** A GitHub of a few calls on a free port, which keeps comments and issues as the real one does. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

export interface Comment {
  id: number;
  issue: number;
  body: string;
  user: { login: string };
}

export interface Issue {
  number: number;
  title: string;
  body: string;
  state: string;
  labels: string[];
  user: { login: string };
  pull_request?: object;
}

const Sent = z.object({
  title: z.string().optional(),
  body: z.string().optional(),
  state: z.string().optional(),
  labels: z.array(z.string()).optional(),
});

/** As whom the token speaks. */
export const self = "github-actions[bot]";

/** The server. */
export class TestGitHub {
  comments: Comment[] = [];
  issues: Issue[] = [];
  environments: Record<string, object> = {};
  ownerErrors: object[] = [];
  /** Answers these statuses first, one per call. */
  failures: number[] = [];
  calls: string[] = [];
  #server: Server | undefined;
  #next = 1;

  /** What a job finds in its environment. */
  async start(): Promise<Record<string, string>> {
    this.#server = createServer((request, response) => {
      let text = "";
      request.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      request.on("end", () => {
        const { status, body } = this.#answer(request.method ?? "", request.url ?? "", request.headers, text);
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      });
    });
    const server = this.#server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    return {
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
      GITHUB_REPOSITORY: "example/jwt-secret",
      GITHUB_TOKEN: "a token",
      GITHUB_RUN_ID: "7",
    };
  }

  async stop(): Promise<void> {
    const server = this.#server;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
  }

  comment(body: string, login: string = self): Comment {
    const comment = { id: this.#id(), issue: 3, body, user: { login } };
    this.comments.push(comment);
    return comment;
  }

  issue(body: string, more: Partial<Issue> = {}): Issue {
    const issue = {
      number: this.#id(),
      title: "a title",
      body,
      state: "open",
      labels: ["jwt-secret-drift"],
      user: { login: self },
      ...more,
    };
    this.issues.push(issue);
    return issue;
  }

  #id(): number {
    this.#next += 1;
    return this.#next;
  }

  #answer(method: string, url: string, headers: NodeJS.Dict<string | string[]>, text: string) {
    const failure = this.failures.shift();
    const { pathname, searchParams } = new URL(url, "http://localhost");
    const path = pathname.replace("/repos/example/jwt-secret", "");
    this.calls.push(`${method} ${path}`);
    if (failure !== undefined) return { status: failure, body: { message: "told to fail" } };
    if (headers.authorization !== "Bearer a token")
      return { status: 401, body: { message: "Bad credentials" } };
    const sent = Sent.parse(text === "" ? {} : JSON.parse(text));
    const page = Number(searchParams.get("page") ?? 1);
    const size = Number(searchParams.get("per_page") ?? 30);
    const list = (items: readonly object[]) => ({
      status: 200,
      body: items.slice((page - 1) * size, page * size).map(seen),
    });
    const number = Number(/\d+/.exec(path)?.[0]);
    if (method === "GET" && path === "/issues/3/comments") return list(this.comments);
    if (method === "GET" && path === "/issues") {
      const label = searchParams.get("labels") ?? "";
      return list(
        this.issues.filter(
          ({ state, labels }) => state === searchParams.get("state") && labels.includes(label),
        ),
      );
    }
    if (method === "GET" && path.startsWith("/environments/")) {
      const found = this.environments[path.slice("/environments/".length)];
      return found === undefined
        ? { status: 404, body: { message: "Not Found" } }
        : { status: 200, body: found };
    }
    if (method === "GET" && path === "/codeowners/errors") {
      return { status: 200, body: { errors: this.ownerErrors } };
    }
    if (method === "PATCH" && path.startsWith("/issues/comments/")) {
      const comment = this.comments.find(({ id }) => id === number);
      return comment === undefined ? missing : { status: 200, body: seen(Object.assign(comment, sent)) };
    }
    if (method === "PATCH") {
      const issue = this.issues.find((each) => each.number === number);
      return issue === undefined ? missing : { status: 200, body: seen(Object.assign(issue, sent)) };
    }
    if (method === "POST" && path === "/issues") {
      return { status: 201, body: seen(this.issue(sent.body ?? "", { ...sent })) };
    }
    if (method === "POST" && path.endsWith("/comments")) {
      return { status: 201, body: seen(Object.assign(this.comment(sent.body ?? ""), { issue: number })) };
    }
    return missing;
  }
}

const missing = { status: 404, body: { message: "Not Found" } };
const seen = (item: object) => ({ html_url: "https://github.com/example/jwt-secret/somewhere", ...item });
