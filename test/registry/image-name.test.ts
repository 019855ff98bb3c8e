import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRegistryHost, parseImageName } from '../../src/registry/image-name.ts';

const hex = 'a1'.repeat(32);

describe('the name of an image', () => {
  it.each([
    ['a tag', 'registry.example/team/app:1.4', 'registry.example', 'team/app', '1.4', undefined],
    ['neither', 'registry.example/app', 'registry.example', 'app', undefined, undefined],
    ['a port', '127.0.0.1:5000/app:1', '127.0.0.1:5000', 'app', '1', undefined],
    ['IPv6', '[::1]:5000/app:1', '[::1]:5000', 'app', '1', undefined],
    ['this machine', 'localhost/app', 'localhost', 'app', undefined, undefined],
    ['a digest', `registry.example/app@sha256:${hex}`, 'registry.example', 'app', undefined, `sha256:${hex}`],
    ['both', `registry.example/app:1@sha256:${hex}`, 'registry.example', 'app', '1', `sha256:${hex}`],
    ['a short name of Docker Hub', 'docker.io/alpine:3', 'docker.io', 'library/alpine', '3', undefined],
    ['a long one', 'index.docker.io/team/app', 'docker.io', 'team/app', undefined, undefined],
    ['separators', 'r.example/a__b.c-d--e/f_g:T_1.x-y', 'r.example', 'a__b.c-d--e/f_g', 'T_1.x-y', undefined],
  ])('with %s', (_, text, host, repository, tag, digest) => {
    expect(parseImageName(text)).toEqual({ host, repository, tag, digest });
  });

  it.each([
    ['no registry', 'alpine', /names no registry/],
    ['a first part that is no host', 'library/alpine', /names no registry/],
    ['no name', 'registry.example/', /has no name/],
    ['capitals', 'registry.example/App', /has no name/],
    ['a way up', 'registry.example/../app', /has no name/],
    ['a question', 'registry.example/app?x=1', /has no name/],
    ['three separators', 'registry.example/a___b', /has no name/],
    ['a name too long', `registry.example/${'a'.repeat(255)}`, /has no name/],
    ['a tag that is none', 'registry.example/app:.x', /has a tag that is none/],
    ['an empty tag', 'registry.example/app:', /has a tag that is none/],
    ['a tag too long', `registry.example/app:${'a'.repeat(129)}`, /has a tag that is none/],
    ['a digest too short', 'registry.example/app@sha256:abc', /has a digest that is none/],
    ['two digests', `registry.example/app@sha256:${hex}@sha256:${hex}`, /has a digest that is none/],
    ['a port that is none', '127.0.0.1:99999/app', /names no registry/],
    ['a user', 'me:secret@registry.example/app', /names no registry/],
  ])('with %s is wrong usage', (_, text, message) => {
    expect(() => parseImageName(text)).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringMatching(message) as string }) as Error,
    );
  });

  it('is what was parsed, put together again, or wrong usage; never anything else', () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom('a', 'b0', '.', '__', '-', '/', ':', '@', 'sha256:', hex, '[::1]', 'docker.io'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        try {
          const { host, repository, tag, digest } = parseImageName(text);
          const again = `${host}/${repository}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
          expect(parseImageName(again)).toEqual({ host, repository, tag, digest });
          expect(new URL(`/v2/${repository}/manifests/${digest ?? tag ?? 'latest'}`, 'https://x').pathname).toBe(
            `/v2/${repository}/manifests/${digest ?? tag ?? 'latest'}`,
          );
          expect(isRegistryHost(host)).toBe(true);
        } catch (error) {
          expect(error).toMatchObject({ code: 'usage' });
        }
      }),
      { numRuns: 2000 },
    );
  });
});
