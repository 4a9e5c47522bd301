/** Answers that come from Google and not from the service. */

/**
 * Google's front end refuses who may not call a private service with a page of its own, before the service sees the
 * request (https://cloud.google.com/run/docs/troubleshooting#unauthorized-client). It reads:
 * `<h1>Error: Forbidden</h1> <h2>Your client does not have permission to get URL <code>/</code> from this server.</h2>`.
 * A service's own 401 or 403 is no such page.
 */
export function isFrontEndRefusal(status: number, body: string): boolean {
  return (
    (status === 401 || status === 403) &&
    /<h1>Error: (?:Forbidden|Unauthorized)<\/h1>/iu.test(body) &&
    /Your client does not have permission/iu.test(body)
  );
}

/**
 * The containers that stand in until a service is deployed answer any path with a page whose title ends in
 * `| Cloud Run` (github.com/GoogleCloudPlatform/cloud-run-hello: index.html, placeholder.html).
 */
export function isPlaceholder(body: string): boolean {
  return /<title>\s*(?:Congratulations|Placeholder|Hello)[^<]*\|\s*Cloud Run\s*<\/title>/iu.test(body);
}
