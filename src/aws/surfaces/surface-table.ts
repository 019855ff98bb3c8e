/**
 * Where AWS keeps text of people and programs: pure data, looked up by surfaces.ts. From the response types of
 * Amazon ECS API 2014-11-13 and the template references of CloudFormation, Batch, Lambda and EventBridge.
 */

/** `H`: a person or program writes free text. `N`: name-like, of few characters. `S`: a service writes it and echoes text. */
type SurfaceClass = 'H' | 'N' | 'S';

/** What a person does about a finding; surfaces of one kind have one remedy. */
export type RemedyId =
  | 'task-definition'
  | 'task-run'
  | 'tags'
  | 'exit-string'
  | 'service-event'
  | 'service'
  | 'cluster'
  | 'name'
  | 'parameter-name'
  | 'attribute'
  | 'template'
  | 'job-definition'
  | 'function'
  | 'event'
  | 'public-text'
  | 'repository'
  | 'image-tag'
  | 'policy'
  | 'registry-settings'
  | 'container'
  | 'resource';

/** One place where text is kept. */
export interface Surface {
  /** kebab-case, unique: `environment`. */
  readonly id: string;
  readonly class: SurfaceClass;
  /** `raised`: everybody may read it, which raises a finding's severity by one. */
  readonly severity: 'same' | 'raised';
  readonly remedy: RemedyId;
  /** Where it is kept; without it, where the document comes from. */
  readonly kind?: 'ecr';
}

/** A surface with the fields that are it: steps joined by `.`, alternatives by `|`; `^` stands for the document's top. */
export interface SurfaceFields extends Surface {
  readonly fields: readonly string[];
}

const CONTAINER = 'containerDefinitions|containerDefinition|primaryContainer';
const OVERRIDE = 'containerOverrides';
const SERVICE_CONNECT = 'serviceConnectConfiguration|serviceConnectService|serviceConnectDefaults';

/** A field of a container. */
function within(field: string): string {
  return `${CONTAINER}.${field}`;
}

function of(
  remedy: RemedyId,
  rows: readonly (readonly [id: string, kind: SurfaceClass, ...fields: string[]])[],
): readonly SurfaceFields[] {
  return rows.map(([id, kind, ...fields]) => ({ id, class: kind, severity: 'same', remedy, fields }));
}

const taskDefinition = of('task-definition', [
  ['environment', 'H', within('environment')],
  ['command', 'H', within('command'), within('entryPoint')],
  ['health-check', 'H', within('healthCheck'), 'activeConfigurations|healthCheck.healthCheckPath'],
  ['docker-labels', 'H', within('dockerLabels')],
  ['log-options', 'H', 'logConfiguration.options', within('awsLogsConfiguration'), 'logConfiguration.logDriver'],
  ['firelens-options', 'H', 'firelensConfiguration.options', 'firelensConfiguration.type'],
  ['system-controls', 'H', within('systemControls')],
  ['extra-hosts', 'H', within('extraHosts'), within('links')],
  ['dns', 'H', within('dnsSearchDomains'), within('dnsServers')],
  ['security-options', 'H', within('dockerSecurityOptions'), within('credentialSpecs')],
  ['container-text', 'H', ...['workingDirectory', 'user', 'hostname'].map(within)],
  ['image', 'H', within('image'), 'containerImages.image|containerName', 'containers.image'],
  ['environment-files', 'H', within('environmentFiles'), `${OVERRIDE}.environmentFiles`],
  [
    'mount',
    'N',
    ...['mountPoints', 'volumesFrom', 'linuxParameters', 'resourceRequirements'].map(within),
    `${OVERRIDE}.resourceRequirements`,
  ],
  [
    'container-name',
    'N',
    `${CONTAINER}|${OVERRIDE}|containers|managedAgents.name`,
    within('dependsOn'),
    within('ulimits'),
  ],
  ['container', 'N', CONTAINER],
  ['volume', 'H', 'volumes|volume.name', 'volumes|volume.host', 'volumes|volume.driver', 'volumes|volume.labels'],
  ['volume-options', 'H', 'dockerVolumeConfiguration', 'logDriverVolumeConfiguration'],
  [
    'volume-root',
    'H',
    'efsVolumeConfiguration|s3filesVolumeConfiguration|fsxWindowsFileServerVolumeConfiguration.rootDirectory',
    'fsxWindowsFileServerVolumeConfiguration.authorizationConfig',
  ],
  ['proxy', 'H', 'proxyConfiguration'],
  ['placement', 'H', 'placementConstraints.expression', 'placementStrategy|placementStrategies.field'],
  ['accelerators', 'H', 'inferenceAccelerators|inferenceAcceleratorOverrides.deviceName'],
  ['required-attributes', 'H', 'requiresAttributes'],
  // A role's session may be called after a person.
  ['registered-by', 'H', 'registeredBy', 'createdBy'],
  ['task-definition', 'N', 'taskDefinition|daemonTaskDefinition', 'detail.taskDefinition'],
]);

