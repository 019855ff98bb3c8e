import * as sdk from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';

import { surfaceFields, wholeSurfaces } from '../../../src/aws/surfaces/surface-table.ts';
import { describeSurface, remediesOf, surfacePlace, withSurface } from '../../../src/aws/surfaces/surfaces.ts';
import type { Finding } from '../../../src/finding.ts';

/** The kinds of the SDK's schemas: their first element, or the schema itself where it is a number. */
const LIST = 1;
const MAP = 2;
const STRUCTURE = 3;
const UNION = 4;
const OPERATION = 9;
const STRING = 0;
const DOCUMENT = 15;
const LIST_OF = 64;
const MAP_OF = 128;

/** Pointers of every text in what a schema describes; `[0]` of lists, `.key` of maps. */
function textPlaces(schema: unknown, pointer: string, within: readonly unknown[] = []): readonly string[] {
  if (typeof schema === 'function') return textPlaces((schema as () => unknown)(), pointer, within);
  if (typeof schema === 'number') {
    if (schema >= MAP_OF) return textPlaces(schema - MAP_OF, `${pointer}.key`, within);
    if (schema >= LIST_OF) return textPlaces(schema - LIST_OF, `${pointer}[0]`, within);
    return schema === STRING || schema === DOCUMENT ? [pointer] : [];
  }
  if (!Array.isArray(schema)) throw new TypeError('a kind of schema that this test does not know');
  const [kind, , name] = schema as readonly unknown[];
  // A schema with traits: the schema comes first.
  if (schema.length === 2) return textPlaces(kind, pointer, within);
  switch (kind) {
    case STRING:
      return [pointer];
    case LIST:
      return textPlaces(schema[4], `${pointer}[0]`, within);
    case MAP:
      return textPlaces(schema[5], `${pointer}.key`, within);
    case STRUCTURE:
    case UNION: {
      if (within.includes(name)) return [];
      const [names, members] = [schema[4] as readonly string[], schema[5] as readonly unknown[]];
      return names.flatMap((member, index) =>
        textPlaces(members[index], pointer === '' ? member : `${pointer}.${member}`, [...within, name]),
      );
    }
    default:
      throw new TypeError(`a kind of schema that this test does not know: ${String(kind)}`);
  }
}

function operations(): readonly (readonly unknown[])[] {
  return Object.values(sdk as Record<string, unknown>).filter(
    (one): one is readonly unknown[] => Array.isArray(one) && one[0] === OPERATION,
  );
}

/** Last steps of what ECS makes itself, of what names another resource by its id, and of what is one of a closed list. */
const GENERIC = new Set(
  (
    'arn id ids kmsKey kmsKeyId fargateEphemeralStorageKmsKeyId fileSystemId accessPointId attachmentId runtimeId gpuId gpuIds neuronDeviceIds ' +
    'ec2InstanceId subnets subnetIds securityGroup securityGroups securityGroupIds inboundSecurityGroup productionListenerRule testListenerRule ' +
    'taskDefinition cluster capacityProvider capacityProviders rollbackCapacityProviders capacityProviderName imageDigest nextToken ' +
    'currentDeployment currentServiceDeployment agentHash agentVersion dockerVersion privateIpv4Address ipv6Address bindIP ' +
    'status lastStatus desiredStatus healthStatus overallStatus updateStatus agentUpdateStatus attachmentsStatus actionsStatus stabilityStatus ' +
    'statusCode stopCode code httpCode grpcCode rolloutState connectivity type targetType launchType deviceType policyType accessType ' +
    'accessTypes ipAddressType capacityOptionType resourceManagementType acceleratorTypes acceleratorNames acceleratorManufacturers ' +
    'cpuManufacturers allowedInstanceTypes excludedInstanceTypes instanceGenerations localStorage localStorageTypes bareMetal ' +
    'burstablePerformance platformVersion platformFamily cpu memory memoryReservation cpuArchitecture operatingSystemFamily unit strategy ' +
    'schedulingStrategy reservationPreference sharingMode assignPublicIp propagateTags protocol appProtocol healthCheckProtocol scheme ' +
    'httpDesync sourceServiceRevisionCleanup pidMode ipcMode networkMode permissions lifecycleStage lifecycleStages add drop ' +
    'containerPortRange hostPortRange condition action timeoutAction versionConsistency transitEncryption iam compatibilities ' +
    'requiresCompatibilities monitoring metric autoScalingMetric managedTerminationProtection managedDraining logging ' +
    'availabilityZone availabilityZoneRebalancing'
  ).split(' '),
);

