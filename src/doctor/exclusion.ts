/** Whether ECR counts what phiscan pulls: then every image looks used, and lifecycle rules that expire unused ones do nothing. */
import { Asking } from '../aws/asking.ts';
import type { EcrInputs } from '../aws/ecr/client.ts';
import type { Service } from '../aws/service.ts';
import type { Check } from './check.ts';
import { principalOf } from './principal.ts';

/** `arn`: as STS tells who asks. */
export async function pullTimeExclusion(ecr: Service<EcrInputs>, place: string, arn: string): Promise<Check> {
  const subject = 'lastRecordedPullTime';
  const action = 'ecr:ListPullTimeUpdateExclusions';
  const common = { id: 'pull-time-exclusion', place, subject, action } as const;
  const { name, registered } = principalOf(arn);
  let refused = '';
  const asking = new Asking(ecr, { name: 'ECR', onGap: ({ detail = '' }) => (refused = detail) });
  const excluded: unknown[] = [];
  for await (const each of asking.list('ListPullTimeUpdateExclusions', {}, 'pullTimeUpdateExclusions', '')) {
    excluded.push(each);
  }
  if (refused !== '') {
    return { ...common, state: 'not-checked', detail: refused, todo: 'deploy/iam/doctor.json has the least policy' };
  }
  if (excluded.some((each) => typeof each === 'string' && principalOf(each).name === name)) {
    return { ...common, state: 'ok', detail: `pulls of ${name} are not counted` };
  }
  return {
    ...common,
    state: 'failed',
    detail: `a sweep would make all images look used: ${name} is not excluded`,
    todo: `Once, as an administrator: aws ecr register-pull-time-update-exclusion --principal-arn ${registered}`,
  };
}
