/** A certificate that nobody vouches for, made anew each time, with no more in it than a handshake needs. */
import { generateKeyPairSync, sign } from "node:crypto";

/** DER (X.690): a tag, the length, the content. */
function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts);
const hex = (text: string) => Buffer.from(text, "hex");
/** UTCTime. */
const time = (date: Date) =>
  der(0x17, Buffer.from(`${date.toISOString().slice(2, 19).replaceAll(/[-T:]/gu, "")}Z`));

/** Key and certificate (RFC 5280, version 1) in PEM. */
export function selfSigned(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  // ecdsa-with-SHA256, 1.2.840.10045.4.3.2
  const algorithm = sequence(der(0x06, hex("2a8648ce3d040302")));
  // commonName, 2.5.4.3
  const name = sequence(der(0x31, sequence(der(0x06, hex("550403")), der(0x0c, Buffer.from("localhost")))));
  const day = 86_400_000;
  const body = sequence(
    der(0x02, Buffer.from([1])),
    algorithm,
    name,
    sequence(time(new Date(Date.now() - day)), time(new Date(Date.now() + day))),
    name,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = der(0x03, Buffer.from([0]), sign("sha256", body, privateKey));
  const lines = sequence(body, algorithm, signature)
    .toString("base64")
    .match(/.{1,64}/gu);
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${(lines ?? []).join("\n")}\n-----END CERTIFICATE-----\n`,
  };
}
