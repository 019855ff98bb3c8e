import { kindOfSystem } from '../fhir/identifier.ts';
import type { XmlElement } from '../xml/xml-element.ts';
import type { Role } from './role.ts';

/** What an `id` is whose root says nothing. */
const USUAL_ID: Readonly<Record<Role, string>> = {
  patient: 'medical record number',
  relative: 'person id',
  member: 'member id',
  subscriber: 'subscriber id',
  encounter: 'encounter number',
  device: 'device identifier',
  provider: '',
};
const WHOSE: Readonly<Partial<Record<Role, string>>> = {
  patient: 'patient',
  relative: 'relative',
  member: 'patient',
  subscriber: 'subscriber',
};
const NAME_PARTS: Readonly<Record<string, string>> = { given: 'first name', family: 'last name' };
const ADDRESS_PARTS: Readonly<Record<string, string>> = {
  streetAddressLine: 'address',
  streetName: 'street',
  city: 'city',
  postalCode: 'postal code',
};
const SCHEMES: Readonly<Record<string, string>> = {
  tel: 'phone',
  sms: 'phone',
  fax: 'fax',
  'x-text-fax': 'fax',
  mailto: 'email',
  http: 'url',
  https: 'url',
};

/**
 * In plain words what the attribute `name` of an element is, or its text where `name` is empty; undefined where it is no
 * value of a person.
 */
export function valueLabel(
  name: string,
  element: XmlElement,
  actor: { readonly role: Role; readonly element: XmlElement } | undefined,
): string | undefined {
  if (element.name === 'id' && name === 'extension') return idLabel(element, actor) || undefined;
  if (actor === undefined) return undefined;
  if (actor.role === 'encounter') return name === 'value' ? encounterLabel(element) : undefined;
  const whose = WHOSE[actor.role];
  if (whose === undefined) return undefined;
  if (name === '') return textLabel(element, whose);
  if (name !== 'value') return undefined;
  switch (element.name) {
    case 'telecom': {
      const scheme = /^([a-z-]{2,10}):/i.exec(element.attribute('value'))?.[1]?.toLowerCase() ?? 'tel';
      return `${whose} ${SCHEMES[scheme] ?? 'phone'}`;
    }
    case 'birthTime':
      return 'date of birth';
    case 'deceasedTime':
      return 'date of death';
    default:
      return undefined;
  }
}

function textLabel(element: XmlElement, whose: string): string | undefined {
  const around = element.parent?.name ?? '';
  if (element.name === 'name') return `${whose} name`;
  if (element.name === 'addr') return `${whose} address`;
  const part =
    around === 'name' ? NAME_PARTS[element.name] : around === 'addr' ? ADDRESS_PARTS[element.name] : undefined;
  return part === undefined ? undefined : `${whose} ${part}`;
}

/** The root is the system of the number, as an OID; of others than persons only what is public is told. */
function idLabel(
  element: XmlElement,
  actor: { readonly role: Role; readonly element: XmlElement } | undefined,
): string {
  const kind = kindOfSystem(element.attribute('root'));
  if (actor?.role === 'provider') return kind === 'npi' || kind === 'dea' ? kind : '';
  if (kind !== undefined || actor === undefined) return kind ?? '';
  // The patient of a version 3 message may be a part of the role whose number it is.
  const isOwn = element.parent === actor.element || element.parent?.parent === actor.element;
  return isOwn ? USUAL_ID[actor.role] : '';
}

function encounterLabel(element: XmlElement): string | undefined {
  if (element.parent?.name !== 'effectiveTime') return undefined;
  if (element.name === 'low') return 'admission date';
  return element.name === 'high' ? 'discharge date' : undefined;
}
