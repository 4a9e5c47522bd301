/**
 * One operation of the engine, as the pack's policies live through it: the engine starts a pack anew for each preview
 * and each update, asks every policy about each resource before it is changed, and at the end about the whole stack.
 */
import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { relevant } from "../src/documents/pulumi/resource.ts";
import type { Finding } from "../src/policy/rule.ts";
import { type Judgement, judge } from "./judge.ts";
import { defaults, type Options, readOptions } from "./options.ts";
import { type Registered, readRegistered, stackSoFar, wholeStack } from "./resources.ts";

/** The engine's one question to all policies: each is asked once. */
export interface Question {
  judgement: Judgement;
  /** The policies that have been asked. */
  asked: Set<string>;
  /** The rules that have been told of, by whichever policy. */
  told: Set<string>;
}

const keyOf = (finding: Finding) => JSON.stringify([finding.rule, finding.message]);

/** The state of one operation. */
export class Session {
  #options: Options = defaults;
  readonly #seen = new Map<string, Registered>();
  readonly #reported = new Set<string>();
  #current: (Question & { key: string }) | undefined;

  /** Takes the pack's options from the configuration of the policy that holds them. */
  configure(configuration: unknown): void {
    this.#options = readOptions(configuration);
  }

  /**
   * What can be said of a resource that is about to be changed: what is surely wrong, whatever else the stack holds.
   * A doubt may still be settled by resources to come, and is for the end. Undefined for a type of no concern.
   */
  resource(policy: string, args: ResourceValidationArgs): Question | undefined {
    if (!relevant.has(args.type)) return undefined;
    const registered = readRegistered(args);
    return this.#ask(policy, JSON.stringify(registered), () => {
      this.#seen.set(args.urn, registered);
      const whole = judge(() => stackSoFar(this.#seen.values()), this.#options);
      const wrong = whole.findings.filter(
        (finding) =>
          finding.verdict === "violation" &&
          (finding.location?.urn === args.urn || !this.#reported.has(keyOf(finding))),
      );
      return { ...whole, findings: this.#report(wrong) };
    });
  }

  /** What is said of the whole stack at the end, doubts included, without what was said on the way. */
  stack(policy: string, resources: readonly PolicyResource[]): Question {
    const key = JSON.stringify(resources.map(({ urn }) => urn));
    return this.#ask(policy, key, () => {
      const whole = judge(() => wholeStack(resources, this.#seen), this.#options);
      // Whatever was reported on the way has failed the operation already, at the same enforcement level.
      const rest = whole.findings.filter((finding) => !this.#reported.has(keyOf(finding)));
      return { ...whole, findings: this.#report(rest) };
    });
  }

  #report(findings: readonly Finding[]): readonly Finding[] {
    for (const finding of findings) this.#reported.add(keyOf(finding));
    return findings;
  }

  /** The question under way, or a new one: no policy is asked twice in one, and none is about another content. */
  #ask(policy: string, key: string, answer: () => Judgement): Question {
    if (this.#current?.key !== key || this.#current.asked.has(policy)) {
      this.#current = { key, judgement: answer(), asked: new Set(), told: new Set() };
    }
    this.#current.asked.add(policy);
    return this.#current;
  }
}
