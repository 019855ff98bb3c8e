/**
 * A private registry of ECR on loopback: its state is moto's, its layers are a real docker-registry's. What moto lacks is here:
 * signed addresses of layers that expire and break, pages, archived images, referrers, creation templates, cache rules,
 * exclusions and ECR Public.
 */
import { randomBytes } from 'node:crypto';
import { CreateRepositoryCommand, ECRClient, PutImageCommand, type Tag } from '@aws-sdk/client-ecr';
import { type BlobManners, type LoopbackServer, serveBlob, startLoopback } from './bad-registry.ts';
import {
  type AwsAnswers,
  type AwsCall,
  AwsFailure,
  type AwsInput,
  type FakeAws,
  page,
  startFakeAws,
} from './fake-aws.ts';
import { blobPath, type LayoutFiles } from './image-layouts.ts';
import { startMoto } from './moto.ts';
import { type RegistryServer, startRegistry } from './registry-server.ts';

/** How layers are given, badly. */
interface LayerManners extends BlobManners {
  /** An address answers so often, and then 403; Infinity without it. */
  readonly uses?: number;
}

export interface FakeEcr {
  readonly aws: FakeAws;
  readonly registry: RegistryServer;
  /** To the API, for what a test wants to be there. */
  readonly client: ECRClient;
  /** Makes the repository, stores an OCI layout's blobs and manifests, and its only image as `NAME:TAG`. Gives its digest. */
  readonly push: (files: LayoutFiles, to: string, tags?: readonly Tag[]) => Promise<string>;
  /** One more manifest of a repository, without a tag. Gives its digest. */
  readonly put: (
    repository: string,
    manifest: Buffer,
    mediaType: string,
    digest: string,
    tag?: string,
  ) => Promise<void>;
  /** From now on. */
  readonly archived: Set<string>;
  readonly misbehave: (manners: LayerManners) => void;
  /** A signed address of a layer. */
  readonly sign: (repository: string, digest: string) => string;
  /** What stands in every signed address, and must stand nowhere else. */
  readonly signature: string;
  /** Of layers: `200`, `206 bytes=7-`, `403`, in the order of the requests. */
  readonly layerAnswers: readonly string[];
  readonly stop: () => Promise<void>;
}

/** Small, so that every list has several. */
const PAGE = 2;

/** Ready when it resolves. The caller stops it. */
export async function startFakeEcr(more: AwsAnswers = {}): Promise<FakeEcr> {
  const signature = randomBytes(32).toString('hex');
  const [moto, registry] = await Promise.all([startMoto(), startRegistry()]);
  const archived = new Set<string>();
  const subjects: Subject[] = [];
  const layers = await startLayers(registry, signature);
  const answers = { ...registryAnswers(archived, subjects, layers), ...publicAnswers, ...more };
  const aws = await startFakeAws(answers, { behind: moto.endpoint });
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new ECRClient({ endpoint: aws.endpoint, region: 'us-east-1', credentials });

  async function put(
    repository: string,
    manifest: Buffer,
    mediaType: string,
    digest: string,
    tag?: string,
  ): Promise<void> {
    const { subject, artifactType } = JSON.parse(manifest.toString()) as Described;
    if (subject !== undefined) {
      subjects.push({ of: subject.digest, referrer: { digest, mediaType, artifactType, size: manifest.length } });
    }
    await client.send(
      new PutImageCommand({
        repositoryName: repository,
        imageManifest: manifest.toString(),
        imageManifestMediaType: mediaType,
        // Without it, moto makes one up.
        imageDigest: digest,
        ...(tag === undefined ? {} : { imageTag: tag }),
      }),
    );
  }

  return {
    aws,
    registry,
    client,
    archived,
    sign: layers.sign,
    signature,
    layerAnswers: layers.answers,
    misbehave: layers.misbehave,
    put,
    push: async (files, to, tags = []) => {
      const [, repository = '', tag = ''] = /^(.*):([^:/]+)$/.exec(to) ?? [];
      const digest = await registry.pushLayout(files, to);
      await client
        .send(new CreateRepositoryCommand({ repositoryName: repository, tags: [...tags] }))
        .catch((error: unknown) => {
          if (!(error instanceof Error) || error.name !== 'RepositoryAlreadyExistsException') throw error;
        });
      for (const { mediaType, digest: each, bytes } of manifestsIn(files)) {
        await put(repository, bytes, mediaType, each, each === digest ? tag : undefined);
      }
      return digest;
    },
    stop: async () => {
      client.destroy();
      await Promise.all([aws.stop(), layers.stop(), registry.stop(), moto.stop()] satisfies Promise<void>[]);
    },
  };
}

interface Described {
  readonly mediaType?: string;
  readonly subject?: { readonly digest: string };
  readonly artifactType?: string;
  readonly manifests?: readonly { readonly digest: string; readonly mediaType: string }[];
}

interface Subject {
  readonly of: string;
  readonly referrer: AwsInput;
}

/** Those that index.json leads to, an index before what it lists. */
function* manifestsIn(files: LayoutFiles): Generator<{ mediaType: string; digest: string; bytes: Buffer }> {
  const stored = new Map(files.map(({ path, content = '' }) => [path, Buffer.from(content)]));
  const pending = [...((JSON.parse(String(stored.get('index.json'))) as Described).manifests ?? [])];
  const seen = new Set<string>();
  for (const { digest, mediaType } of pending) {
    const bytes = stored.get(blobPath(digest));
    if (bytes === undefined || seen.has(digest)) continue;
    seen.add(digest);
    yield { mediaType, digest, bytes };
    pending.push(...((JSON.parse(bytes.toString()) as Described).manifests ?? []));
  }
}

