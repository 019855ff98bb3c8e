/** The one door to the SDK's Security Hub client. Loaded by the first sweep that sends its findings there. */
import { BatchImportFindingsCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { openService, type Service, type ServiceOptions } from '../service.ts';

interface Commands {
  readonly BatchImportFindings: typeof BatchImportFindingsCommand;
}

const commands: Commands = { BatchImportFindings: BatchImportFindingsCommand };

export type SecurityHubInputs = {
  readonly [Operation in keyof Commands]: ConstructorParameters<Commands[Operation]>[0];
};
export type SecurityHub = Service<SecurityHubInputs>;

/** Half of what AWS allows (Security Hub User Guide, "Quotas": 10 a second, 30 at once). */
const budgets = { import: { burst: 15, perSecond: 5 } } as const;

/** Throws ScanError where there is no Region, or there are no credentials. */
export function openSecurityHub(options: ServiceOptions): Promise<SecurityHub> {
  return openService<SecurityHubInputs, 'import'>(
    {
      prefix: 'securityhub',
      endpointVariable: 'AWS_ENDPOINT_URL_SECURITYHUB',
      commands,
      newClient: (settings) => new SecurityHubClient(settings),
      budgetOf: () => 'import',
      budgets,
    },
    options,
  );
}