/** Account settings are switches. */
const SETTINGS = /^settings\[0\]\./;

function isUnnamed(surface: string | undefined): boolean {
  return surface === undefined || wholeSurfaces.has(surface);
}

function isGeneric(pointer: string): boolean {
  const last = /(\w+)(?:\[0\])*$/.exec(pointer)?.[1] ?? '';
  return GENERIC.has(last) || last.endsWith('Arn') || last.endsWith('Arns') || SETTINGS.test(pointer);
}

describe('the surface table', () => {
  const pointers = new Set(
    operations()
      .filter(([, , name]) => /^(?:Describe|List)/.test(String(name)))
      .flatMap((operation) => textPlaces(operation[5], '')),
  );

  test('the SDK has as many texts as when this was written, or more', () => {
    expect(pointers.size).toBeGreaterThan(700);
  });

  test('each text of a response is classified, or an id or a constant', () => {
    const unknown = [...pointers].filter((pointer) => isUnnamed(describeSurface(pointer)?.id) && !isGeneric(pointer));
    expect(unknown).toEqual([]);
  });

  test.each([
    ['containerDefinitions[0].environment[3].value', 'environment', 'containerDefinitions[0].environment'],
    ['container_definitions[1].docker_labels.team', 'docker-labels', 'container_definitions[1].docker_labels'],
    [
      'Resources.Task.Properties.ContainerDefinitions[0].LogConfiguration.Options["awslogs-stream-prefix"]',
      'log-options',
      'Resources.Task.Properties.ContainerDefinitions[0].LogConfiguration.Options',
    ],
    ['tasks[4].containers[1].reason', 'container-reason', 'tasks[4].containers[1].reason'],
    ['detail.stoppedReason', 'stopped-reason', 'detail.stoppedReason'],
    ['services[0].events[2].message', 'service-event', 'services[0].events[2].message'],
    ['tasks[0].tags[3].value', 'tags', 'tasks[0].tags'],
    // What a value holds decides less than the field that it stands in.
    ['containerDefinitions[0].environment[3].value.tags[0].text', 'environment', 'containerDefinitions[0].environment'],
    ['detail.overrides.containerOverrides[0].environment[1].value', 'override-environment', undefined],
    ['Parameters.PatientId.Default', 'template-parameter', undefined],
    ['Resources.Catalog.Properties.RepositoryCatalogData.AboutText', 'ecr-public-text', undefined],
  ])('%s', (pointer, surface, place) => {
    expect(describeSurface(pointer)?.id).toBe(surface);
    if (place !== undefined) expect(surfacePlace(pointer)).toBe(place);
  });

  test.each([['patients[0].name'], ['a.b.c'], [''], ['['], ['environment']])('%s is no surface', (pointer) => {
    expect(describeSurface(pointer)).toBeUndefined();
  });

  test('ids are unique', () => {
    const ids = surfaceFields.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

const finding: Finding = {
  fingerprint: 'f',
  detector: 'ssn',
  identifier: 'ssn',
  safeHarbor: 'G',
  severity: 'high',
  confidence: 1,
  outcome: 'real',
  count: 1,
  mask: '***-**-****',
  evidence: [],
  location: { kind: 'file', target: 't', path: 'p' },
};

describe('findings with a surface', () => {
  const at = (pointer: string, outcome: Finding['outcome'] = 'real'): Finding =>
    withSurface({ ...finding, outcome, location: { ...finding.location, pointer } });

  test('a text that everybody may read raises the severity', () => {
    expect(at('RepositoryCatalogData.AboutText').severity).toBe('critical');
    expect(at('RepositoryCatalogData.AboutText', 'synthetic').severity).toBe('high');
    expect(at('tasks[0].stoppedReason').severity).toBe('high');
  });

  test('a field that AWS added since has a remedy, too', () => {
    expect(at('somethings[0].new')).toMatchObject({
      surface: 'ecs-text',
      remedy: 'resource',
      location: { kind: 'ecs' },
    });
  });

  test('each remedy has a text, and all have that of copies', () => {
    for (const { remedy } of surfaceFields) {
      const copies = remedy === 'container' ? [] : ['copies'];
      expect(Object.keys(remediesOf([{ ...finding, remedy }]))).toEqual([remedy, ...copies]);
    }
    expect(remediesOf([finding])).toEqual({});
  });
});
