import type { Service, Serving } from "../facts.ts";
import { judged, notApplicable, undetermined } from "../finding.ts";
import type { Finding, Rule } from "../rule.ts";
import { carriers } from "../services.ts";

const id = "serving-what-is-described";

export const servingWhatIsDescribed: Rule = {
  id,
  description:
    "All traffic of a live service, and the whole instance split of a live worker pool, goes to its latest ready revision, which is the latest created; a revision alone proves nothing about what serves.",
  severity: "mandatory",
  unwaivable: false,
  why: "A service's template describes the next revision, not the one that serves. After a failed deployment, a rollback or a split of the traffic, the template may be right while the revision that answers carries another key.",
  remediation:
    "Wait until the deployment is done, mend a revision that does not get ready, and send all traffic to the latest one: `gcloud run services update-traffic NAME --to-latest`. Then take the description again.",
  judge(environment) {
    const live = carriers(environment).filter(
      (service) => service.serving !== undefined || service.kind === "revision",
    );
    if (live.length === 0) return notApplicable("no document shows a live service");
    return judged(
      live.flatMap((service): Finding[] => {
        const doubt =
          service.serving === undefined
            ? "it is a revision, and no revision tells whether it gets traffic"
            : whyNot(service.serving, splitOf(service));
        return doubt === undefined ? [] : [finding(service, doubt)];
      }),
    );
  },
};

/** What is split among the revisions. */
const splitOf = ({ kind }: Service): string => (kind === "workerPool" ? "instance split" : "traffic");

/** Why what serves may not be what the template says; undefined when it is. */
function whyNot({ latestCreated, latestReady, traffic, stale }: Serving, split: string): string | undefined {
  if (stale !== undefined) return stale;
  if (latestCreated === undefined || latestReady === undefined) return "its status names no latest revision";
  if (latestCreated !== latestReady)
    return `its latest revision ${latestCreated} is not ready, ${latestReady} is`;
  if (traffic === undefined) return `its status shows no ${split}`;
  const elsewhere = traffic.find(
    ({ percent, revision }) => percent !== 0 && revision !== undefined && revision !== latestReady,
  );
  if (elsewhere !== undefined)
    return `${elsewhere.percent} % of its ${split} goes to ${elsewhere.revision}, not to ${latestReady}`;
  const total = traffic.reduce((sum, { percent }) => sum + percent, 0);
  return total === 100 ? undefined : `its status accounts for ${total} % of the ${split}`;
}

function finding(service: Service, doubt: string): Finding {
  return undetermined(id, {
    services: [service],
    message: `Whether ${service.label} serves what its description says cannot be told (${doubt.replace(/\.\s*$/, "")}).`,
    fix:
      service.kind === "revision"
        ? `Give the document of the service ${service.label} too: it tells which revision serves.`
        : `Send ${service.kind === "workerPool" ? "all instances" : "all traffic"} of ${service.label} to its latest ready revision, then describe it again.`,
  });
}
