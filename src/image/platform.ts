/** `os/arch[/variant]` as containerd's platform rules understand it. */

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string;
}

const operatingSystems = new Map([['macos', 'darwin']]);

const architectures = new Map([
  ['x86_64', 'amd64'],
  ['x86-64', 'amd64'],
  ['i386', '386'],
  ['i486', '386'],
  ['i586', '386'],
  ['i686', '386'],
  ['aarch64', 'arm64'],
]);

/** Names that hold their variant. */
const armNames = new Map([
  ['armhf', 'v7'],
  ['armel', 'v6'],
]);

/** The variant that an architecture has when none is written. */
const baseVariants = new Map([
  ['amd64', 'v1'],
  ['arm64', 'v8'],
  ['arm', 'v7'],
]);

const part = /^[a-z0-9][a-z0-9._-]{0,31}$/;

/** Undefined where a part has not the form of one: such text comes from a broken or a hostile index. */
export function platformOf(os: string, architecture: string, variant = ''): Platform | undefined {
  const plainOs = os.toLowerCase();
  const plainArchitecture = architecture.toLowerCase();
  const plainVariant = variant.toLowerCase();
  if (!part.test(plainOs) || !part.test(plainArchitecture)) return undefined;
  if (plainVariant !== '' && !part.test(plainVariant)) return undefined;
  const arm = armNames.get(plainArchitecture);
  return {
    os: operatingSystems.get(plainOs) ?? plainOs,
    architecture: arm === undefined ? (architectures.get(plainArchitecture) ?? plainArchitecture) : 'arm',
    variant: /^\d/.test(plainVariant) ? `v${plainVariant}` : plainVariant === '' ? (arm ?? '') : plainVariant,
  };
}

/** What a user wrote: `linux/arm64`, `arm64` (then of Linux), `linux/arm/v7`. Undefined when it is no platform. */
export function parsePlatform(text: string): Platform | undefined {
  const parts = text.trim().split('/');
  const [first = '', second, third = ''] = parts;
  if (parts.length > 3 || parts.includes('')) return undefined;
  return second === undefined ? platformOf('linux', first) : platformOf(first, second, third);
}

export function formatPlatform({ os, architecture, variant }: Platform): string {
  return variant === '' ? `${os}/${architecture}` : `${os}/${architecture}/${variant}`;
}

/** The same text for equal platforms: `arm64/v8` is `arm64`, `amd64/v1` is `amd64`, `arm` is `arm/v7`. */
export function platformKey(platform: Platform): string {
  const { os, architecture, variant } = platform;
  return [os, architecture, variant === '' ? (baseVariants.get(architecture) ?? '') : variant].join('/');
}

/** A wanted amd64 or arm64 takes every variant of it: to scan one image too many leaves nothing out. */
export function wantsPlatform(wanted: Platform, platform: Platform): boolean {
  if (platformKey(wanted) === platformKey(platform)) return true;
  const anyVariant = wanted.variant === '' && wanted.architecture !== 'arm';
  return anyVariant && wanted.os === platform.os && wanted.architecture === platform.architecture;
}

/** Several that are wanted; none: all are. */
export function wantsAnyOf(wanted: readonly Platform[], platform: Platform): boolean {
  return wanted.length === 0 || wanted.some((each) => wantsPlatform(each, platform));
}

/** Attestations stand in an index under `unknown/unknown`. */
export function isUnknownPlatform({ os, architecture }: Platform): boolean {
  return os === 'unknown' && architecture === 'unknown';
}
