/** What can be adopted, what cannot, and what is said of it. */
import { describe, expect, test } from "vitest";
import { type AdoptionInput, adopt } from "./adoption.ts";
import type { Plan } from "./plan.ts";
import { reportText } from "./report.ts";
import { type Changes, projectNumber, secretVariable, service } from "./testing/services.ts";
import { branchOf, type Tree } from "./tree.ts";

const file = (name: string, value: unknown) => ({ file: name, content: JSON.stringify(value) });

function input(
  changes: { auth?: Changes; backend?: Changes } = {},
  options: Partial<AdoptionInput> = {},
  more: readonly { file: string; content: string }[] = [],
): AdoptionInput {
  const services = [
    file("auth.json", service("auth", changes.auth)),
    file("backend.json", service("backend", changes.backend)),
  ];
  return {
    files: [...services, ...more],
    policies: [],
    environment: "staging",
    named: {},
    reads: {},
    project: "shop-staging",
    projects: [],
    ignore: [],
    unread: [],
    ...options,
  };
}

function planned(...args: Parameters<typeof input>): Plan {
  const { plan, problems } = adopt(input(...args));
  if (plan === undefined) throw new Error(problems.map(({ text }) => text).join("\n"));
  return plan;
}

function problems(...args: Parameters<typeof input>): string[] {
  const { plan, problems: found } = adopt(input(...args));
  expect(plan).toBeUndefined();
  return found.map(({ text }) => text);
}

const version = (number: number, state = "ENABLED", created = "2025-08-01T00:00:00Z") => ({
  name: `projects/${projectNumber}/secrets/jwt-secret-staging/versions/${number}`,
  state,
  createTime: created,
});
const versions = (...list: object[]) => file("versions.json", list);
const latest = { env: [secretVariable("JWT_SECRET_KEY", "jwt-secret-staging", "latest")] };

const secretOf = (plan: Plan): Tree | undefined => plan.config["jwt-secret:secret"];
const settingsOf = (plan: Plan, role: "auth" | "backend") =>
  branchOf(branchOf(plan.config["jwt-secret:services"]), role);

describe("which secret stays", () => {
  test("the one that auth signs with, at the number it is pinned to", () => {
    const plan = planned({ backend: { env: [secretVariable("JWT_SECRET_KEY", "another", "9")] } });
    expect(secretOf(plan)).toEqual({ source: "existing", name: "jwt-secret-staging", current: 3 });
  });

  test("at latest, the highest number listed", () => {
    const plan = planned({ auth: latest }, {}, [versions(version(6), version(7), version(5))]);
    expect(secretOf(plan)).toMatchObject({ current: 7 });
  });

  test("at latest and nothing listed, the command that lists is named", () => {
    expect(problems({ auth: latest })).toEqual([
      expect.stringMatching(
        /auth reads \S*jwt-secret-staging@latest, and nothing says which version that is: .*gcloud secrets versions list jwt-secret-staging --project shop-staging --format=json/,
      ),
    ]);
  });

  test("an alias is what the secret's description says", () => {
    const auth = { env: [secretVariable("JWT_SECRET_KEY", "jwt-secret-staging", "live")] };
    const described = {
      name: `projects/${projectNumber}/secrets/jwt-secret-staging`,
      replication: { automatic: {} },
      versionAliases: { live: "4" },
    };
    expect(problems({ auth })).toEqual([expect.stringContaining("gcloud secrets describe")]);
    expect(secretOf(planned({ auth }, {}, [file("secret.json", described)]))).toMatchObject({ current: 4 });
  });

  test.each(["DISABLED", "DESTROYED"])("a newest version that is %s keeps it unknown", (state) => {
    const found = problems({ auth: latest }, {}, [versions(version(4, state), version(3))]);
    expect(found).toEqual([expect.stringMatching(/version 4 and \w+, so no new instance can start/)]);
  });

  test("a version that was added after auth came up may not be the one it signs with", () => {
    const list = versions(version(4, "ENABLED", "2025-08-21T00:00:00Z"), version(3));
    const adoption = adopt(input({ auth: latest }, {}, [list]));
    expect(adoption.key).toMatchObject({ current: 4, previous: 3 });
    expect(reportText(adoption).replaceAll(/\s+/g, " ")).toMatch(
      /Version 4 was added after auth's revision came up .*JWT_SECRET_PREVIOUS/,
    );
  });

  test("a version that backend verifies with today stays readable", () => {
    const backend = { env: [secretVariable("JWT_SECRET_KEY", "jwt-secret-staging", "2")] };
    expect(secretOf(planned({ backend }))).toMatchObject({ current: 3, previous: 2 });
  });

  test("a version that is kept readable already stays so", () => {
    const env = [
      secretVariable("JWT_SECRET_KEY"),
      secretVariable("JWT_SECRET_PREVIOUS", "jwt-secret-staging", "1"),
    ];
    expect(secretOf(planned({ auth: { env }, backend: { env } }))).toMatchObject({ current: 3, previous: 1 });
  });

  const two = {
    env: [secretVariable("JWT_SECRET_KEY", "one", "1"), secretVariable("JWT_SECRET", "two", "1")],
  };

  test("of two that auth carries, the read order decides, and it is asked for", () => {
    expect(problems({ auth: two })).toEqual([
      expect.stringMatching(
        /carries JWT_SECRET_KEY, JWT_SECRET, .* say it with --reads auth=JWT_SECRET_KEY,JWT_SECRET/,
      ),
    ]);
    for (const [reads, name] of [
      ["JWT_SECRET", "two"],
      ["JWT_SECRET_KEY", "one"],
    ] as const) {
      expect(secretOf(planned({ auth: two }, { reads: { auth: [reads] } }))).toMatchObject({ name });
    }
  });

  test("backend may carry several: what it reads is changed in any case", () => {
    expect(secretOf(planned({ backend: two }))).toMatchObject({ name: "jwt-secret-staging" });
  });

  test("a key in clear is no secret to stay with, and is not printed", () => {
    const value = `${Math.random()}`;
    const adoption = adopt(input({ auth: { env: [{ name: "JWT_SECRET", value }] } }));
    expect(adoption.problems.map(({ text }) => text)).toEqual([
      expect.stringContaining("written into its description"),
    ]);
    expect(reportText(adoption)).not.toContain(value);
  });

  test("a name of the service's own carries the same reference afterwards", () => {
    const auth = { env: [secretVariable("SIGNING_KEY", "jwt-secret-staging", "3")] };
    const plan = planned({ auth }, { reads: { auth: ["SIGNING_KEY"] } });
    expect(settingsOf(plan, "auth")).toMatchObject({ jwtVariables: ["SIGNING_KEY"] });
    expect(settingsOf(plan, "auth").secrets).toBeUndefined();
  });
});

