import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Report } from '../../src/finding.ts';
import { renderHtml } from '../../src/report/html/html.ts';
import { program } from './programs.ts';

/** A page of a report, in a window of its own. */
export interface OpenPage {
  readonly page: Page;
  /** What the browser says: errors, refusals of the policy, and every request but that for the page. */
  readonly said: readonly string[];
}

/** One browser for all tests of a file; `close` ends it, and removes its pages. */
export class HtmlPages {
  readonly #browser: Browser;
  readonly #folder = mkdtempSync(join(tmpdir(), 'phiscan-html-'));

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async start(): Promise<HtmlPages> {
    const { chromium } = await import('playwright-core');
    // Its sandbox needs user namespaces, which containers do not give; the pages are our own.
    return new HtmlPages(
      await chromium.launch({ executablePath: program('chromium') ?? '', args: ['--no-sandbox', '--disable-gpu'] }),
    );
  }

  async close(): Promise<void> {
    await this.#browser.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async open(report: Report, options: BrowserContextOptions = {}): Promise<OpenPage> {
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const said: string[] = [];
    const file = join(this.#folder, 'report.html');
    const address = pathToFileURL(file).href;
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('dialog', (dialog) => {
      said.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (request.url() !== address) said.push(`request ${request.url()}`);
    });
    writeFileSync(file, renderHtml(report, { failOn: 'medium', exitCode: 1 }));
    await page.goto(address);
    return { page, said };
  }

  /** How many colours a picture has; a blank one has one. */
  async colours(png: Buffer): Promise<number> {
    const page = await this.#browser.newPage();
    try {
      return await page.evaluate(
        async (address) => {
          const bitmap = await createImageBitmap(await (await fetch(address)).blob());
          const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
          const pen = canvas.getContext('2d');
          pen?.drawImage(bitmap, 0, 0);
          const { data: bytes } = pen?.getImageData(0, 0, bitmap.width, bitmap.height) ?? { data: [] };
          const colours = new Set<number>();
          for (let at = 0; at < bytes.length; at += 4) {
            colours.add(((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0));
          }
          return colours.size;
        },
        `data:image/png;base64,${png.toString('base64')}`,
      );
    } finally {
      await page.close();
    }
  }
}
