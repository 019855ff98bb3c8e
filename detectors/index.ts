import type { Detector } from '../src/detect/detector.ts';
import { account } from './account.ts';
import { address } from './address.ts';
import { biometric } from './biometric.ts';
import { date } from './date.ts';
import { dea } from './dea.ts';
import { device } from './device.ts';
import { dob } from './dob.ts';
import { email } from './email.ts';
import { exitString } from './exit-string.ts';
import { fax } from './fax.ts';
import { hicn } from './hicn.ts';
import { ip } from './ip.ts';
import { itin } from './itin.ts';
import { license } from './license.ts';
import { mbi } from './mbi.ts';
import { memberId } from './member-id.ts';
import { mrn } from './mrn.ts';
import { name } from './name.ts';
import { npi } from './npi.ts';
import { otherId } from './other-id.ts';
import { phone } from './phone.ts';
import { photo } from './photo.ts';
import { ssn } from './ssn.ts';
import { url } from './url.ts';
import { vehicle } from './vehicle.ts';

/** All detectors. A new one is a file beside this one and a line here. Where a label speaks for several, the earlier is asked first. */
export const detectors: readonly Detector[] = [
  ssn,
  itin,
  mrn,
  mbi,
  hicn,
  memberId,
  account,
  name,
  dob,
  date,
  address,
  phone,
  fax,
  email,
  license,
  vehicle,
  device,
  otherId,
  ip,
  url,
  biometric,
  photo,
  npi,
  dea,
  exitString,
];
