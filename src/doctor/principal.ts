/** A role or a user, by the ARN of its session or by its own. */
export interface Principal {
  /** `role/phiscan`, without a path: the ARN of a session does not tell it. */
  readonly name: string;
  /** Its own ARN, as far as it is known: without the path. */
  readonly registered: string;
}

/** `arn:aws:sts::123456789012:assumed-role/phiscan/run` and `arn:aws:iam::123456789012:role/audit/phiscan` are one (IAM User
 * Guide, "IAM identifiers"). */
export function principalOf(arn: string): Principal {
  const [, partition = 'aws', , , account = '', ...resource] = arn.split(':');
  const [kind = '', ...parts] = resource.join(':').split('/');
  if (kind === 'assumed-role') {
    const name = `role/${parts[0] ?? ''}`;
    return { name, registered: `arn:${partition}:iam::${account}:${name}` };
  }
  return { name: `${kind}/${parts.at(-1) ?? ''}`, registered: arn };
}