describe("what cannot be adopted is said plainly", () => {
  const cases: [string, Parameters<typeof input>, RegExp][] = [
    [
      "two environments",
      [{ backend: { environment: "production" } }],
      /backend-staging says ENVIRONMENT=production, not staging/,
    ],
    [
      "two regions",
      [{ backend: { region: "europe-west1" } }],
      /backend-staging is in europe-west1.*one region/,
    ],
    ["two projects", [{ backend: { namespace: "515151515151" } }], /not in one project/],
    ["a project known by its number alone", [{}, { project: undefined }], /give its ID with --project ID/],
    [
      "traffic elsewhere",
      [{ auth: { traffic: [{ revisionName: "auth-staging-00007-old", percent: 100 }] } }],
      /sends traffic to auth-staging-00007-old/,
    ],
    [
      "a revision that did not come up",
      [{ auth: { revisions: { created: "a-2", ready: "a-1" } } }],
      /serves a-1, while the file describes a-2/,
    ],
    [
      "a revision with a name of its own",
      [{ auth: { templateName: "auth-staging-v7" } }],
      /names its revision itself \(auth-staging-v7\)/,
    ],
    [
      "a variable set twice",
      [
        {
          backend: {
            env: [secretVariable("JWT_SECRET_KEY"), { name: "A", value: "1" }, { name: "A", value: "2" }],
          },
        },
      ],
      /sets A twice in one container/,
    ],
    [
      "a variable of Google's",
      [{ backend: { env: [secretVariable("JWT_SECRET_KEY"), { name: "X_GOOGLE_A", value: "1" }] } }],
      /sets X_GOOGLE_A, which this program cannot carry over/,
    ],
    ["no key", [{ auth: { env: [] } }], /carries no JWT variable/],
    [
      "an unknown annotation",
      [{ auth: { templateAnnotations: { "run.googleapis.com/brand-new": "1" } } }],
      /has spec\.template\.metadata\.annotations\["run\.googleapis\.com\/brand-new"\], which adopt does not know/,
    ],
    [
      "an unknown field",
      [{ auth: { spec: { brandNew: 1 } } }],
      /has spec\.template\.spec\.brandNew, which adopt does not know/,
    ],
  ];
  test.each(cases)("%s", (_, args, message) => {
    expect(problems(...args)).toEqual([expect.stringMatching(message)]);
  });

  test("a key in a mounted file", () => {
    const volumes = [
      {
        name: "keys",
        secret: { secretName: "jwt-secret-staging", items: [{ key: "3", path: "jwt-secret" }] },
      },
    ];
    const auth = {
      container: { volumeMounts: [{ name: "keys", mountPath: "/secrets" }] },
      spec: { volumes },
    };
    const containers = service("auth").spec.template.spec.containers.map((one) => ({
      ...one,
      ...auth.container,
    }));
    expect(problems({ auth: { spec: { volumes, containers } } })).toEqual([
      expect.stringContaining("has its key in the file /secrets/jwt-secret"),
    ]);
  });

  test("one service alone", () => {
    const { files } = input();
    const { problems: found } = adopt({ ...input(), files: files.slice(0, 1) });
    expect(found.map(({ text }) => text)).toEqual([
      expect.stringMatching(/none of the services given \(auth-staging\) is known to be backend/),
    ]);
  });

  test("several services for one role", () => {
    const other = file("auth2.json", service("auth", { name: "auth-canary" }));
    expect(problems({}, {}, [other])).toEqual([
      expect.stringMatching(/several services could be auth: .*auth-canary.*--service auth=NAME/),
    ]);
  });

  test("the same service twice is one, and a different description of it is not", () => {
    expect(planned({}, {}, [file("again.json", service("auth"))])).toBeDefined();
    const older = file("older.json", service("auth", { container: { image: "auth:0" } }));
    expect(problems({}, {}, [older])).toEqual([
      expect.stringContaining("they differ, so give one of them, the newer"),
    ]);
  });

  test("files that are something else, each by its name", () => {
    const found = problems({}, {}, [
      file("policy.json", { bindings: [], etag: "x" }),
      file("empty.json", []),
      file("other.json", { kind: "Deployment" }),
      { file: "broken.json", content: "{" },
    ]);
    expect(found).toEqual([
      expect.stringMatching(/^policy\.json: .*--policy SECRET=FILE/),
      expect.stringMatching(/^empty\.json: is an empty list/),
      expect.stringMatching(/^other\.json: is nothing adopt reads/),
      expect.stringMatching(/^broken\.json:/),
    ]);
  });

  test("everything at once", () => {
    expect(
      problems({ auth: { ...latest, templateName: "x" }, backend: { region: "europe-west1" } }),
    ).toHaveLength(3);
  });
});