interface Layers {
  /** A signed address. */
  readonly sign: (repository: string, digest: string) => string;
  readonly has: (repository: string, digest: string) => Promise<boolean>;
  readonly misbehave: (manners: LayerManners) => void;
  readonly answers: readonly string[];
  readonly stop: () => Promise<void>;
}

/** What the bucket behind ECR does, with the bytes of a real registry. */
async function startLayers({ host }: RegistryServer, signature: string): Promise<Layers> {
  let manners: LayerManners = {};
  let serve = new Map<string, ReturnType<typeof serveBlob>>();
  const uses = new Map<string, number>();
  const answers: string[] = [];
  let signed = 0;
  const server: LoopbackServer = await startLoopback(async (request, response) => {
    const { pathname, searchParams, search } = new URL(request.url ?? '', 'http://127.0.0.1');
    const used = (uses.get(search) ?? 0) + 1;
    uses.set(search, used);
    const isSigned = searchParams.get('X-Amz-Signature') === signature;
    if (!isSigned || used > (manners.uses ?? Infinity)) {
      answers.push('403');
      // S3's own words, which repeat nothing of phiscan's.
      return response
        .writeHead(403)
        .end('<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>');
    }
    let answer = serve.get(pathname);
    if (answer === undefined) {
      const stored = await fetch(`http://${host}${decodeURIComponent(pathname)}`);
      answer = serveBlob(Buffer.from(await stored.arrayBuffer()), manners);
      serve.set(pathname, answer);
    }
    const { range } = request.headers;
    answers.push(range === undefined ? '200' : `206 ${range}`);
    return answer(request, response);
  });
  return {
    sign: (repository, digest) => {
      signed += 1;
      const path = encodeURIComponent(`v2/${repository}/blobs/${digest}`);
      return `${server.origin}/${path}?X-Amz-Expires=3600&X-Amz-Date=${String(signed)}&X-Amz-Signature=${signature}`;
    },
    has: async (repository, digest) => {
      const { ok } = await fetch(`http://${host}/v2/${repository}/blobs/${digest}`, { method: 'HEAD' });
      return ok;
    },
    misbehave: (next) => {
      manners = next;
      serve = new Map();
    },
    answers,
    stop: server.stop,
  };
}

function membersOf(answer: AwsInput, key: string): readonly AwsInput[] {
  return (answer[key] ?? []) as readonly AwsInput[];
}

/** The rest is moto's. */
function registryAnswers(archived: ReadonlySet<string>, subjects: readonly Subject[], layers: Layers): AwsAnswers {
  const whole = async (call: AwsCall, key: string): Promise<readonly AwsInput[]> =>
    membersOf(await call.forward(), key);
  const empty = (key: string) => (): AwsInput => ({ [key]: [] });
  return {
    'ecr.DescribeRepositories': async (call) => page('repositories', await whole(call, 'repositories'), call, PAGE),
    'ecr.DescribeImages': async (call) => {
      const images = await whole(call, 'imageDetails');
      const withStatus = images.map((image) => ({
        ...image,
        imageStatus: archived.has(String(image['imageDigest'])) ? 'ARCHIVED' : 'ACTIVE',
      }));
      return page('imageDetails', withStatus, call, PAGE);
    },
    'ecr.BatchGetImage': async (call) => {
      const answer = await call.forward();
      const isArchived = ({ imageId }: AwsInput): boolean =>
        archived.has((imageId as { imageDigest: string }).imageDigest);
      const images = membersOf(answer, 'images');
      const lost = images.filter(isArchived).map(({ imageId }) => ({
        imageId,
        failureCode: 'ImageInaccessible',
        failureReason: 'The requested image is archived',
      }));
      return {
        images: images.filter((image) => !isArchived(image)),
        failures: [...membersOf(answer, 'failures'), ...lost],
      };
    },
    'ecr.GetDownloadUrlForLayer': async ({ input: { repositoryName, layerDigest } }) => {
      const [repository, digest] = [String(repositoryName), String(layerDigest)];
      if (!(await layers.has(repository, digest))) throw new AwsFailure('LayersNotFoundException', 'no such layer');
      return { downloadUrl: layers.sign(repository, digest), layerDigest };
    },
    'ecr.ListImageReferrers': (call) => {
      const { imageDigest } = call.input['subjectId'] as { imageDigest: string };
      const referrers = subjects.filter(({ of }) => of === imageDigest).map(({ referrer }) => referrer);
      return page('referrers', referrers, call, PAGE);
    },
    'ecr.DescribeRepositoryCreationTemplates': empty('repositoryCreationTemplates'),
    'ecr.DescribePullThroughCacheRules': empty('pullThroughCacheRules'),
    'ecr.ListPullTimeUpdateExclusions': empty('pullTimeUpdateExclusions'),
  };
}

const publicAnswers: AwsAnswers = {
  'ecr-public.DescribeRegistries': () => ({ registries: [] }),
  'ecr-public.GetRegistryCatalogData': () => ({ registryCatalogData: {} }),
  'ecr-public.DescribeRepositories': () => ({ repositories: [] }),
};
