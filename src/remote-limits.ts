/** Bounds of what is asked of others: registries, AWS, queues. None changes what is found in bytes that came: what they end is a gap
 * or an error, unless it says otherwise here. */

const KiB = 1024;
const MiB = 1024 * KiB;

type RemoteLimitName =
  | 'idleMs'
  | 'attempts'
  | 'backoffMs'
  | 'backoffMostMs'
  | 'retryAfterMs'
  | 'resumes'
  | 'redirects'
  | 'answerBytes'
  | 'challenges'
  | 'tokenBytes'
  | 'tokenMarginMs'
  | 'manifestsAtOnce'
  | 'imageManifests'
  | 'tagPages'
  | 'connections'
  | 'helperMs'
  | 'helperBytes'
  | 'repositoriesAtOnce'
  | 'layerRepositories'
  | 'joinsAtOnce'
  | 'joinGraceMs'
  | 'keptManifestBytes'
  | 'keptImages'
  | 'awsCallsAtOnce'
  | 'awsAnswerMs'
  | 'awsAnswerBytes'
  | 'revisionMs'
  | 'rememberedEvents'
  | 'queueVisibilityMs'
  | 'queueAnswerMs';

export type RemoteLimits = Readonly<Record<RemoteLimitName, number>>;

export const remoteLimits: RemoteLimits = {
  /** Until the next byte of an answer, in milliseconds: registries that fetch from elsewhere first take half a minute. */
  idleMs: 60_000,

  /** How often a call is tried in all; a download, since it last brought a byte. */
  attempts: 5,

  /** Before the second attempt, in milliseconds; twice as long before each further one, up to `backoffMostMs`. */
  backoffMs: 500,
  backoffMostMs: 16_000,

  /** The longest wait that a server may ask for (Retry-After), in milliseconds; Docker Hub asks for hours, and then the call
   * has failed. */
  retryAfterMs: 120_000,

  /** How often one download is resumed: a server that gives one byte at a time is no server. */
  resumes: 100,

  /** Redirects of one request. A blob's goes to a signed address, seldom to a second one. */
  redirects: 5,

  /** A list or an error of a registry, in bytes: 1000 tags of 128 characters are 130 KB. */
  answerBytes: 8 * MiB,

  /** Ways to be let in that one refusal may name; servers name three. */
  challenges: 32,

  /** An answer of a token server, in bytes: tokens with many scopes have some kilobytes. */
  tokenBytes: 256 * KiB,

  /** A token is renewed before it expires by this, in milliseconds: a request takes its time to be looked at. */
  tokenMarginMs: 10_000,

  /** Manifests of one image that are asked for at once. */
  manifestsAtOnce: 8,

  /** Manifests of one image, referrers among them; buildkit's caches and CI's referrers are some hundreds. */
  imageManifests: 10_000,

  /** Pages of 1000 tags that are read to know which stand for what is about an image; of more, each is asked for by itself. */
  tagPages: 10,

  /** Open connections to one server; further requests wait. */
  connections: 16,

  /** Until a credential helper has answered, in milliseconds: it may ask a person, or another server. */
  helperMs: 60_000,

  /** The answer of a credential helper, and the configuration file of docker, in bytes. */
  helperBytes: 1 * MiB,

  /** Repositories of a registry that a sweep lists at once. */
  repositoriesAtOnce: 4,

  /** Repositories that a sweep remembers of one layer: where one denies it, the next is asked. Base layers are in thousands. */
  layerRepositories: 64,

  /** Images of a sweep that are put together at once: each waits for some small answers of the registry. */
  joinsAtOnce: 8,

  /** After the deadline of a sweep, for images of which some layers were read, in milliseconds. */
  joinGraceMs: 60_000,

  /** Manifests that a sweep keeps from its plan until their images are put together, in bytes. Others are asked for again. */
  keptManifestBytes: 64 * MiB,

  /** Images whose descriptions are kept from their listing until they are read as texts: half a kilobyte each. Others are asked
   * for again. */
  keptImages: 10_000,

  /** Calls to ECS that wait for an answer, for each of its buckets. The SDK gives up when 100 attempts in a row were throttled,
   * whoever made them: eight calls with ten attempts each stay below. No gap: the others wait. */
  awsCallsAtOnce: 8,

  /** Until ECS answers one attempt of a call, in milliseconds; then it is tried again, and in the end a gap. */
  awsAnswerMs: 60_000,

  /** One response of ECS, in bytes: 100 tasks with their containers are below 4 MiB. A longer one is a gap. */
  awsAnswerBytes: 64 * MiB,

  /** A remembered revision is read again after this time, in milliseconds: its text never changes, but its tags may. No gap. */
  revisionMs: 7 * 24 * 60 * 60 * 1000,

  /** Messages and events of a watch that are remembered, so that one that comes twice is told once. No gap: one that comes
   * again after so many others is told again. */
  rememberedEvents: 50_000,

  /** How long a message is kept from other readers of its queue, in milliseconds; three times as often it is kept anew. When
   * phiscan is killed, the message comes again after it. */
  queueVisibilityMs: 120_000,

  /** Until a queue answers, in milliseconds: longer than the longest wait for messages, which is 20 s. No gap: it is asked
   * again. */
  queueAnswerMs: 40_000,
};
