import type { Detector } from '../src/detect/detector.ts';
import { account } from './account.ts';
import { address } from './address.ts';
import { dob } from './dob.ts';
import { email } from './email.ts';
import { mbi } from './mbi.ts';
import { memberId } from './member-id.ts';
import { mrn } from './mrn.ts';
import { name } from './name.ts';
import { phone } from './phone.ts';
import { ssn } from './ssn.ts';

/** All detectors. A new one is a file beside this one and a line here. */
export const detectors: readonly Detector[] = [ssn, mrn, mbi, memberId, account, name, dob, address, phone, email];
