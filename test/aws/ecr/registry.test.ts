import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openEcr } from '../../../src/aws/ecr/client.ts';
import { EcrRegistry } from '../../../src/aws/ecr/registry.ts';
import { ScanError } from '../../../src/errors.ts';
import type { Problem } from '../../../src/unpack/chunks.ts';
import { AwsFailure } from '../../support/fake-aws.ts';
import { type FakeEcr, startFakeEcr } from '../../support/fake-ecr.ts';
import { type BuiltImage, buildImages } from '../../support/image-builder.ts';
import { ociLayout } from '../../support/image-layouts.ts';
import { motoMissing } from '../../support/moto.ts';
import { registryMissing } from '../../support/registry-server.ts';

const skipped = motoMissing() ?? registryMissing();
const HOST = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
const pace = { attempts: 3, backoffMs: 1 };

function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

describe.skipIf(skipped !== undefined)(`ECR's API${skipped === undefined ? '' : ` (${skipped})`}`, () => {
  let ecr: FakeEcr;
  let registry: EcrRegistry;
  let image: BuiltImage;
  let digest: string;
  const noise = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) >>> (index % 11)));

  beforeAll(async () => {
    ecr = await startFakeEcr();
    for (const [name, value] of Object.entries(ecr.aws.env)) vi.stubEnv(name, value);
    const [built] = await buildImages([
      {
        names: ['app:1'],
        layers: [{ entries: [{ path: 'noise', content: noise }] }],
        annotations: { note: 'Grüße <>&' },
      },
    ]);
    if (built === undefined) throw new Error('no image');
    image = built;
    digest = await ecr.push(ociLayout([image]), 'team/app:1');
  }, 60_000);

  beforeEach(async () => {
    registry = new EcrRegistry(await openEcr({ attempts: 2 }), { pace });
  });

  afterEach(async () => {
    await registry.close();
    ecr.misbehave({});
    ecr.aws.reset();
    ecr.archived.clear();
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await ecr.stop();
  });

  async function layerBytes(problems: Problem[] = []): Promise<Buffer> {
    const layer = image.layers[0];
    const address = { digest: layer?.digest ?? '', size: layer?.stored.length };
    const chunks: Buffer[] = [];
    for await (const chunk of registry.blob('team/app', address, (problem) => problems.push(problem))) {
      chunks.push(Buffer.from(chunk));
    }
    return Buffer.concat(chunks);
  }

  test('gives manifests byte for byte, by tag and by digest, and tells whose registry it is', async () => {
    expect(registry.host).toBe('ecr.us-east-1');
    for (const reference of ['1', digest]) {
      const manifest = await registry.manifest('team/app', reference);
      expect(sha256(manifest.bytes)).toBe(digest);
      expect(manifest).toMatchObject({ digest, mediaType: 'application/vnd.oci.image.manifest.v1+json' });
    }
    expect(registry.host).toBe(HOST);
  });

  test('asks for up to a hundred manifests at once', async () => {
    const before = ecr.aws.calls.length;
    const wanted = Array.from({ length: 250 }, (_, index) => (index === 7 ? digest : `tag-${index}`));
    const given = await Promise.allSettled(wanted.map((reference) => registry.manifest('team/app', reference)));
    expect(given.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const calls = ecr.aws.calls.slice(before);
    expect(calls.map(({ input }) => (input['imageIds'] as unknown[]).length)).toEqual([100, 100, 50]);
    expect(calls[0]?.input['acceptedMediaTypes']).toContain('application/vnd.oci.image.index.v1+json');
  });

  test('asks for half of them where an answer is too long', async () => {
    const huge = 'x'.repeat(40 * 1024 * 1024);
    ecr.aws.answer({
      'ecr.BatchGetImage': ({ input }) => ({
        images: (input['imageIds'] as { imageTag: string }[]).map((imageId) => ({ imageId, imageManifest: huge })),
        failures: [],
      }),
    });
    const given = await Promise.all(['a', 'b'].map((tag) => registry.manifest('team/app', tag)));
    expect(given.map(({ bytes }) => bytes.length)).toEqual([huge.length, huge.length]);
  });

  test.each([
    ['ImageNotFound', '', 'not-found', 'no such image'],
    ['KmsError', '', 'denied', 'the key of the repository may not be used'],
    ['ImageInaccessible', 'Image is archived', 'denied', 'the image is archived'],
    ['UpstreamUnavailable', '', 'unreachable', 'ECR did not give the image'],
    ['a patient’s name', '', 'unreachable', 'a failure without a name'],
  ])('tells a failure by its code: %s', async (failureCode, failureReason, code, words) => {
    ecr.aws.answer({
      'ecr.BatchGetImage': ({ input }) => ({
        images: [],
        failures: (input['imageIds'] as unknown[]).map((imageId) => ({ imageId, failureCode, failureReason })),
      }),
    });
    const error = await registry.manifest('team/app', '2').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ScanError);
    expect(error).toMatchObject({ code, message: expect.stringContaining(words) as unknown });
    expect(String(error)).not.toContain('patient');
  });

  test.each([
    ['RepositoryNotFoundException', 'not-found', 'no such repository'],
    ['AccessDeniedException', 'denied', 'deploy/iam/ecr-image.json'],
    ['ImageArchivedException', 'denied', 'the image is archived'],
    ['ExpiredTokenException', 'denied', 'log in again'],
    ['ThrottlingException', 'unreachable', 'ThrottlingException'],
  ])('tells a call that is refused: %s', async (type, code, words) => {
    ecr.aws.answer({
      'ecr.BatchGetImage': () => {
        throw new AwsFailure(type, 'no');
      },
    });
    await expect(registry.manifest('team/app', '1')).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words) as unknown,
    });
  });

  test('gives the bytes of a layer', async () => {
    expect(sha256(await layerBytes())).toBe(image.layers[0]?.digest);
  });

  test('goes on behind breaks, with a new address each time', async () => {
    const before = ecr.aws.calls.length;
    ecr.misbehave({ breaks: [1000, 5000, 1_000_000], uses: 1 });
    const problems: Problem[] = [];
    expect(sha256(await layerBytes(problems))).toBe(image.layers[0]?.digest);
    expect(problems).toEqual([]);
    expect(ecr.layerAnswers.slice(-3)).toEqual(['200', '206 bytes=1000-', '206 bytes=6000-']);
    const asked = ecr.aws.calls.slice(before).filter(({ operation }) => operation === 'GetDownloadUrlForLayer');
    expect(asked).toHaveLength(3);
  });

  test('asks for another address when one has expired', async () => {
    let given = 0;
    const real = ecr.aws.calls.length;
    ecr.aws.answer({
      'ecr.GetDownloadUrlForLayer': ({ input }) => {
        given += 1;
        const downloadUrl = ecr.sign('team/app', String(input['layerDigest']));
        return { downloadUrl: given === 1 ? downloadUrl.replace(/Signature=.*/, 'Signature=old') : downloadUrl };
      },
    });
    expect(sha256(await layerBytes())).toBe(image.layers[0]?.digest);
    expect(ecr.aws.calls.length - real).toBe(2);
    expect(ecr.layerAnswers.slice(-2)).toEqual(['403', '200']);
  });

  test('a layer that never comes whole is a gap without its address', async () => {
    ecr.misbehave({ breaks: [0] });
    const problems: Problem[] = [];
    await layerBytes(problems);
    expect(problems).toHaveLength(1);
    expect(JSON.stringify(problems)).toMatch(/unreadable/);
    expect(JSON.stringify(problems)).not.toMatch(new RegExp(`${ecr.signature}|X-Amz|127\\.0\\.0\\.1`));
  });

  test.each([
    ['AccessDeniedException', 'unreadable', 'ecr:GetDownloadUrlForLayer: AccessDeniedException'],
    ['LayersNotFoundException', 'missing-blob', 'ecr:GetDownloadUrlForLayer'],
    ['LayerInaccessibleException', 'unreadable', 'archived'],
  ])('a layer that is refused is a gap that names the call: %s', async (type, reason, words) => {
    ecr.aws.answer({
      'ecr.GetDownloadUrlForLayer': () => {
        throw new AwsFailure(type, 'no');
      },
    });
    const problems: Problem[] = [];
    expect(await layerBytes(problems)).toHaveLength(0);
    expect(problems).toEqual([{ reason, detail: expect.stringContaining(words) as unknown }]);
  });
});