const names = [
  ...of('name', [
    ['family', 'N', 'family', 'families'],
    ['name', 'N', 'serviceName', 'clusterName', 'capacityProviders.name', 'gateway|gateways.name'],
    ['role', 'N', 'taskRoleArn', 'executionRoleArn'],
    ['load-balancer', 'N', 'loadBalancers.loadBalancerName|containerName', 'serviceRegistries.containerName'],
  ]),
  ...of('parameter-name', [
    ['secret', 'H', within('secrets'), 'secretOptions'],
    ['credentials', 'H', 'repositoryCredentials', 'authorizationConfig.credentialsParameter'],
  ]),
];

const tasks = [
  ...of('task-run', [
    ['override-environment', 'H', `${OVERRIDE}.environment`],
    ['override-command', 'H', `${OVERRIDE}.command`],
    ['override', 'H', OVERRIDE, 'overrides.taskRoleArn|executionRoleArn'],
    ['started-by', 'H', 'startedBy', 'externalId'],
    ['group', 'H', 'tasks|detail|^|taskSets.group'],
    ['task', 'H', 'tasks|task'],
  ]),
  ...of('exit-string', [
    ['stopped-reason', 'S', 'stoppedReason'],
    ['container-reason', 'S', 'containers|containerInstances|managedAgents.reason'],
    ['stop-reason', 'S', '^.reason', 'requestParameters.reason', 'detail.reason'],
    ['status-reason', 'S', 'statusReason', 'updateStatusReason', 'rolloutStateReason', 'rollback.reason'],
  ]),
  ...of('service-event', [
    ['service-event', 'S', 'events.message'],
    ['failure', 'S', 'failures.reason|detail', 'errors.message|operation'],
  ]),
];

const resources = [
  ...of('tags', [['tags', 'H', 'tags', 'tagSet']]),
  ...of('attribute', [
    ['attribute', 'H', 'attributes.name|value|targetId'],
    ['attachment', 'H', 'attachments.details'],
    ['resource-set', 'N', 'registeredResources|remainingResources'],
  ]),
  ...of('service', [
    // Any JSON document.
    ['hook-details', 'H', 'lifecycleHooks.hookDetails', 'lifecycleHookDetails.hookId'],
    ['alarms', 'N', 'alarms.alarmNames|triggeredAlarmNames'],
    ['service-connect', 'H', SERVICE_CONNECT, 'discoveryName', 'dnsName', 'testTrafficRules.header'],
    ['service-volume', 'H', 'volumeConfigurations'],
    ['port-name', 'N', 'portName', 'portMappings.name', 'serviceContainerPortName'],
    ['endpoint', 'H', 'ingressPaths.endpoint', 'targetGroups.healthCheckPath', 'serviceUrl', 'certificate.domainName'],
    ['log-group', 'H', 'logGroups.logGroupName', 'monitoring.metricConfigurations'],
    ['access-logs', 'H', 'accessLogs.destination'],
    ['service', 'N', 'services|service|serviceRevisions|serviceDeployments|taskSets|daemonDeployments|daemonRevisions'],
  ]),
  ...of('cluster', [
    ['execute-command', 'H', 'executeCommandConfiguration.logConfiguration'],
    ['cluster-text', 'H', 'clusters|cluster.settings', 'clusters|cluster.statistics'],
    ['cluster', 'N', 'clusters'],
  ]),
];

