/** Why a survivor may live, where the same holds in several rooms. */
export const reasons = {
  anyKey: "keys that may hold anything: they come through whether the shape names them or not",
  cutDown: "a short cut: what is not cut down is read whole, and says the same",
  narrowing: "a condition that the type checker asks for and that cannot be otherwise",
  never: "a case that cannot come up, written for the type checker",
  noNumber: "for the type checker: a comparison with what is no number is false",
  noText: "for the type checker: what holds no text has `undefined` there, which matches nothing",
  property: "a property that is undefined is to every reader as good as none",
  shortCut: "a short cut: the longer way gives the same answer",
} as const;
