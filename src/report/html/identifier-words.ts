import type { Identifier } from '../../finding.ts';

/** As people outside of engineering say it. */
export function identifierWords(identifier: Identifier): string {
  switch (identifier) {
    case 'name':
      return 'Name';
    case 'address':
      return 'Postal address';
    case 'date':
      return 'Date about a person';
    case 'dob':
      return 'Date of birth';
    case 'phone':
      return 'Telephone number';
    case 'fax':
      return 'Fax number';
    case 'email':
      return 'E-mail address';
    case 'ssn':
      return 'Social Security number';
    case 'mrn':
      return 'Medical record number';
    case 'mbi':
      return 'Medicare beneficiary identifier';
    case 'member-id':
      return 'Health plan member number';
    case 'account':
      return 'Account number';
    case 'license':
      return 'License or certificate number';
    case 'vehicle':
      return 'Vehicle identifier';
    case 'device':
      return 'Device identifier';
    case 'url':
      return 'Web address';
    case 'ip':
      return 'IP address';
    case 'biometric':
      return 'Biometric identifier';
    case 'photo':
      return 'Photograph';
    case 'other-id':
      return 'Other identifying number';
    case 'patient-record':
      return 'Patient records';
    case 'exit-string':
      return 'Code that may write an identifier into an exit string';
  }
}
