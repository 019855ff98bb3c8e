/** The one door to the SDK's IAM client: what a principal's policies decide, without trying it. */
import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { CallFailure } from '../aws/failure.ts';
import { clientSettings, type ServiceOptions } from '../aws/service.ts';

const ATTEMPTS = 3;

/** By action: whether it is allowed. Throws CallFailure. */
export async function simulate(
  arn: string,
  actions: readonly string[],
  options: ServiceOptions,
): Promise<ReadonlyMap<string, boolean>> {
  const client = new IAMClient(clientSettings(options, () => ATTEMPTS));
  try {
    const command = new SimulatePrincipalPolicyCommand({ PolicySourceArn: arn, ActionNames: [...actions] });
    const { EvaluationResults: results = [] } = await client.send(command);
    return new Map(
      results.map(({ EvalActionName: action = '', EvalDecision: decision }) => [action, decision === 'allowed']),
    );
  } catch (error) {
    throw new CallFailure('iam', 'SimulatePrincipalPolicy', error, false);
  } finally {
    client.destroy();
  }
}
