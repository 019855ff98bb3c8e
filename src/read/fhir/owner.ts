import type { FhirElement } from './element.ts';

/**
 * Whose values a resource holds. `patient`: a person who is treated; `relative`: a person around one; `event`: what
 * happened to one; `provider`: who treats or pays; `definition`: nobody's, the standard's own machinery, whose examples
 * are none either; `envelope`: what resources are sent in.
 */
export type Owner = 'patient' | 'relative' | 'event' | 'provider' | 'definition' | 'envelope';

/** HL7 FHIR R4 and R5, resource index, with the names that DSTU2 and STU3 had. What is in no list is an event. */
const TYPES: Readonly<Record<Exclude<Owner, 'event'>, string>> = {
  patient: 'Patient Person',
  relative: 'RelatedPerson',
  provider:
    'Practitioner PractitionerRole Organization OrganizationAffiliation Location HealthcareService Endpoint InsurancePlan Schedule Slot',
  definition:
    'StructureDefinition ValueSet CodeSystem CapabilityStatement Conformance SearchParameter ImplementationGuide ' +
    'OperationDefinition CompartmentDefinition ConceptMap NamingSystem StructureMap GraphDefinition MessageDefinition ' +
    'TestScript TestReport TestPlan Questionnaire PlanDefinition ActivityDefinition Measure Library DataElement ' +
    'TerminologyCapabilities ExampleScenario EventDefinition SpecimenDefinition ObservationDefinition DeviceDefinition ' +
    'ChargeItemDefinition ExpansionProfile Medication MedicationKnowledge Substance SubstanceDefinition OperationOutcome ' +
    'Subscription SubscriptionTopic ResearchStudy Evidence EvidenceVariable EvidenceReport Citation ConditionDefinition ' +
    'Requirements ActorDefinition ManufacturedItemDefinition MedicinalProductDefinition FormularyItem',
  envelope: 'Bundle Parameters List',
};

const OWNERS: ReadonlyMap<string, Owner> = new Map(
  (Object.keys(TYPES) as Exclude<Owner, 'event'>[]).flatMap((owner) =>
    TYPES[owner].split(' ').map((type): [string, Owner] => [type, owner]),
  ),
);

function ownerOfType(resourceType: string): Owner {
  return OWNERS.get(resourceType) ?? 'event';
}

/** Of a part of a resource; undefined outside of any. A definition owns what is contained in it. */
export function ownerOf(element: FhirElement): Owner | undefined {
  let owner: Owner | undefined;
  for (let at: FhirElement | undefined = element; at !== undefined; at = at.parent) {
    if (at.resourceType === undefined) continue;
    const own = ownerOfType(at.resourceType);
    if (own === 'definition') return own;
    owner ??= own;
  }
  return owner;
}

const PATIENT_ROLES: ReadonlySet<string> = new Set([
  'subject',
  'patient',
  'beneficiary',
  'subscriber',
  'for',
  'policyHolder',
  'relatedPerson',
]);
const PERSON_REFERENCE = /(?:^|\/)(?:Patient|RelatedPerson|Person)(?:\/|$)/;
const OTHER_REFERENCE = /(?:^|\/)[A-Z][A-Za-z]+(?:\/|$)/;

/** Whether a Reference leads to a patient or a relative: by what it refers to, else by the name of the element. */
export function refersToPatient(reference: FhirElement): boolean {
  const target = reference.fact('type') || reference.fact('reference');
  if (PERSON_REFERENCE.test(target)) return true;
  return !OTHER_REFERENCE.test(target) && PATIENT_ROLES.has(reference.name);
}
