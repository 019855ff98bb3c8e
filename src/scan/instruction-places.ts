/** Where the instructions stand that made an image: by its provenance, else by a Dockerfile that is compared with its history. */
import type { InstructionPlace } from '../target.ts';
import type { AssembledImage } from '../image/image.ts';
import { type HistoryEntry, historyOf } from '../image/history.ts';
import { alignedSteps } from '../image/instructions/alignment.ts';
import { readProvenance } from '../image/instructions/provenance.ts';
import { arrayOf, memberOf, textOf } from '../image/json.ts';
import { dockerfileStages } from './dockerfile-stages.ts';

/** `--dockerfile`. */
export interface NamedDockerfile {
  /** As it was named. */
  readonly file: string;
  readonly text: string;
}

/** Places are not masked. */
export class InstructionPlaces {
  readonly #ofLayers: readonly (InstructionPlace | undefined)[];
  readonly #ofHistory: readonly (InstructionPlace | undefined)[];
  readonly #history: readonly HistoryEntry[];
  readonly #image: AssembledImage;

  constructor(image: AssembledImage, dockerfile: NamedDockerfile | undefined) {
    this.#image = image;
    const digests = image.layers.map(({ digest }) => digest);
    const provenances = image.attestations.flatMap(({ json }) => readProvenance(json, digests) ?? []);
    const provenance = provenances.length === 1 ? provenances[0] : undefined;
    const compared = dockerfile ?? provenance?.dockerfile;
    this.#history = historyOf(image.config?.json);
    this.#ofHistory =
      compared === undefined
        ? []
        : alignedSteps(this.#history, dockerfileStages(compared.text)).map((step) => {
            return step && { file: compared.file, line: step.line, endLine: step.endLine };
          });
    this.#ofLayers = image.layers.map(({ index }) => {
      const entry = image.historyLayer.indexOf(index);
      return provenance?.ofLayers[index] ?? (entry < 0 ? undefined : this.#ofHistory[entry]);
    });
  }

  ofLayer(index: number): InstructionPlace | undefined {
    return this.#ofLayers[index];
  }

  /** Of a place in the configuration: `history[3].created_by`, `config.Env[2]`, `config.Labels.owner`. */
  ofPointer(pointer: string): InstructionPlace | undefined {
    const entry = /^history\[(\d+)\]/.exec(pointer)?.[1];
    if (entry !== undefined) return this.#ofHistory[Number(entry)];
    const variable = /^config\.Env\[(\d+)\]/.exec(pointer)?.[1];
    if (variable !== undefined) {
      const config = memberOf(this.#image.config?.json, 'config');
      const [name = ''] = textOf(arrayOf(memberOf(config, 'Env'))[Number(variable)]).split('=', 1);
      return this.#lastSetting('ENV', name);
    }
    const [, plain, quoted] = /^config\.Labels(?:\.([\w$-]+)|\[("(?:[^"\\]|\\.)*")\])/.exec(pointer) ?? [];
    const label = plain ?? (quoted === undefined ? '' : labelOf(quoted));
    return label === '' ? undefined : this.#lastSetting('LABEL', label);
  }

  /** The last one that sets it, matched or not: that is the value which stays. */
  #lastSetting(instruction: 'ENV' | 'LABEL', name: string): InstructionPlace | undefined {
    const index = this.#history.findLastIndex(({ instruction: text }) => {
      return text.startsWith(`${instruction} `) && sets(text.slice(instruction.length + 1), name);
    });
    return index < 0 ? undefined : this.#ofHistory[index];
  }
}

/** `NAME=` or `"NAME"=`, as histories have them. */
function sets(text: string, name: string): boolean {
  if (name === '') return false;
  const words = text.split(/[\s\\]+/);
  return words.some((word) => word.startsWith(`${name}=`) || word.startsWith(`"${name}"=`));
}

function labelOf(quoted: string): string {
  try {
    return textOf(JSON.parse(quoted));
  } catch {
    return '';
  }
}
