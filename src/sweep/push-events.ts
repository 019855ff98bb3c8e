/** Which images events of ECR name: "ECR Image Action" (Amazon ECR User Guide, "Amazon ECR events and EventBridge"). */

import { digestOf } from '../image/descriptor.ts';
import { memberOf, textOf } from '../image/json.ts';
import { type EventKind, unwrap } from '../aws/watch/envelope.ts';
import type { Delivery } from '../aws/watch/delivery.ts';
import type { Problem } from '../unpack/chunks.ts';

/** An image that was pushed. */
export interface Push {
  readonly account: string;
  readonly region: string;
  readonly repository: string;
  readonly digest: string;
  /** Empty: without a tag. */
  readonly tag: string;
  /** As the event writes it; empty where it does not. */
  readonly time: string;
}

/** What one line holds. */
export interface PushedImages {
  readonly pushes: readonly Push[];
  /** Events that are no successful push of an image: deletions, scans, replications. */
  readonly skipped: number;
  /** Of what is no event at all. */
  readonly problems: readonly Problem[];
}

const ofEcr: EventKind = {
  absence: 'no event of ECR',
  matches: ({ source, 'detail-type': type }) =>
    source === 'aws.ecr' || (typeof type === 'string' && type.startsWith('ECR ')),
};

/** Never throws. */
export function pushesOf({ content }: Pick<Delivery, 'content'>): PushedImages {
  if (content.kind === 'too-long') {
    return { pushes: [], skipped: 0, problems: [{ reason: 'byte-limit', bytes: content.bytes }] };
  }
  if (content.kind === 'events') return { pushes: [], skipped: 0, problems: content.gaps };
  const { events, faults } = unwrap(content.text, ofEcr);
  const problems: Problem[] = [...faults];
  const pushes: Push[] = [];
  let skipped = 0;
  for (const { name, document } of events) {
    const detail = memberOf(document, 'detail');
    const said = (key: string): string => textOf(memberOf(detail, key));
    const isPush = name.type === 'ECR Image Action' && said('action-type') === 'PUSH' && said('result') === 'SUCCESS';
    if (!isPush) {
      skipped += 1;
      continue;
    }
    const [repository, digest] = [said('repository-name'), digestOf(said('image-digest'))];
    const { account, region, time } = name;
    if (!REPOSITORY.test(repository) || digest === '' || !ACCOUNT.test(account) || !REGION.test(region)) {
      problems.push({ reason: 'corrupt', detail: 'a push without account, Region, repository or digest' });
      continue;
    }
    pushes.push({ account, region, repository, digest, tag: said('image-tag'), time });
  }
  return { pushes, skipped, problems };
}

/** As ECR has them (API Reference, CreateRepository). */
const REPOSITORY = /^[a-z0-9][a-z0-9._/-]{1,255}$/;
const ACCOUNT = /^\d{12}$/;
const REGION = /^[a-z]{2,}(?:-[a-z0-9]+){1,5}$/;
