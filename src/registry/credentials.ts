/** What is known of this user for one registry. It stays in this process: no message and no error holds any of it. */
export interface Credentials {
  readonly user?: { readonly name: string; readonly password: string };
  /** Exchanged for tokens, without a password (`docker login` with a browser). */
  readonly identityToken?: string;
  /** Sent as it is. */
  readonly registryToken?: string;
  /** Why there are none although somebody should have had some: `docker-credential-x ended with 1`. */
  readonly trouble?: string;
}
