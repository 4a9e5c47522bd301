/** The full name of one version of one secret. */

const pattern = /^projects\/([a-z0-9][a-z0-9.:-]*)\/secrets\/([A-Za-z0-9_-]{1,255})\/versions\/([1-9]\d*)$/u;

export interface VersionName {
  /** `projects/PROJECT/secrets/SECRET/versions/NUMBER`. */
  full: string;
  /** Project ID or number. */
  project: string;
  secret: string;
  /** A number: an alias such as `latest` may mean another version a moment later. */
  version: string;
}

/** Undefined for what does not name exactly one version. */
export function readVersionName(text: string): VersionName | undefined {
  const [full, project, secret, version] = pattern.exec(text) ?? [];
  if (full === undefined || project === undefined || secret === undefined || version === undefined)
    return undefined;
  return { full, project, secret, version };
}
