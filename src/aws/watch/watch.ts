/** Reads events as they come, in memory, and tells what is found in each before the next one. */
import type { Engine } from '../../engine/engine.ts';
import type { EntryGap, Finding, Gap } from '../../finding.ts';
import type { EventLine, EventName } from '../../event-line.ts';
import { attributeResources } from '../../scan/located.ts';
import { Tally } from '../../scan/tally.ts';
import { documentFindings } from '../document-findings.ts';
import { resourcePath } from '../ecs/resource-path.ts';
import { remediesOf } from '../surfaces/surfaces.ts';
import type { Delivery, EventMedium } from './delivery.ts';
import { unwrap, type WatchedEvent } from './envelope.ts';
import { Seen } from './seen.ts';

export interface WatchOptions {
  /** Findings below are left out. */
  readonly minConfidence: number;
  /** Deliveries after which the watch ends; undefined: when the medium does. */
  readonly maxMessages?: number | undefined;
  /** Writes the lines of one delivery; resolves when they are where they survive this process. */
  readonly write: (lines: readonly EventLine[]) => Promise<void>;
}

export interface Watched {
  readonly messages: number;
  readonly events: number;
}

const NO_NAME: EventName = { id: '', type: '', time: '', account: '', region: '', resource: '' };
/** Longest text of an event's name that is told, in characters: an ARN has at most 2048. */
const NAME_CHARACTERS = 2048;

/**
 * Reads until the medium ends. A delivery is settled after its lines are written: one that is lost between the two comes
 * again, and is told again by the next run. Within this run, a message or an event that comes twice is told once.
 */
export async function watchEvents(medium: EventMedium, engine: Engine, options: WatchOptions): Promise<Watched> {
  const watch = new Watch(medium.reference, engine, options.minConfidence);
  let messages = 0;
  for await (const delivery of medium.deliveries) {
    const { lines, isRead, commit } = watch.read(delivery);
    if (lines.length > 0) await options.write(lines);
    commit();
    await delivery.settle(isRead ? 'read' : 'unread');
    if (++messages === options.maxMessages) break;
  }
  return { messages, events: watch.events };
}

interface Read {
  readonly lines: readonly EventLine[];
  readonly isRead: boolean;
  /** Remembers it: called when the lines are written. */
  readonly commit: () => void;
}

class Watch {
  events = 0;
  readonly #target: string;
  readonly #engine: Engine;
  readonly #minConfidence: number;
  readonly #seen = new Seen();
  /** Deliveries that were not read as events, so that they come again. */
  readonly #unread = new Seen();

  constructor(reference: string, engine: Engine, minConfidence: number) {
    this.#target = engine.maskText(reference);
    this.#engine = engine;
    this.#minConfidence = minConfidence;
  }

  read(delivery: Delivery): Read {
    const { id, name } = delivery;
    const key = id === undefined ? undefined : `message ${id}`;
    if (key !== undefined && (this.#seen.has(key) || this.#unread.has(key))) {
      return { lines: [], isRead: this.#seen.has(key), commit: () => undefined };
    }
    const { events, gaps, text } = this.#contentOf(delivery);
    const ids = new Set<string>();
    const told = events.filter((event) => {
      const isNew = event.name.id === '' || !(ids.has(event.name.id) || this.#seen.has(eventKey(event)));
      ids.add(event.name.id);
      return isNew;
    });
    this.events += told.length;
    const lines = [
      ...told.flatMap((event) => this.#eventLines(event, name)),
      ...gaps.map((gap) => this.#gapLine(gap, NO_NAME)),
      ...(text === undefined ? [] : this.#textLines(text, name)),
    ];
    const isRead = gaps.length === 0 || delivery.content.kind === 'events';
    return {
      lines,
      isRead,
      commit: () => {
        for (const event of told) if (event.name.id !== '') this.#seen.add(eventKey(event));
        if (key !== undefined) (isRead ? this.#seen : this.#unread).add(key);
      },
    };
  }

  #contentOf({ content, name }: Delivery): {
    readonly events: readonly WatchedEvent[];
    readonly gaps: readonly EntryGap[];
    /** What is no event, to be read as a text. */
    readonly text?: string;
  } {
    switch (content.kind) {
      case 'events':
        return content;
      case 'too-long':
        return {
          events: [],
          gaps: [{ reason: 'byte-limit', path: this.#engine.maskText(name), bytes: content.bytes }],
        };
      case 'text': {
        const { events, faults } = unwrap(content.text);
        const path = this.#engine.maskText(name);
        const gaps = faults.map((fault) => ({ ...fault, path }));
        return { events, gaps, ...(events.length === 0 && { text: content.text }) };
      }
    }
  }

  #eventLines({ name, document }: WatchedEvent, delivered: string): readonly EventLine[] {
    const path = name.resource === '' ? delivered : resourcePath(name.resource);
    const tally = new Tally(this.#engine);
    const bytes = Buffer.from(JSON.stringify(document));
    tally.add(documentFindings(this.#engine, path, bytes), path);
    return this.#linesOf(tally, this.#masked(name));
  }

  #textLines(text: string, delivered: string): readonly EventLine[] {
    const tally = new Tally(this.#engine);
    tally.add(this.#engine.part(delivered, Buffer.from(text)), delivered);
    return this.#linesOf(tally, NO_NAME);
  }

  #linesOf(tally: Tally, event: EventName): readonly EventLine[] {
    tally.close();
    const { findings, gaps } = attributeResources('ecs', this.#target, tally);
    const kept = findings.filter(({ confidence }: Finding) => confidence >= this.#minConfidence);
    return [
      ...kept.map((finding) => ({ event, finding, remedies: remediesOf([finding]) })),
      ...gaps.map((gap: Gap) => ({ event, gap })),
    ];
  }

  #gapLine(gap: EntryGap, event: EventName): EventLine {
    const { reason, detail, bytes, path } = gap;
    const location = { kind: 'ecs', target: this.#target, path } as const;
    return {
      event,
      gap: { reason, ...(detail === undefined ? {} : { detail }), ...(bytes === undefined ? {} : { bytes }), location },
    };
  }

  /** Whoever puts a message into a queue chooses these texts. */
  #masked(name: EventName): EventName {
    const mask = (text: string): string => this.#engine.maskText(text.slice(0, NAME_CHARACTERS));
    const { id, type, time, account, region, resource } = name;
    return {
      id: mask(id),
      type: mask(type),
      time: mask(time),
      account: mask(account),
      region: mask(region),
      resource: mask(resource),
    };
  }
}

function eventKey({ name: { id } }: WatchedEvent): string {
  return `event ${id}`;
}
