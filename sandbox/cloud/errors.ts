/** Google's canonical status names, as far as these APIs use them (google.rpc.Code). */
export type Status =
  | "INVALID_ARGUMENT"
  | "FAILED_PRECONDITION"
  | "PERMISSION_DENIED"
  | "NOT_FOUND"
  | "ALREADY_EXISTS"
  | "ABORTED"
  | "RESOURCE_EXHAUSTED"
  | "INTERNAL"
  | "UNAVAILABLE";

/** HTTP status codes of Google's canonical codes (google/rpc/code.proto). */
const httpCodes: Record<Status, number> = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  ABORTED: 409,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
};

/** A refusal by an API: what a client sees as HTTP status and as Google's error JSON. */
export class ApiError extends Error {
  readonly status: Status;
  readonly code: number;

  constructor(status: Status, message: string) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = httpCodes[status];
  }

  toJSON(): { error: { code: number; message: string; status: Status } } {
    return { error: { code: this.code, message: this.message, status: this.status } };
  }
}
