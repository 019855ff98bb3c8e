import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { HtmlPages, type OpenPage } from '../support/html-page.ts';
import { leakyReport, longReport, sweptReport } from '../support/html-reports.ts';
import { missing } from '../support/programs.ts';
import { finding, layer, location, report, target } from '../support/reports.ts';

const absent = missing('chromium');

describe.skipIf(absent !== undefined)(`the page in Chromium${absent === undefined ? '' : `: ${absent}`}`, () => {
  let pages: HtmlPages;
  beforeAll(async () => {
    pages = await HtmlPages.start();
  });
  afterAll(() => pages.close());

  const opened: OpenPage[] = [];
  async function open(...given: Parameters<HtmlPages['open']>): Promise<Page> {
    const one = await pages.open(...given);
    opened.push(one);
    return one.page;
  }
  // Whatever a test does: no error, and no request.
  afterEach(async () => {
    for (const { page, said } of opened.splice(0)) {
      expect(said).toEqual([]);
      await page.context().close();
    }
  });

  function shown(page: Page): Promise<readonly string[]> {
    return page.locator('#finding-list > li dd:last-child').allTextContents();
  }
  const everything = ['f-record', 'f-env', 'f-lapsed', 'f-mrn', 'f-dob', 'f-fake', 'f-mail', 'f-accepted'];
  const inSeed = ['f-record', 'f-mrn'];

  it('filters by severity, identifier, layer, text, values and acceptance, and shows all again', async () => {
    const page = await open(leakyReport);
    const rows: readonly (readonly [string, () => Promise<unknown>, readonly string[]])[] = [
      ['without high', () => page.getByLabel('▲ high').uncheck({ force: true }), everything.filter((name) => !['f-env', 'f-lapsed', 'f-mrn', 'f-accepted'].includes(name))],
      ['an identifier', () => page.getByRole('combobox', { name: 'Identifier' }).selectOption('mrn'), ['f-mrn']],
      ['a layer', () => page.getByLabel('Layer or place').selectOption({ label: 'layer 0: ADD file:1c in /' }), ['f-mail']],
      ['a place', () => page.getByLabel('Layer or place').selectOption({ label: 'image history' }), ['f-dob']],
      ['words in any order and case', () => page.getByLabel('Text').fill('VISITS seed'), ['f-mrn']],
      ['synthetic values', () => page.getByLabel('Values').selectOption('synthetic'), ['f-fake']],
      ['only what counts', () => page.getByLabel('Accepted').selectOption('no'), everything.slice(0, -1)],
      ['only accepted', () => page.getByLabel('Accepted').selectOption('yes'), ['f-accepted']],
      ['only lapsed', () => page.getByLabel('Accepted').selectOption('lapsed'), ['f-lapsed']],
      ['nothing', () => page.getByLabel('Text').fill('no such words'), []],
    ]; // prettier-ignore
    expect(await shown(page)).toEqual(everything);
    for (const [name, narrow, expected] of rows) {
      await narrow();
      expect(await shown(page), name).toEqual(expected);
      expect(await page.getByRole('status').textContent(), name).toMatch(
        new RegExp(`^${expected.length} of 8 findings`),
      );
      await page.getByRole('button', { name: 'Show all' }).click();
      await expect.poll(() => shown(page), { message: name }).toEqual(everything);
    }
  });

  it('narrows down to a part of the picture, a number of the overview and a remedy', async () => {
    const page = await open(leakyReport);
    const part = page.getByRole('group').getByRole('button', { name: /^srv\/app\/seed 9\.00 MB in layer 2, / });
    await part.click();
    expect(await shown(page)).toEqual(inSeed);
    expect(await part.getAttribute('aria-pressed')).toBe('true');
    expect(await page.getByRole('status').textContent()).toBe('2 of 8 findings; 1 gap there, see Coverage');
    await page.getByRole('button', { name: 'Not only srv/app/seed in layer 2' }).click();
    expect(await shown(page)).toEqual(everything);

    await page
      .getByRole('group')
      .getByRole('button', { name: /^layer 2: COPY/ })
      .click();
    expect(await shown(page)).toEqual(['f-record', 'f-lapsed', 'f-mrn', 'f-fake', 'f-accepted']);
    expect(await page.getByLabel('Layer or place').locator('option:checked').textContent()).toBe(
      'layer 2: COPY ./app /srv/app',
    );
    await page
      .getByRole('group')
      .getByRole('button', { name: /^image configuration/ })
      .click();
    expect(await shown(page)).toEqual(['f-env']);

    await page.getByRole('button', { name: '2 findings of severity high: Social Security number' }).click();
    await expect.poll(() => shown(page)).toEqual(['f-env', 'f-lapsed']);
    await page.getByRole('button', { name: 'Show all' }).click();
    await page
      .locator('.remedies li', { hasText: 'take the values out of the Dockerfile' })
      .getByRole('button')
      .click();
    expect(await shown(page)).toEqual(['f-dob']);
  });

  it('draws layers, and folders in their layer, by their size', async () => {
    const page = await open(leakyReport);
    const areas = await page.locator('.treemap').evaluate((map) => {
      const areaOf = (box: Element): number => box.getBoundingClientRect().width * box.getBoundingClientRect().height;
      const folders = [...map.querySelectorAll('.group:last-child .folder')];
      return {
        layers: [...map.querySelectorAll('.group')].map((group) => areaOf(group) / areaOf(map)),
        folders: folders.map((folder) => [folder.querySelector('.label')?.textContent, areaOf(folder)] as const),
        inside: areaOf(folders[0]?.parentElement ?? map),
      };
    });
    const shares = [120, 88, 64].map((bytes) => bytes / 272);
    for (const [index, share] of shares.entries()) expect(areas.layers[index]).toBeCloseTo(share, 2);
    const sizes = new Map(areas.folders.map(([name, area]) => [name, area / areas.inside]));
    expect(sizes.get('srv/app/node_modules')).toBeCloseTo(52 / 64, 2);
    expect(sizes.get('srv/app/seed')).toBeCloseTo(9 / 64, 2);
  });

  it('works by the keyboard alone', async () => {
    const page = await open(leakyReport);
    const focused = (): Promise<string | null | undefined> =>
      page.evaluate(() => document.activeElement?.getAttribute('title') ?? document.activeElement?.textContent);
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Skip to the findings');
    // Up to the picture, of which the parts are one stop.
    for (let stop = 0; stop < 8 && !/^layer 0/.test((await focused()) ?? ''); stop++) await page.keyboard.press('Tab');
    expect(await focused()).toMatch(/^layer 0: ADD file:1c in \/, 120 MB, 1 finding, the worst info$/);
    expect(await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle)).toBe(
      'solid',
    );
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toMatch(/^usr\/lib\/x86_64-linux-gnu in layer 0/);
    await page.keyboard.press('End');
    expect(await focused()).toMatch(/^image history/);
    await page.keyboard.press('Enter');
    expect(await shown(page)).toEqual(['f-dob']);
    await page.keyboard.press('Enter');
    expect(await shown(page)).toEqual(everything);
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toMatch(/^layer 0/);
    await page.keyboard.press('ArrowLeft');
    expect(await focused()).toMatch(/^image history/);
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('The same as a table');
    await page.keyboard.press('Enter');
    expect(await page.getByRole('button', { name: 'srv/app/seed', exact: true }).isVisible()).toBe(true);
    // A filter, by the space bar, and the details of a finding.
    await page.getByLabel('◆ critical').focus();
    await page.keyboard.press('Space');
    expect(await shown(page)).toEqual(everything.slice(1));
    await page.locator('#finding-list summary').first().focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('#finding-list dl').first().isVisible()).toBe(true);
  });

  it('shows 200 findings, and more on request', async () => {
    const page = await open(longReport(450));
    const more = page.getByRole('button', { name: /^Show \d+ more/ });
    expect([(await shown(page)).length, await more.textContent()]).toEqual([200, 'Show 200 more of 250']);
    await more.click();
    expect([(await shown(page)).length, await more.textContent()]).toEqual([400, 'Show 50 more of 50']);
    expect(await page.evaluate(() => [...(document.activeElement?.parentElement?.children ?? [])].indexOf(document.activeElement ?? document.body))).toBe(200); // prettier-ignore
    await more.click();
    expect([(await shown(page)).length, await more.isVisible()]).toEqual([450, false]);
    await page.getByLabel('Text').fill('part-7.csv');
    expect((await shown(page)).length).toBe(10);
  });

  it('prints everything, opened and uncut, and closes it again', async () => {
    const page = await open(longReport(450), { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    await expect.poll(async () => (await shown(page)).length).toBe(450);
    const state = await page.evaluate(() => ({
      closed: document.querySelectorAll('details:not([open])').length,
      cut: [...document.querySelectorAll('.scroll')].filter((table) => table.scrollWidth > table.clientWidth + 1)
        .length,
      controls: [...document.querySelectorAll<HTMLElement>('form, .more, .theme')].filter(
        (of) => of.offsetParent !== null,
      ).length,
      scheme: getComputedStyle(document.documentElement).colorScheme,
    }));
    expect(state).toEqual({ closed: 0, cut: 0, controls: 0, scheme: 'light' });
    await page.emulateMedia({ media: 'screen' });
    await expect.poll(() => page.locator('#finding-list details[open]').count()).toBe(0);
  });

  it('is the same on paper', async () => {
    const page = await open(leakyReport);
    const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs');
    const pdf = await getDocument({ data: new Uint8Array(await page.pdf()), verbosity: 0 }).promise;
    let text = '';
    for (let number = 1; number <= pdf.numPages; number++) {
      const { items } = await (await pdf.getPage(number)).getTextContent();
      text += items.map((of) => ('str' in of ? of.str : '')).join(' ');
    }
    const words = text.replace(/\s+/g, ' ');
    for (const fingerprint of everything) expect(words).toContain(fingerprint);
    for (const part of ['INCOMPLETE', 'srv/app/node_modules', 'and rebuild before you push', 'layer 3: RUN rm']) {
      expect(words).toContain(part);
    }
  });

  it('is light or dark as the reader has it, or chooses', async () => {
    const ground = (page: Page): Promise<string> => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor); // prettier-ignore
    const light = await open(leakyReport, { colorScheme: 'light' });
    const dark = await open(leakyReport, { colorScheme: 'dark' });
    const [lightGround, darkGround] = [await ground(light), await ground(dark)];
    expect(lightGround).not.toBe(darkGround);
    await light.getByLabel('dark', { exact: true }).check({ force: true });
    await dark.getByLabel('light', { exact: true }).check({ force: true });
    expect([await ground(light), await ground(dark)]).toEqual([darkGround, lightGround]);
    await light.getByLabel('auto', { exact: true }).check({ force: true });
    expect(await ground(light)).toBe(lightGround);
  });

  // Pairwise: either scheme and either width is looked at whole.
  it.each([
    [1280, 'light', true],
    [1280, 'dark', false],
    [390, 'light', false],
    [390, 'dark', true],
  ] as const)('%d pixels wide and %s: nothing beside the window, a picture, and nothing for axe', async (...given) => {
    const [width, colorScheme, isAsked] = given;
    const page = await open(leakyReport, { viewport: { width, height: 900 }, colorScheme });
    await page.locator('#finding-list summary').first().click();
    await page.getByText('The same as a table').click();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    expect(await pages.colours(await page.screenshot({ fullPage: true }))).toBeGreaterThan(100);
    if (isAsked) expect(await violations(page)).toEqual([]);
  });

  it('a sweep: images narrow the findings down, and axe finds nothing', async () => {
    const page = await open(sweptReport());
    await page.getByRole('button', { name: /portal:1\.1$/ }).click();
    expect(await shown(page)).toHaveLength(1);
    expect(await page.getByRole('button', { name: /^Not only/ }).textContent()).toMatch(/@sha256:b+ ✕$/);
    await page.getByLabel('Outcome').selectOption('clean');
    expect(await page.locator('#images tbody tr').count()).toBe(1);
    expect(await page.locator('#image-status').textContent()).toBe('1 image');
    expect(await violations(page)).toEqual([]);
  });

  it('texts that are HTML or script stay texts', async () => {
    const text = '</script><script>alert(1)</script><img src=x onerror=alert(2)>';
    const found = Array.from({ length: 250 }, (_, index) => {
      return finding({
        location: location({ target: text, path: `${text}${index}`, layer: layer(0, text), field: text }),
      });
    });
    const page = await open(report({ targets: [target({ reference: text })], findings: found }));
    await page.getByRole('button', { name: /^Show 50 more/ }).click();
    await page.getByLabel('Text').fill('alert(1)');
    expect(await shown(page)).toHaveLength(200);
    expect(await page.locator('#finding-list code').first().textContent()).toBe(`${text}0`);
    expect(await page.locator('img').count()).toBe(0);
  });

  it('without JavaScript everything is there to read, and nothing that does nothing', async () => {
    const page = await open(longReport(450), { javaScriptEnabled: false });
    expect(await page.locator('#finding-list > li').count()).toBe(200);
    expect(await page.locator('form, .more, .theme').locator('visible=true').count()).toBe(0);
    expect(await page.locator('noscript').textContent()).toContain('the first 200 are shown');
  });
});

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  return found.violations.flatMap(({ id, nodes }) => nodes.map(({ target: at, failureSummary }) => `${id} ${at.join(' ')} ${failureSummary ?? ''}`)); // prettier-ignore
}
