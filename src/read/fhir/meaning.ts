import type { FhirElement } from './element.ts';
import { kindOfIdentifier, kindOfSystem } from './identifier.ts';
import { type Owner, refersToPatient } from './owner.ts';

/** What an identifier without a telling system or type is, by the resource that it is of. */
const USUAL: Readonly<Record<string, string>> = {
  Patient: 'patient id',
  Person: 'patient id',
  RelatedPerson: 'person id',
  Coverage: 'member id',
  Account: 'patient account number',
  Claim: 'claim number',
  ClaimResponse: 'claim number',
  ExplanationOfBenefit: 'claim number',
  Encounter: 'encounter number',
  EpisodeOfCare: 'encounter number',
  Appointment: 'appointment number',
  DocumentReference: 'document number',
  Composition: 'document number',
  DiagnosticReport: 'report number',
  DiagnosticOrder: 'order number',
  ServiceRequest: 'order number',
  ProcedureRequest: 'order number',
  ImagingStudy: 'accession number',
  Specimen: 'accession number',
  MedicationRequest: 'prescription number',
  MedicationOrder: 'prescription number',
  MedicationPrescription: 'prescription number',
  MedicationDispense: 'prescription number',
  MedicationStatement: 'prescription number',
  Device: 'device identifier',
};

const EXTENSION = /^(?:modifierE|e)xtension$/;
const IDENTIFIER = /[iI]dentifier$|^subscriberId$/;
const NAME_PARTS: Readonly<Record<string, string>> = { family: 'last name', given: 'first name', text: 'name' };
const CONTACTS: Readonly<Record<string, string>> = {
  phone: 'phone',
  sms: 'phone',
  pager: 'phone',
  fax: 'fax',
  email: 'email',
  url: 'url',
};
const ADDRESS_PARTS: Readonly<Record<string, string>> = {
  line: 'address',
  text: 'address',
  city: 'city',
  postalCode: 'postal code',
};

/** In plain words what a value of a person is, outermost word first (`patient last name`); undefined where it is none. */
export function meaningOf(name: string, element: FhirElement, owner: Owner): string | undefined {
  if (name === 'value' && IDENTIFIER.test(element.name)) return identifierMeaning(element, owner) || undefined;
  if (name === 'display' && owner !== 'provider') return isPatientReference(element) ? 'patient name' : undefined;
  if (owner === 'patient' || owner === 'relative') return personMeaning(name, element, owner);
  return owner === 'event' ? eventMeaning(name, element) : undefined;
}

function isPatientReference(element: FhirElement): boolean {
  return element.name !== 'coding' && refersToPatient(element);
}

function identifierMeaning(element: FhirElement, owner: Owner): string {
  const { parent } = element;
  const type = element.resource().resourceType ?? '';
  if (owner === 'provider') {
    const kind = kindOfIdentifier(element, '');
    return kind === 'npi' || kind === 'dea' ? kind : '';
  }
  if (element.name === 'accessionIdentifier') return 'accession number';
  if (parent === undefined || parent.resourceType !== undefined || EXTENSION.test(parent.name)) {
    return kindOfIdentifier(element, USUAL[type] ?? '');
  }
  // Reference.identifier, R4 2.3: of the one that is referred to.
  if (parent.name === 'coverage' || parent.name === 'insurance') return kindOfIdentifier(element, 'member id');
  if (refersToPatient(parent)) {
    return kindOfIdentifier(element, parent.name === 'subscriber' ? 'subscriber id' : 'patient id');
  }
  if (parent.name === 'encounter') return kindOfIdentifier(element, 'encounter number');
  const kind = kindOfIdentifier(element, '');
  return kind === 'npi' || kind === 'dea' ? kind : '';
}

function personMeaning(name: string, element: FhirElement, owner: 'patient' | 'relative'): string | undefined {
  const whose =
    owner === 'relative' ? 'relative' : element.parent?.name === 'contact' ? 'emergency contact' : 'patient';
  switch (element.name) {
    case 'name':
    case 'valueHumanName': {
      const part = NAME_PARTS[name];
      return part === undefined ? undefined : `${whose} ${part}`;
    }
    case 'telecom':
    case 'valueContactPoint': {
      return name === 'value' ? `${whose} ${contactKind(element.fact('system'))}` : undefined;
    }
    case 'address':
    case 'valueAddress': {
      const part = ADDRESS_PARTS[name];
      return part === undefined ? undefined : `${whose} ${part}`;
    }
    case 'photo':
      return name === 'url' ? 'patient photo' : undefined;
    default:
      return ownMeaning(name, element);
  }
}

/** Of the person itself, or of an extension of it. */
function ownMeaning(name: string, element: FhirElement): string | undefined {
  if (EXTENSION.test(element.name) && name.startsWith('value')) return extensionMeaning(element.fact('url'));
  if (element.resourceType === undefined) return undefined;
  if (name === 'birthDate') return 'date of birth';
  return name === 'deceasedDateTime' ? 'date of death' : undefined;
}

/** R4 2.24.0.7: the system says which; without one an unlabelled value is most often a telephone number. */
function contactKind(system: string): string {
  return CONTACTS[system] ?? (system === '' ? 'telecom' : 'phone');
}

/** HL7's own extensions of Patient, the last part of their URL. */
function extensionMeaning(url: string): string | undefined {
  const kind = url.slice(url.lastIndexOf('/') + 1);
  if (/mothersMaidenName$/.test(kind)) return 'mothers maiden name';
  if (/(?:^|-)birthTime$/.test(kind)) return 'date of birth';
  if (/cadavericDonor|birthsex|race|ethnicity/i.test(kind)) return undefined;
  return kindOfSystem(kind);
}

function eventMeaning(name: string, element: FhirElement): string | undefined {
  const type = element.resource().resourceType ?? '';
  const isTop = element.resourceType !== undefined;
  if (name === 'subscriberId' && isTop) return 'subscriber id';
  if (element.parent?.resourceType !== undefined && (name === 'start' || name === 'end')) {
    if (type === 'Encounter' && /^(?:actualP|p)eriod$/.test(element.name)) {
      return name === 'start' ? 'admission date' : 'discharge date';
    }
    if (element.name === 'billablePeriod') return 'date of service';
  }
  if (type !== 'Device') return undefined;
  if (name === 'serialNumber' && isTop) return 'device serial number';
  return /^(?:carrierHRF|deviceIdentifier|udi)$/.test(name) ? 'device identifier' : undefined;
}
