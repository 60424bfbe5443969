import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** `describe`, where there is a browser. */
export const withBrowser = existsSync(executablePath) ? describe : describe.skip;
if (withBrowser === describe.skip) {
  console.warn(`The shop is not tested: no ${executablePath}. Set CHROMIUM to the browser to use.`);
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath, args: FLAGS });
}

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Waits until the page shows a text there. */
export async function sees(page: Page, testId: string, text: string): Promise<void> {
  await page.getByTestId(testId).filter({ hasText: text, visible: true }).waitFor();
}

/** The reason that the page gives for the end of its session. */
export async function endOf(page: Page): Promise<string | null> {
  const banner = page.getByTestId('ended');
  await banner.waitFor();
  return banner.getAttribute('data-reason');
}
