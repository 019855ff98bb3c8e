import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Progress, ProgressCounter } from '../../src/scan/progress.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('tells ten times a second, bytes from where the source began, and once more at the end', () => {
  const pool = { bytesRead: 1000 };
  const told: Progress[] = [];
  const counter = new ProgressCounter(pool, 500, { onProgress: (progress) => told.push(progress) });
  counter.expect(2);
  pool.bytesRead = 1100;
  vi.advanceTimersByTime(100);
  counter.layerDone();
  pool.bytesRead = 1500;
  counter.stop();
  vi.advanceTimersByTime(1000);
  expect(told).toEqual([
    { layersDone: 0, layersTotal: 2, bytesDone: 100, bytesTotal: 500 },
    { layersDone: 1, layersTotal: 2, bytesDone: 500, bytesTotal: 500 },
  ]);
});

test('keeps no timer where nobody listens', () => {
  new ProgressCounter({ bytesRead: 0 }, undefined, {});
  expect(vi.getTimerCount()).toBe(0);
});
