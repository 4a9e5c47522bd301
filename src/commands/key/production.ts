/** Production is asked for in so many words: a token of production opens everything. */
import { isProductionName } from "../../environment/names.ts";
import { UsageError } from "../command.ts";
import type { Located } from "./locate.ts";

/** Whether the stack, the project or the secret is called production. */
export function isProduction({ stack, version }: Located): boolean {
  return [stack?.name ?? "", version.project, version.secret].some(isProductionName);
}

/** What has to be written again to confirm: the stack, or the secret where there is none. */
export const nameOf = ({ stack, version }: Located): string => stack?.name ?? version.secret;

/** @throws UsageError for production without `--production`. */
export function demandProduction(located: Located, production: boolean, what: string): void {
  if (!isProduction(located) || production) return;
  throw new UsageError(`${nameOf(located)} is production: ${what}`);
}
