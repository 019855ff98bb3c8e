/** What the SDK finds in options, environment and profiles; without it nothing can be asked. */
import { ScanError } from '../errors.ts';

export async function regionOf(settings: { readonly region: () => Promise<string> }): Promise<string> {
  let region: string;
  try {
    region = await settings.region();
  } catch (error) {
    throw new ScanError('usage', 'no Region is set. Name one with --region, or set AWS_REGION', { cause: error });
  }
  if (/^[a-z0-9-]{1,63}$/.test(region)) return region;
  throw new ScanError('usage', 'the Region is not one (--region). Give it as in us-east-1');
}

export async function checkCredentials(
  settings: { readonly credentials: () => Promise<unknown> },
  profile: string | undefined,
): Promise<void> {
  try {
    await settings.credentials();
  } catch (error) {
    const [where, todo] =
      profile === undefined
        ? ['', 'Log in (aws sso login), set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or name a --profile']
        : [' in the profile (--profile)', 'Check its name, or log in with it (aws sso login --profile NAME)'];
    throw new ScanError('usage', `no credentials for AWS were found${where}. ${todo}`, { cause: error });
  }
}
