/** The rule that compares environments; all others judge one. */
export const apart = "environments-apart";
