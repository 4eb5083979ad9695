/** Ids that are made here, so that the same thing sent twice is one. */

const HEX = 16;

/** A random UUID (RFC 9562, version 4) in lower case; `crypto.randomUUID` is not there without TLS. */
export function uuid(bytes: Uint8Array = crypto.getRandomValues(new Uint8Array(16))): string {
  const hex = [...bytes].map((byte, at) => {
    const bits = at === 6 ? (byte & 0x0f) | 0x40 : at === 8 ? (byte & 0x3f) | 0x80 : byte;
    return bits.toString(HEX).padStart(2, "0");
  });
  const text = hex.join("");
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join("-");
}
