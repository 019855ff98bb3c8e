import type { XmlElement } from '../xml/xml-element.ts';

/**
 * Whose values are inside an element: a patient's, a relative's or other contact's, a plan member's, a subscriber's; of a
 * visit; of a device; of those who treat, write and keep.
 */
export type Role = 'patient' | 'relative' | 'member' | 'subscriber' | 'encounter' | 'device' | 'provider';

/** HL7 CDA R2 and version 3 messages: elements that are a role of somebody, whatever is around them. */
const ROLES: ReadonlyMap<string, Role> = new Map([
  ['patientRole', 'patient'],
  ['patientPerson', 'patient'],
  ['identifiedPerson', 'patient'],
  ['patientPatient', 'patient'],
  ['guardian', 'relative'],
  ['relatedSubject', 'relative'],
  ['relationshipHolder1', 'relative'],
  ['personalRelationship', 'relative'],
  ['contactParty', 'relative'],
  ['encompassingEncounter', 'encounter'],
  ...(
    'providerOrganization scopingOrganization scopingEntity representedOrganization representedCustodianOrganization ' +
    'receivedOrganization assignedAuthor assignedEntity assignedCustodian assignedPerson intendedRecipient healthCareFacility ' +
    'serviceProviderOrganization author custodian legalAuthenticator authenticator dataEnterer performer location sender receiver ' +
    'assignedAuthoringDevice wholeOrganization'
  )
    .split(' ')
    .map((name): [string, Role] => [name, 'provider']),
]);

/** HL7 v3 ActRelationship and ParticipationType: who takes part in an act. */
const PARTICIPATIONS: ReadonlyMap<string, Role> = new Map([
  ['COV', 'member'],
  ['BEN', 'member'],
  ['RCT', 'patient'],
  ['HLD', 'subscriber'],
  ['DEV', 'device'],
  ['IND', 'relative'],
]);
/** HL7 v3 RoleClass: persons around a patient. */
const PERSONAL: ReadonlySet<string> = new Set(
  'PRS NOK ECON GUAR GUARD CAREGIVER POLHOLD COVPTY SUBSCR SPNSR DEPEN FAMDEP INDIV PAYOR_CONTACT'.split(' '),
);
const PROVIDERS: ReadonlySet<string> = new Set('PROV ASSIGNED QUAL LIC ORG SDLOC PAYOR AGNT CON'.split(' '));

/** The role that begins with this element; undefined where it is of the same as what is around it. */
export function roleOf(element: XmlElement): Role | undefined {
  const known = ROLES.get(element.name);
  if (known !== undefined) return known;
  const code = element.attribute('classCode');
  switch (element.name) {
    case 'patient':
      // In a version 3 message the role itself; in CDA the person inside of patientRole.
      return element.parent?.name === 'patientRole' ? undefined : 'patient';
    case 'associatedEntity':
    case 'relatedEntity': {
      if (PERSONAL.has(code)) return 'relative';
      return PROVIDERS.has(code) || code === '' ? 'provider' : 'relative';
    }
    case 'participantRole': {
      if (code === 'MANU') return 'device';
      return PARTICIPATIONS.get(element.parent?.attribute('typeCode') ?? '') ?? 'provider';
    }
    default:
      return undefined;
  }
}
