/** The effective settings of a run: an option goes before the environment, that before phiscan.yaml, and that before the default. */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { AdjustableLimits } from '../../adjustable-limits.ts';
import type { FailOn } from '../../finding.ts';
import { limitRows } from '../../config/limit-keys.ts';
import {
  DEFAULT_ORIGIN,
  defaultSettings,
  type Origin,
  type Settings,
  type SettingValues,
} from '../../config/settings.ts';
import { Verdict } from '../../config/verdict.ts';
import { type Mask, shown } from '../echo.ts';
import { type ConfigRequest, configName, type LoadedConfig, loadConfig } from './config-file.ts';
import { confidenceOf, failOnOf, platformsOf, truthOf } from '../options/option-values.ts';

/** What the command line says; undefined where it says nothing. */
export interface SettingsRequest extends ConfigRequest {
  readonly failOn?: FailOn | undefined;
  readonly minConfidence?: number | undefined;
  readonly allowIncomplete?: boolean | undefined;
  readonly platform?: readonly string[] | undefined;
  readonly baseline?: string | undefined;
}

/** Read from the working folder when no other is named. */
export const BASELINE_FILE = 'phiscan-baseline.yaml';

/** Throws ScanError for a configuration or an environment that is not right in all of its parts. */
export async function loadSettings(request: SettingsRequest, env: NodeJS.ProcessEnv): Promise<Settings> {
  const config = await loadConfig(configName(request, env));
  const { file, settings: given, lineOf, customDetectors } = config;
  const origins = new Map<string, Origin>();
  const fromFile = (at: number): Origin => `${file ?? ''}:${lineOf(at)}`;
  const choose = <Value>(key: string, { option, variable, inFile, fallback }: Sources<Value>): Value => {
    if (option.value !== undefined) {
      origins.set(key, option.flag);
      return option.value;
    }
    const text = variable === undefined ? undefined : env[variable.name];
    if (variable !== undefined && text !== undefined && text !== '') {
      origins.set(key, variable.name);
      return variable.read(text, variable.name);
    }
    origins.set(key, inFile === undefined ? DEFAULT_ORIGIN : fromFile(inFile.at));
    return inFile === undefined ? fallback : inFile.value;
  };
  const listed = <Value>(key: string, elements: readonly { readonly value: Value; readonly at: number }[]): Value[] =>
    elements.map(({ value, at }, index) => {
      origins.set(`${key}.${index}`, fromFile(at));
      return value;
    });

  for (const [index, at] of config.detectorsAt.entries()) origins.set(`detectors.${index}`, fromFile(at));
  const values: SettingValues = {
    customDetectors,
    severities: Object.fromEntries(
      given.severities.map(({ value: { of, severity }, at }) => {
        origins.set(`severities.${of}`, fromFile(at));
        return [of, severity];
      }),
    ),
    failOn: choose('fail-on', {
      option: { flag: '--fail-on', value: request.failOn },
      variable: { name: 'PHISCAN_FAIL_ON', read: failOnOf },
      inFile: given.failOn,
      fallback: defaultSettings.failOn,
    }),
    minConfidence: choose('min-confidence', {
      option: { flag: '--min-confidence', value: request.minConfidence },
      variable: { name: 'PHISCAN_MIN_CONFIDENCE', read: confidenceOf },
      inFile: given.minConfidence,
      fallback: defaultSettings.minConfidence,
    }),
    allowIncomplete: choose('allow-incomplete', {
      option: {
        flag: request.allowIncomplete === false ? '--no-allow-incomplete' : '--allow-incomplete',
        value: request.allowIncomplete,
      },
      variable: { name: 'PHISCAN_ALLOW_INCOMPLETE', read: truthOf },
      inFile: given.allowIncomplete,
      fallback: defaultSettings.allowIncomplete,
    }),
    exclude: listed('paths.exclude', given.exclude),
    accept: listed('paths.accept', given.accept),
    limits: limitsOf(config, origins, fromFile),
    platforms: choose('platforms', {
      option: { flag: '--platform', value: request.platform },
      variable: { name: 'PHISCAN_PLATFORM', read: platformsOf },
      inFile: given.platforms[0] && { value: given.platforms.map(({ value }) => value), at: given.platforms[0].at },
      fallback: defaultSettings.platforms,
    }),
    outputs: listed('outputs', given.outputs).map((output) =>
      output.file === '-' ? output : { ...output, file: besideConfig(output.file, file) },
    ),
    baseline: choose('baseline', {
      option: { flag: '--baseline', value: request.baseline },
      variable: { name: 'PHISCAN_BASELINE', read: (text) => text },
      inFile: given.baseline && { ...given.baseline, value: besideConfig(given.baseline.value, file) },
      fallback: existsSync(BASELINE_FILE) ? BASELINE_FILE : defaultSettings.baseline,
    }),
  };
  return { ...values, file, origins };
}

interface Sources<Value> {
  readonly option: { readonly flag: string; readonly value: Value | undefined };
  readonly variable?: { readonly name: string; readonly read: (text: string, name: string) => Value };
  readonly inFile: { readonly value: Value; readonly at: number } | undefined;
  readonly fallback: Value;
}

function limitsOf(
  { settings }: LoadedConfig,
  origins: Map<string, Origin>,
  fromFile: (at: number) => Origin,
): AdjustableLimits {
  const values: Record<keyof AdjustableLimits, number> = { ...defaultSettings.limits };
  for (const { name, key } of limitRows) {
    const given = settings.limits[name];
    origins.set(`limits.${key}`, given === undefined ? DEFAULT_ORIGIN : fromFile(given.at));
    if (given !== undefined) values[name] = given.value;
  }
  return values;
}

/** Names of files in a phiscan.yaml are from its folder. */
function besideConfig(name: string, config: string | undefined): string {
  return config === undefined || isAbsolute(name) ? name : join(dirname(config), name);
}

/** What a run makes of its findings; reasons are fit to be printed. */
export function verdictOf(settings: SettingValues, mask: Mask): Verdict {
  return new Verdict(settings, (text) => shown(text, mask));
}
