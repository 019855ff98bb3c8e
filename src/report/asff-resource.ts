/** What findings in the AWS Security Finding Format are about (AWS Security Hub User Guide, "Resources"). */
import type { Finding, Location, SweptPlace } from '../finding.ts';
import type { Target } from '../target.ts';
import { printable } from './printable.ts';

/** Where findings are sent, and what they are about. */
export interface AsffPlace extends SweptPlace {
  /** A reference that is no place of ECR. */
  readonly other?: string;
}

type EcsType = 'AwsEcsTaskDefinition' | 'AwsEcsService' | 'AwsEcsTask' | 'AwsEcsCluster';

export interface AsffResource {
  Type: 'AwsEcrContainerImage' | 'AwsEcrRepository' | EcsType | 'Other';
  Id: string;
  Partition: Partition;
  Region: string;
  Details?: {
    AwsEcrContainerImage?: {
      RegistryId: string;
      RepositoryName: string;
      Architecture?: string;
      ImageDigest: string;
      ImageTags?: string[];
      ImagePublishedAt?: string;
    };
    AwsEcrRepository?: { Arn: string; RepositoryName: string };
  };
  DataClassification: {
    Result: {
      AdditionalOccurrences: boolean;
      Status: { Code: 'COMPLETE' | 'PARTIAL'; Reason?: string };
      SensitiveData: {
        Category: 'PERSONAL_INFORMATION';
        TotalCount: number;
        Detections: { Type: string; Count: number }[];
      }[];
    };
  };
}

type Partition = 'aws' | 'aws-cn' | 'aws-us-gov';

export function partitionOf(region: string): Partition {
  return region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** `123456789012.dkr.ecr.us-east-1.amazonaws.com/team/app:1.4` is of its own account and Region, `ecs:us-east-1` of its own Region. */
export function asffPlace(reference: string, aws: { readonly account: string; readonly region: string }): AsffPlace {
  const none = { registry: '', repository: '', digest: '', tags: [] };
  const ecr =
    /^(?:ecr:)?((\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?)\/([a-z0-9._/-]+)(?::([\w.-]+))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(
      reference,
    );
  if (ecr !== null) {
    const [, registry = '', account = '', region = '', repository = '', tag, digest = ''] = ecr;
    return { registry, account, region, repository, digest, tags: tag === undefined ? [] : [tag] };
  }
  const region = /^ecs:([a-z0-9-]+)$/.exec(reference)?.[1] ?? aws.region;
  return { ...none, account: aws.account, region, other: reference };
}

function otherResource(
  reference: string,
  { kind, path }: Location,
  { account, region }: AsffPlace,
): Pick<AsffResource, 'Type' | 'Id'> {
  if (kind !== 'ecs' || !reference.startsWith('ecs:')) return { Type: 'Other', Id: printable(reference).slice(-ID) };
  const arn = `arn:${partitionOf(region)}:ecs:${region}:${account}:`;
  const [, cluster = '', type = '', name = ''] = /^cluster\/([^/]+)(?:\/(service|task)\/([^/]+))?$/.exec(path) ?? [];
  if (/^task-definition\/[^/]+$/.test(path)) return { Type: 'AwsEcsTaskDefinition', Id: arn + printable(path) };
  if (cluster === '') return { Type: 'Other', Id: (arn + printable(path)).slice(0, ID) };
  if (type === '') return { Type: 'AwsEcsCluster', Id: `${arn}cluster/${printable(cluster)}` };
  const within = `${type}/${printable(cluster)}/${printable(name)}`;
  return { Type: type === 'service' ? 'AwsEcsService' : 'AwsEcsTask', Id: arn + within };
}

/** Characters of an id. */
const ID = 512;

export function resourceOf(
  { identifier, count, location }: Finding,
  place: AsffPlace,
  target: Target | undefined,
  complete: boolean,
): AsffResource {
  const { account, region, repository, tags, pushedAt, other } = place;
  const partition = partitionOf(region);
  const arn = `arn:${partition}:ecr:${region}:${account}:repository/${printable(repository)}`;
  const digest = target?.digest || place.digest;
  const classified: AsffResource['DataClassification'] = {
    Result: {
      AdditionalOccurrences: false,
      Status: complete ? { Code: 'COMPLETE' } : { Code: 'PARTIAL', Reason: 'INCOMPLETE_SCAN' },
      SensitiveData: [
        {
          Category: 'PERSONAL_INFORMATION',
          TotalCount: count,
          Detections: [{ Type: `PHI_${typeOf(identifier)}`, Count: count }],
        },
      ],
    },
  };
  const common = { Partition: partition, Region: region, DataClassification: classified };
  if (other !== undefined) return { ...otherResource(other, location, place), ...common };
  if (repository === '') return { Type: 'Other', Id: `arn:${partition}:ecr:${region}:${account}:registry`, ...common };
  if (place.digest === '') {
    const details = { AwsEcrRepository: { Arn: arn, RepositoryName: printable(repository) } };
    return { Type: 'AwsEcrRepository', Id: arn, ...common, Details: details };
  }
  const architecture = target?.platform.split('/')[1] ?? '';
  return {
    Type: 'AwsEcrContainerImage',
    Id: `${arn}/${digest}`,
    ...common,
    Details: {
      AwsEcrContainerImage: {
        RegistryId: account,
        RepositoryName: printable(repository),
        ImageDigest: digest,
        ...(architecture === '' ? {} : { Architecture: architecture }),
        ...(tags.length === 0 ? {} : { ImageTags: tags.slice(0, MOST_TAGS).map(printable) }),
        ...(pushedAt === undefined ? {} : { ImagePublishedAt: pushedAt }),
      },
    },
  };
}

/** An image has up to a thousand; a finding is at most 240 kB. */
const MOST_TAGS = 100;

function typeOf(identifier: string): string {
  return identifier.toUpperCase().replaceAll('-', '_');
}