const templates = [
  ...of('template', [
    [
      'template-parameter',
      'H',
      ...['parameters', 'mappings', 'variables', 'variable', 'locals', 'config'].map((top) => `^.${top}`),
    ],
    ['template-text', 'H', '^.metadata', '^.outputs', '^.description', '^.conditions', '^.rules'],
    ['template-user-data', 'H', 'userData', 'launchTemplateData'],
  ]),
  ...of('job-definition', [
    ['job-environment', 'H', 'containerProperties|container.environment'],
    ['job-command', 'H', 'containerProperties|container.command'],
    ['job', 'H', 'containerProperties', 'ecsProperties', 'eksProperties', 'nodeProperties', 'nodeRangeProperties'],
  ]),
  ...of('function', [
    ['function-environment', 'H', 'environment.variables'],
    ['function-name', 'N', 'functionName'],
    ['function-text', 'H', 'configuration.description'],
  ]),
  ...of('event', [
    [
      'event-input',
      'H',
      'targets|target|properties|attributes|values.input',
      'inputTransformer',
      'definitionString',
      's3.object',
    ],
  ]),
];

/** What Amazon ECR keeps beside images: from the response types of its API 2015-09-21, and what templates of it hold. */
const ecr: readonly SurfaceFields[] = [
  ...of('repository', [
    ['repository-name', 'N', 'repositoryName'],
    ['repository', 'N', 'repositories'],
    ['image-details', 'S', 'imageDetails'],
  ]),
  ...of('image-tag', [['image-tag', 'N', 'imageTags', 'imageTag']]),
  ...of('policy', [
    ['ecr-policy', 'H', '^.policyText', 'repositoryPolicyText', 'repositoryPolicy', 'registryPolicy'],
    ['lifecycle-policy', 'H', 'lifecyclePolicyText', 'lifecyclePolicy'],
  ]),
  ...of('registry-settings', [
    ['creation-template', 'H', 'repositoryCreationTemplates', 'resourceTags'],
    ['pull-through-cache-rule', 'N', 'pullThroughCacheRules', 'upstreamRepositoryPrefix', 'ecrRepositoryPrefix'],
    ['replication', 'N', 'replicationConfiguration'],
    ['tag-filter', 'N', 'imageTagMutabilityExclusionFilters.filter'],
  ]),
  // What ECR Public's gallery shows to everybody.
  {
    id: 'ecr-public-text',
    class: 'H' as const,
    severity: 'raised' as const,
    remedy: 'public-text' as const,
    fields: ['repositoryCatalogData', 'registryCatalogData', 'catalogData'],
  },
].map((row) => ({ ...row, kind: 'ecr' }));

/** What the Docker engine says of a container (Engine API 1.41: ContainerInspect); nothing of AWS has these places. */
const containers = of('container', [
  ['container-environment', 'H', '^.config.env'],
  ['container-command', 'H', '^.config.cmd|entrypoint|shell', '^.path|args', '^.execIDs'],
  ['container-labels', 'H', '^.config.labels'],
  ['container-health', 'S', '^.state.health', '^.config.healthcheck'],
  ['container-state', 'S', '^.state.error'],
  ['container-mount', 'N', '^.mounts', '^.hostConfig.binds|mounts|tmpfs|volumesFrom', '^.config.volumes|workingDir'],
  ['container-log-options', 'H', '^.hostConfig.logConfig'],
  [
    'container-network',
    'N',
    '^.networkSettings.networks',
    '^.config.hostname|domainname',
    '^.hostConfig.extraHosts|links',
  ],
  ['container-own-name', 'N', '^.name'],
]);

export const surfaceFields: readonly SurfaceFields[] = [
  ...taskDefinition,
  ...names,
  ...tasks,
  ...resources,
  ...templates,
  ...ecr,
  ...containers,
];

/** In an ECS document, what no row of the table names: a field that AWS added since, an id, an ARN. */
export const otherText: Surface = { id: 'ecs-text', class: 'S', severity: 'same', remedy: 'resource' };

/** Surfaces that stand for all of a resource: where none of its texts is named, and never one text by itself. */
export const wholeSurfaces: ReadonlySet<string> = new Set([
  'container',
  'task-definition',
  'task',
  'override',
  'service',
  'cluster',
  'job',
  'repository',
  'image-details',
]);

/** The same of a container's inspection. */
export const otherContainerText: Surface = { id: 'container-other', class: 'S', severity: 'same', remedy: 'container' };

/** The same of ECR: an id, an ARN, a field that it has since. */
export const otherEcrText: Surface = {
  id: 'ecr-text',
  class: 'S',
  severity: 'same',
  remedy: 'repository',
  kind: 'ecr',
};