describe("what is carried over", () => {
  test("an unknown setting is given up only by its path", () => {
    const auth = { templateAnnotations: { "run.googleapis.com/brand-new": "1" } };
    const ignore = ['spec.template.metadata.annotations["run.googleapis.com/brand-new"]'];
    expect(planned({ auth }, { ignore })).toBeDefined();
  });

  test("further secrets keep their version, and one of another project its full name", () => {
    const aliases = { "run.googleapis.com/secrets": "db-alias:projects/515151515151/secrets/db" };
    const env = [
      secretVariable("JWT_SECRET_KEY"),
      secretVariable("DB", "db-alias", "latest"),
      secretVariable("MAIL", "mail", "2"),
    ];
    const plan = planned({ backend: { env, templateAnnotations: aliases } });
    expect(settingsOf(plan, "backend").secrets).toEqual({
      DB: "projects/515151515151/secrets/db@latest",
      MAIL: "mail@2",
    });
  });

  test("AUTH_SERVICE_URL stays what it is, and away where it was not", () => {
    const env = (url: string) => [secretVariable("JWT_SECRET_KEY"), { name: "AUTH_SERVICE_URL", value: url }];
    expect(settingsOf(planned(), "backend").authServiceUrl).toBe(false);
    const other = planned({ backend: { env: env("https://auth.example.com") } });
    expect(settingsOf(other, "backend").authServiceUrl).toBe("https://auth.example.com");
    const own = planned({
      backend: { env: env(`https://auth-staging-${projectNumber}.us-central1.run.app`) },
    });
    expect(settingsOf(own, "backend").authServiceUrl).toBeUndefined();
  });

  test("a label of the same name stays the service's own", () => {
    const labels = { "managed-by": "deploy-tool", team: "a" };
    const spec = service("auth");
    Object.assign(spec.spec.template.metadata, { labels });
    const { files } = input();
    const { plan } = adopt({ ...input(), files: [file("auth.json", spec), ...files.slice(1)] });
    expect(plan?.overrides).toContain('"managed-by": "deploy-tool"');
    expect(plan?.changes).toContainEqual({
      role: "auth",
      path: "template.labels",
      from: "managed-by=deploy-tool, team=a",
      to: "environment=staging, managed-by=deploy-tool, team=a",
    });
  });

  test("a service deployed by a tool goes on being deployed by it", () => {
    const plan = planned({ auth: { annotations: { "run.googleapis.com/client-name": "gcloud" } } });
    expect([settingsOf(plan, "auth").deployedBy, settingsOf(plan, "backend").deployedBy]).toEqual([
      "pipeline",
      undefined,
    ]);
  });

  test("CPU is there during requests only, unless the annotation says otherwise", () => {
    const plan = planned({ auth: { templateAnnotations: { "run.googleapis.com/cpu-throttling": "false" } } });
    expect([settingsOf(plan, "auth").cpuIdle, settingsOf(plan, "backend").cpuIdle]).toEqual([
      undefined,
      true,
    ]);
  });

  test("an account stays the service's own, one both share is granted access once", () => {
    const account = `${projectNumber}-compute@developer.gserviceaccount.com`;
    const plan = planned({ auth: { account }, backend: { account } });
    expect(settingsOf(plan, "auth").account).toBe(account);
    expect(plan.grants).toEqual([{ role: "backend", member: `serviceAccount:${account}`, exists: false }]);
    expect(plan.imported).not.toContain("serviceaccount/account");
  });

  test("an account that this program made is its own again", () => {
    const account = {
      email: "auth@shop-staging.iam.gserviceaccount.com",
      uniqueId: "1",
      displayName: "Runtime account of auth in staging",
    };
    const plan = planned({ auth: { account: account.email.replace("auth@", "auth-runs@") } }, {}, [
      file("account.json", { ...account, email: "auth-runs@shop-staging.iam.gserviceaccount.com" }),
    ]);
    expect(settingsOf(plan, "auth").account).toBe("auth-runs");
    expect(plan.imported).toContain(
      "projects/shop-staging/serviceAccounts/auth-runs@shop-staging.iam.gserviceaccount.com",
    );
  });

  test("a grant that is there is imported, not made", () => {
    const policy = {
      bindings: [
        {
          role: "roles/secretmanager.secretAccessor",
          members: ["serviceAccount:auth@shop-staging.iam.gserviceaccount.com"],
        },
      ],
      etag: "x",
    };
    const plan = planned(
      {},
      { policies: [{ secret: "jwt-secret-staging", ...file("policy.json", policy) }] },
    );
    expect(plan.grants.map(({ role, exists }) => [role, exists])).toEqual([
      ["backend", false],
      ["auth", true],
    ]);
    expect(plan.imported).toContain(
      "projects/shop-staging/secrets/jwt-secret-staging roles/secretmanager.secretAccessor serviceAccount:auth@shop-staging.iam.gserviceaccount.com",
    );
  });

  test("no value of a variable is in the report, and names are made visible", () => {
    const value = `${Math.random()}`;
    const env = [
      secretVariable("JWT_SECRET_KEY"),
      { name: "DB_PASSWORD", value },
      { name: "E\u001b[31m", value },
    ];
    const adoption = adopt(input({ backend: { env } }));
    expect(adoption.plan).toBeDefined();
    expect(reportText(adoption)).not.toContain(value);
    expect(reportText(adoption)).not.toContain("\u001b");
    expect(reportText(adoption)).toMatch(/backend has DB_PASSWORD in clear/);
  });
});

describe("the report", () => {
  test("names the rules that are broken, what moves, and when old secrets may go", () => {
    const backend = { env: [secretVariable("JWT_SECRET_KEY", "old-key", "1")] };
    const report = reportText(adopt(input({ backend })));
    expect(report.replaceAll(/\s+/g, " ")).toMatch(/same-jwt-secret: auth-staging reads JWT_SECRET_KEY/);
    expect(report).toMatch(/~ JWT_SECRET_KEY +old-key@1 -> jwt-secret-staging@3/);
    expect(report).toMatch(
      /When the old secrets may go\n +- old-key: not read by auth or backend after step 4/,
    );
  });

  test("backend is changed before auth", () => {
    const report = reportText(adopt(input()));
    const changes = report.slice(report.indexOf("What the first update changes"));
    expect(changes.indexOf("backend (backend-staging)")).toBeLessThan(changes.indexOf("auth (auth-staging)"));
  });
});
