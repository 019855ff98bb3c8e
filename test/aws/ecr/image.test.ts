import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Finding, Report } from '../../../src/finding.ts';
import { AwsFailure, denied } from '../../support/fake-aws.ts';
import { type FakeEcr, startFakeEcr } from '../../support/fake-ecr.ts';
import { buildImages, type ImageSpec, jsonBytes } from '../../support/image-builder.ts';
import { archiveOf, ociLayout } from '../../support/image-layouts.ts';
import { type LayerCompression, sha256 } from '../../support/layer-builder.ts';
import { motoMissing } from '../../support/moto.ts';
import { patient, patients } from '../../support/patients.ts';
import { registryMissing } from '../../support/registry-server.ts';
import { type Ended, inFolder, phiscan, scan } from '../../support/scans.ts';

const skipped = motoMissing() ?? registryMissing();
const HOST = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
const [one] = patients(1, 30);
const rows = patients(3, 40).map(({ mrn, family, given, dob }) => [mrn, family, given, dob].join(','));
const planted = [one?.ssn ?? '', patient(31).mrn, ...patients(3, 40).map(({ mrn }) => mrn)];

function spec(platform: string, compression: LayerCompression = 'gzip'): ImageSpec {
  return {
    names: ['clinic:1'],
    platform,
    config: { Env: [`PATIENT_MRN=${patient(31).mrn}`] },
    layers: [
      { entries: [{ path: 'srv/app.ini', content: `[patient]\n  ssn = ${String(one?.ssn)}\n` }], compression },
      {
        entries: [{ path: 'srv/seed.csv', content: `mrn,last_name,first_name,dob\n${rows.join('\n')}\n` }],
        compression,
      },
      { entries: [{ path: 'srv/app.ini', whiteout: true }], compression },
    ],
  };
}

/** Without what differs between media. */
function findingsOf({ findings }: Report): readonly string[] {
  const plain = ({ location: { target: _, ...location }, ...finding }: Finding): object => ({ ...finding, location });
  return findings.map((finding) => JSON.stringify(plain(finding))).sort();
}

