/** Internet addresses that could be those of a person's line. All pure. */

/** Four numbers of 0 to 255 without leading zeros; undefined for anything else. */
function ipv4Parts(value: string): readonly [number, number, number, number] | undefined {
  if (!/^(?:(?:0|[1-9]\d{0,2})\.){3}(?:0|[1-9]\d{0,2})$/.test(value)) return undefined;
  const [a = 256, b = 256, c = 256, d = 256] = value.split('.').map(Number);
  return Math.max(a, b, c, d) > 255 ? undefined : [a, b, c, d];
}

/** False for IANA's special-purpose blocks (RFC 6890): private, loopback, link-local, shared, benchmark, multicast, reserved. */
export function isPublicIpv4(value: string): boolean {
  const parts = ipv4Parts(value);
  if (parts === undefined) return false;
  const [a, b, c] = parts;
  if (a === 0 || a === 10 || a === 127 || a >= 224) return false;
  if ((a === 100 && b >= 64 && b < 128) || (a === 169 && b === 254) || (a === 172 && b >= 16 && b < 32)) return false;
  return !((a === 192 && (b === 168 || (b === 0 && c === 0))) || (a === 198 && (b === 18 || b === 19)));
}

/** RFC 5737 and RFC 3849: set aside for documentation; and resolvers that every manual names. */
export function isDocumentationAddress(value: string): boolean {
  if (/^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.|^2001:0?db8:/i.test(value)) return true;
  return /^(?:8\.8\.[48]\.[48]|1\.[01]\.[01]\.1|9\.9\.9\.9|1\.2\.3\.4|208\.67\.22[02]\.22[02]|2001:4860:4860::.*)$/i.test(
    value,
  );
}

/** A global unicast address (RFC 4291: 2000::/3) with groups enough to name one host. */
export function isPublicIpv6(value: string): boolean {
  if (!/^[23][0-9a-f]{3}:(?:[0-9a-f]{0,4}:){1,6}[0-9a-f]{1,4}$/i.test(value)) return false;
  const halves = value.split('::');
  const groups = value.split(':').filter((group) => group !== '').length;
  return halves.length === 1 ? groups === 8 : halves.length === 2 && groups >= 4 && groups < 8;
}
