/**
 * Whether a key that somebody supplies is fit to sign tokens with.
 *
 * HS256 wants a key of at least 256 bits (RFC 7518, section 3.2) that no human made up (RFC 8725, section 3.5).
 * What a machine made cannot be told from what a human made with certainty; what is visibly a phrase, a pattern or
 * already public can. No message holds any part of the value.
 */
/** SHA-256 of keys that have been public: a staging literal and a development default, both committed to a repository. */
const leaked = new Set([
  "4e881adc602cea21709f4ba42bb8d688d4013ea397b7b7bfb4807bcf991ab55f",
  "6f172220c2b7525e94b13f109394d123356b42276251d17fde4f0ed79b26ad40",
]);

const minimumBytes = 32;

/** Thirty-two random hexadecimal digits show fourteen different ones on average; fewer than eight is no accident. */
const minimumDistinct = 8;

/** Words of five letters and more that people put into keys; a random key of 86 characters holds one in under 1 of 10,000 cases. */
const giveaways = [
  "abcdef",
  "admin",
  "asdfgh",
  "change",
  "character",
  "default",
  "development",
  "example",
  "letmein",
  "minimum",
  "passphrase",
  "password",
  "please",
  "private",
  "production",
  "qwerty",
  "replace",
  "secret",
  "secure",
  "staging",
  "string",
];

/** True when the value is one text said over and over. */
function repeats(value: string): boolean {
  for (let period = 1; period <= value.length / 2; period++) {
    let same = true;
    for (let i = period; same && i < value.length; i++) same = value[i] === value[i - period];
    if (same) return true;
  }
  return false;
}

/** True when at least half of the characters follow the one before them in the alphabet, upwards or downwards. */
function runsThroughAlphabet(value: string): boolean {
  let steps = 0;
  for (let i = 1; i < value.length; i++) {
    if (Math.abs(value.charCodeAt(i) - value.charCodeAt(i - 1)) === 1) steps++;
  }
  return steps >= (value.length - 1) / 2;
}

/** True for four words or more, one kind of letters each, with something between them. */
function isSeparatedWords(value: string): boolean {
  const parts = value.split(/[^\p{L}\p{N}]+/u).filter((part) => part !== "");
  const words = parts.filter((part) => /^\p{Lu}?\p{Ll}{1,19}$|^\p{Lu}{2,20}$/u.test(part));
  const inWords = words.reduce((sum, word) => sum + word.length, 0);
  const inParts = parts.reduce((sum, part) => sum + part.length, 0);
  return words.length >= 4 && inWords >= inParts * 0.75;
}

/** The pairs of letters that make up half of English text, and 7 % of random letters. */
const usualPairs = new Set(
  (
    "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se " +
    "ha as ou io le ve co me de hi ri ro ic ne ea ra ce li ch ll be ma si om ur"
  ).split(" "),
);

/** True for words written together, in one case or CamelCase: no five consonants in a row, and pairs as in English. */
function isJoinedWords(value: string): boolean {
  const letters = value.replaceAll(/[^A-Za-z]/g, "");
  if (letters.length < value.length * 0.8) return false;
  const oneCase = letters === letters.toLowerCase() || letters === letters.toUpperCase();
  if (!oneCase && !/^([A-Z]?[a-z]{2,}[^A-Za-z]*)+$/.test(value)) return false;
  if (/[^aeiouy\W\d_]{5}/i.test(value)) return false;
  const lower = letters.toLowerCase();
  let usual = 0;
  for (let i = 1; i < lower.length; i++) if (usualPairs.has(lower.slice(i - 1, i + 1))) usual++;
  return usual >= (lower.length - 1) * 0.3;
}

/**
 * What is wrong with a key, in a clause that follows "the value"; undefined when nothing is.
 *
 * @param value the key as the services will read it, UTF-8
 */
export function weakness(value: string): string | undefined {
  if (value !== value.trim()) return "begins or ends with white space, which services strip differently";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(value)) return "holds a line break or another control character";
  const bytes = Buffer.byteLength(value, "utf8");
  if (bytes < minimumBytes) return `is ${bytes} bytes long, and HS256 needs at least ${minimumBytes}`;
  // Asked for here, because loading it takes a tenth of the time of a small check, which has no key to hash.
  const { createHash } = process.getBuiltinModule("node:crypto");
  if (leaked.has(createHash("sha256").update(value, "utf8").digest("hex"))) {
    return "has been public in a repository and is burnt";
  }
  if (new Set(value).size < minimumDistinct) return `has fewer than ${minimumDistinct} different characters`;
  if (repeats(value)) return "is a repetition";
  if (runsThroughAlphabet(value)) return "runs through the alphabet or the digits";
  const lower = value.toLowerCase();
  if (giveaways.some((word) => lower.includes(word))) return "holds a word that people put into keys";
  if (isSeparatedWords(value) || isJoinedWords(value)) return "reads like a phrase";
  return undefined;
}