describe.skipIf(skipped !== undefined)(`ecr:${skipped === undefined ? '' : ` (${skipped})`}`, () => {
  let ecr: FakeEcr;

  beforeAll(async () => {
    ecr = await startFakeEcr();
    for (const [name, value] of Object.entries(ecr.aws.env)) vi.stubEnv(name, value);
  }, 60_000);

  afterEach(() => {
    ecr.misbehave({});
    ecr.aws.reset();
    ecr.archived.clear();
  });

  afterAll(async () => {
    vi.unstubAllEnvs();
    await ecr.stop();
  });

  /** The report of an archive with the same image, and the image's digest in the registry. */
  async function pushed(specs: readonly ImageSpec[], name: string): Promise<{ archive: Report; digest: string }> {
    const files = ociLayout(await buildImages(specs));
    const digest = await ecr.push(files, name);
    const archive = await inFolder(async (folder) => {
      await writeFile(join(folder, 'image.tar'), await archiveOf(files));
      return await scan([`oci-archive:${folder}/image.tar`]);
    });
    return { archive, digest };
  }

  function expectSilence(text: string): void {
    for (const value of [...planted, ecr.signature]) expect(text).not.toContain(value);
    expect(text).not.toContain('X-Amz');
  }

  test.each(['gzip', 'zstd'] as const)('finds in an image with %s what an archive of it shows', async (compression) => {
    const name = `one-${compression}`;
    const { archive, digest } = await pushed([spec('linux/amd64', compression)], `${name}:1`);
    const report = await scan([`ecr:${name}:1`]);
    expect(findingsOf(report).length).toBeGreaterThan(2);
    expect(findingsOf(report)).toEqual(findingsOf(archive));
    expect(report.coverage).toMatchObject({ complete: true, gaps: [] });
    expect(report.targets).toMatchObject([{ digest, source: `ecr: ${HOST}/${name}, 1 is ${digest}` }]);
    expectSilence(JSON.stringify(report));
  });

  test('finds the same behind breaks and addresses that expire', async () => {
    const { archive } = await pushed([spec('linux/amd64')], 'broken:1');
    ecr.misbehave({ breaks: [100, 1_000_000], uses: 1 });
    const report = await scan(['ecr:broken:1']);
    expect(findingsOf(report)).toEqual(findingsOf(archive));
    expect(report.coverage).toMatchObject({ complete: true, gaps: [] });
    expect(ecr.layerAnswers.join()).toContain('206 bytes=100-');
  });

  test('takes all platforms, or one, by tag, by digest and by the full address', async () => {
    const { archive, digest } = await pushed([spec('linux/amd64'), spec('linux/arm64', 'zstd')], 'team/many:1');
    for (const reference of ['team/many:1', `team/many@${digest}`, `${HOST}/team/many:1`]) {
      const report = await scan([`ecr:${reference}`]);
      expect(report.targets.map(({ platform }) => platform).sort()).toEqual(['linux/amd64', 'linux/arm64']);
      expect(findingsOf(report)).toEqual(findingsOf(archive));
    }
    const arm = await scan(['ecr:team/many:1'], { platforms: ['linux/arm64'] });
    expect(arm.targets.map(({ platform }) => platform)).toEqual(['linux/arm64']);
  });

  test('reads what is about an image: referrers, and the tags that stand in for them', async () => {
    const { digest } = await pushed([spec('linux/amd64')], 'signed:1');
    const note = Buffer.from(JSON.stringify({ patient: { ssn: patient(33).ssn } }));
    const empty = Buffer.from('{}');
    for (const [tag, subject] of [
      [undefined, { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest, size: 1 }],
      [`${digest.replace(':', '-')}.att`, undefined],
    ] as const) {
      const manifest = jsonBytes({
        schemaVersion: 2,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        artifactType: 'application/vnd.clinic.note',
        config: { mediaType: 'application/vnd.oci.empty.v1+json', digest: sha256(empty), size: empty.length },
        layers: [{ mediaType: 'application/json', digest: sha256(note), size: note.length }],
        annotations: { tag: tag ?? '' },
        ...(subject && { subject }),
      });
      await ecr.registry.pushBlob('signed', note);
      await ecr.registry.pushBlob('signed', empty);
      await ecr.put('signed', manifest, 'application/vnd.oci.image.manifest.v1+json', sha256(manifest), tag);
    }
    const report = await scan(['ecr:signed:1']);
    const found = report.findings.filter(({ location }) => location.path.includes(sha256(note).slice(7)));
    expect(found.map(({ detector }) => detector)).toContain('ssn');
    expect(report.coverage.gaps).toEqual([]);
  });

  test('a layer that is denied, and referrers that are, are gaps that name the call', async () => {
    await pushed([spec('linux/amd64')], 'denied:1');
    for (const operation of ['GetDownloadUrlForLayer', 'ListImageReferrers']) {
      ecr.aws.answer({
        [`ecr.${operation}`]: () => {
          throw denied(operation, 'ecr');
        },
      });
    }
    const { coverage } = await scan(['ecr:denied:1']);
    const details = coverage.gaps.map(({ detail }) => detail).join('\n');
    expect(details).toContain('ecr:GetDownloadUrlForLayer: AccessDeniedException');
    expect(details).toContain('ecr:ListImageReferrers: AccessDeniedException');
    expect(coverage.complete).toBe(false);
  });

  test('an archived image of an index is a gap that says so', async () => {
    await pushed([spec('linux/amd64'), spec('linux/arm64')], 'frozen:1');
    const index = await scan(['ecr:frozen:1']);
    ecr.archived.add(index.targets[1]?.digest ?? '');
    const { coverage, targets } = await scan(['ecr:frozen:1']);
    expect(targets.length).toBeGreaterThan(0);
    expect(coverage.gaps.map(({ detail }) => detail).join()).toContain('archived');
  });

  describe('on the command line', () => {
    const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> =>
      phiscan(['image', ...args], { env: { ...ecr.aws.env, ...env } });

    test('--region, --endpoint-url and what is wrong', async () => {
      await pushed([spec('linux/amd64')], 'cli:1');
      const nowhere = { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', AWS_REGION: undefined };
      const found = await run(['ecr:cli:1', '--region', 'us-east-1', '--endpoint-url', ecr.aws.endpoint], nowhere);
      expect([found.code, found.stderr]).toEqual([1, '']);
      expectSilence(found.stdout);
      const wrong = async (args: readonly string[], env?: NodeJS.ProcessEnv): Promise<string> => {
        const { code, stdout, stderr } = await run(args, env);
        expect([code, stdout]).toEqual([2, '']);
        expectSilence(stderr);
        return stderr;
      };
      expect(await wrong(['ecr:cli:2'])).toMatch(/^phiscan: no such image \(ImageNotFound; .*\/cli:2\)$/m);
      expect(await wrong(['ecr:none:1'])).toContain(
        'no such repository (ecr:BatchGetImage: RepositoryNotFoundException; ',
      );
      expect(await wrong(['ecr:cli:1'], { AWS_REGION: '' })).toContain('no Region is set');
      expect(await wrong(['ecr:cli:1'], { AWS_ACCESS_KEY_ID: '' })).toContain('no credentials for AWS were found');
      expect(await wrong(['ecr:cli:1', '--region', 'US'])).toContain('wrong value (--region)');
      expect(await wrong(['ecr:'])).toContain('ends after the scheme');
      expect(await wrong(['ecr:Cli:1'])).toContain('has no name of a repository');
    });

    test('an image that is archived is told so, and what to do', async () => {
      const { digest } = await pushed([spec('linux/amd64')], 'old:1');
      ecr.archived.add(digest);
      const { code, stderr } = await run(['ecr:old:1']);
      expect(code).toBe(2);
      expect(stderr).toContain('the image is archived (ImageInaccessible; ');
    });

    test('nothing of the SDK is printed, whatever is asked for', async () => {
      await pushed([spec('linux/amd64')], 'debug:1');
      ecr.misbehave({ breaks: [50, 1_000_000], uses: 1 });
      const env = { NODE_DEBUG: 'http,https,tls,net', PHISCAN_DEBUG: '1', DEBUG: '*' };
      const { stdout, stderr } = await run(['ecr:debug:1', '--explain'], env);
      expectSilence(stdout);
      expect(stderr).not.toContain(ecr.signature);
    });
  });

  test('a call that fails otherwise names itself', async () => {
    await pushed([spec('linux/amd64')], 'odd:1');
    ecr.aws.answer({
      'ecr.BatchGetImage': () => {
        throw new AwsFailure('UnableToGetUpstreamImageException', 'no');
      },
    });
    await expect(scan(['ecr:odd:1'])).rejects.toMatchObject({
      message: expect.stringContaining('ecr:BatchGetImage: UnableToGetUpstreamImageException') as unknown,
    });
  });
});
