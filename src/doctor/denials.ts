/** Whether what a sweep must never do is denied to it: to pull may import from upstream, and make repositories for it. */
import { CallFailure } from '../aws/failure.ts';
import type { ServiceOptions } from '../aws/service.ts';
import type { Check } from './check.ts';
import { principalOf } from './principal.ts';

const CHANGING = ['ecr:BatchDeleteImage', 'ecr:BatchImportUpstreamImage', 'ecr:CreateRepository', 'ecr:PutImage'];
const TODO = 'Deny it in the role’s policy, as deploy/iam/sweep.json does';

/** @param role - Its own ARN, where it is known; else that of `arn`, the session's, without a path. */
export async function denials(
  place: string,
  { arn, role }: { readonly arn: string; readonly role: string | undefined },
  options: ServiceOptions,
): Promise<readonly Check[]> {
  const common = { id: 'denied', place } as const;
  try {
    const { simulate } = await import('./policy-simulator.ts');
    const allowed = await simulate(role ?? principalOf(arn).registered, CHANGING, options);
    return CHANGING.map((subject): Check => {
      const decision = allowed.get(subject);
      if (decision === undefined)
        return { ...common, subject, state: 'not-checked', detail: 'IAM did not tell', todo: TODO };
      if (!decision) return { ...common, subject, state: 'ok', detail: 'denied, as it should be' };
      return { ...common, subject, state: 'failed', detail: 'allowed, and phiscan never needs it', todo: TODO };
    });
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error;
    const detail = `IAM may not be asked (${error.message})`;
    const todo = `${TODO}; deploy/iam/doctor.json lets the doctor look`;
    return CHANGING.map((subject) => ({
      ...common,
      subject,
      state: 'not-checked',
      detail,
      todo,
      action: 'iam:SimulatePrincipalPolicy',
    }));
  }
}
