/** The picture of an image: layers and folders as boxes by their size, with what was found and what was not read. */

import { SEVERITIES } from '../../finding.ts';
import { byteSize, counted, grouped } from '../units.ts';
import { type Markup, markup } from './markup.ts';
import type { Part } from './parts.ts';
import { GAP_SYMBOL, SEVERITY_SYMBOLS } from './row-markup.ts';
import { tableMarkup } from './table-markup.ts';
import { type Box, treemapBoxes, type Weighted } from './treemap.ts';

/** Width to height, on a wide screen. */
const ASPECT_RATIO = 2.5;
/** Smaller layers stand below the picture: they could neither be read nor hit. */
const SMALLEST_SHARE = 0.006;

export interface Picture {
  readonly markup: Markup;
  /** Where the boxes are: the page allows no other style than its own. */
  readonly rules: string;
}

export function pictureOf(target: Part, isOpen: boolean): Picture {
  const sized = target.children.filter(({ kind }) => kind !== 'place');
  const isOfLayers = sized.some(({ kind }) => kind === 'layer');
  const drawn = isOfLayers
    ? sized.filter(({ bytes }) => bytes > 0 && bytes >= target.bytes * SMALLEST_SHARE)
    : [target];
  const small = isOfLayers ? sized.filter((part) => !drawn.includes(part)) : [];
  const places = target.children.filter(({ kind }) => kind === 'place');
  const rules: string[] = [];
  const whole: Weighted<Part> = {
    of: target,
    weight: 0,
    parts: drawn.map((part) => ({ of: part, weight: part.bytes, parts: [] })),
  };
  const boxes = target.bytes === 0 ? [] : treemapBoxes(whole, ASPECT_RATIO);
  const drawing = boxes.map((box) => groupMarkup(box, rules));
  return {
    rules: rules.join(''),
    markup: markup`<details class="image"${isOpen && markup` open`}><summary><h3>${target.title}</h3> <span class="size">${
      target.bytes > 0 && byteSize(target.bytes)
    } ${marks(target)}</span></summary>
<div class="parts" role="group" aria-label="Parts of ${target.title}, by size">
${drawing.length > 0 && markup`<div class="treemap">${drawing}</div>`}
${chips('Too small to draw', small)}${chips(sized.length > 0 ? 'Beside the files' : 'Places', places)}
</div>
${table(target)}
</details>
`,
  };
}

function weighted(part: Part): Weighted<Part> {
  return { of: part, weight: part.bytes, parts: part.children.filter(({ kind }) => kind !== 'place').map(weighted) };
}

/** A layer with its folders. */
function groupMarkup(box: Box<Part>, rules: string[]): Markup {
  const part = box.of;
  const ratio = (box.width * ASPECT_RATIO) / box.height;
  const inside = treemapBoxes(weighted(part), ratio).filter(({ of }) => of !== part);
  rules.push(rule(box));
  const [only] = inside;
  if (inside.length < 2)
    return markup`<div class="group" id="box-${part.number}">${partButton(part, 'part whole', undefined, only?.of.label)}</div>`;
  for (const folder of inside) rules.push(rule(folder));
  const folders = inside.map(({ of }) => partButton(of, 'part folder', `box-${of.number}`));
  return markup`<div class="group" id="box-${part.number}">${partButton(part, 'part head')}<div class="folders">${folders}</div></div>
`;
}

function rule({ of, left, top, width, height }: Box<Part>): string {
  const percent = (share: number): string => `${share.toFixed(3)}%`;
  return `#box-${of.number}{left:${percent(left)};top:${percent(top)};width:${percent(width)};height:${percent(height)}}`;
}

/** Its name is what is seen of it, and the rest of the words. `folder`: the only one in it. */
function partButton(part: Part, className: string, id?: string, folder?: string): Markup {
  const words = wordsOf(part);
  const size = part.bytes > 0 ? byteSize(part.bytes) : '';
  const tone = `${worst(part) ?? 'none'}${part.gaps > 0 ? ' gapped' : ''}`;
  return markup`<button type="button" class="${className} ${tone}"${id !== undefined && markup` id="${id}"`} data-part="${
    part.number
  }" aria-pressed="false" title="${[part.title, size, ...words].filter(Boolean).join(', ')}"><span class="label">${
    part.label
  }</span> ${folder !== undefined && markup`<span>${folder}</span> `}<span class="facts"><span class="size">${size}</span> <span aria-hidden="true">${marks(part)}</span></span><span class="spoken">${[
    part.title === part.label ? '' : part.title.slice(part.label.length),
    ...words,
  ]
    .filter(Boolean)
    .join(', ')}</span></button>
`;
}

/** `2 findings, the worst critical`, `1 gap, not read` */
function wordsOf(part: Part): readonly string[] {
  const severity = worst(part);
  const { accepted } = part.counts;
  const words: string[] = [];
  if (severity !== undefined) words.push(`${counted(counting(part), 'finding')}, the worst ${severity}`);
  if (accepted > 0) words.push(`${grouped(accepted)} accepted`);
  if (part.gaps > 0) words.push(`${counted(part.gaps, 'gap')}, not read`);
  return words.length === 0 ? ['no findings'] : words;
}

function marks(part: Part): Markup {
  const severity = worst(part);
  return markup`${
    severity !== undefined &&
    markup`<span class="mark ${severity}">${SEVERITY_SYMBOLS[severity]} ${grouped(counting(part))}</span>`
  }${part.gaps > 0 && markup` <span class="mark incomplete">${GAP_SYMBOL} ${grouped(part.gaps)}</span>`}`;
}

function worst({ counts }: Part): (typeof SEVERITIES)[number] | undefined {
  return SEVERITIES.find((severity) => counts[severity] > 0);
}

function counting({ counts }: Part): number {
  return SEVERITIES.reduce((sum, severity) => sum + counts[severity], 0);
}

function chips(heading: string, parts: readonly Part[]): Markup | undefined {
  if (parts.length === 0) return undefined;
  return markup`<div class="chips"><span class="heading">${heading}</span>${parts.map((part) => partButton(part, 'part chip'))}</div>
`;
}

/** The same for those who do not see the picture. */
function table(target: Part): Markup {
  const rows: Markup[] = [];
  const add = (part: Part, depth: number): void => {
    const severity = worst(part);
    rows.push(markup`<tr><th scope="row" class="depth-${depth}"><button type="button" class="link" data-part="${part.number}">${
      part.label
    }</button></th><td>${part.bytes > 0 ? byteSize(part.bytes) : ''}</td><td>${
      part.entries === undefined ? '' : grouped(part.entries)
    }</td><td>${severity === undefined ? '0' : `${SEVERITY_SYMBOLS[severity]} ${grouped(counting(part))} (worst: ${severity})`}</td><td>${grouped(
      part.counts.accepted,
    )}</td><td>${part.gaps > 0 ? `${GAP_SYMBOL} ${grouped(part.gaps)}` : '0'}</td></tr>
`);
    for (const child of part.children) add(child, depth + 1);
  };
  for (const part of target.children) add(part, 0);
  const columns = ['Part', 'Size', 'Entries', 'Findings', 'Accepted', 'Gaps'];
  const sizes = tableMarkup(`Parts of ${target.title}`, columns, rows);
  return markup`<details class="same"><summary>The same as a table</summary>${sizes}</details>
`;
}
