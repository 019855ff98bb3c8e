/** The one door to undici: named, so that a bundle finds them, and in a file that is imported when it is needed. */
export { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
